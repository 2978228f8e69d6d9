"""Template tags every station's pages may use."""
