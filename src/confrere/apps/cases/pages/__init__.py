"""Pages of the cases station."""
