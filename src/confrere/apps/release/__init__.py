"""The single window: immutable releases, and every pixel served."""
