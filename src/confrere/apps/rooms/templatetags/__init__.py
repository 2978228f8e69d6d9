"""Template tags of the rooms station."""
