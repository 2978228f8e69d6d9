"""Pages of this station; they call actions and reads, never tables."""
