"""Members, institutions, invitations, and the audiences they form."""
