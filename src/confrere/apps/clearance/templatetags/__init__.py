"""Template parts of clearance."""
