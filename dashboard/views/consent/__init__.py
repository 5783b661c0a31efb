"""Pages about what clients agreed to."""
