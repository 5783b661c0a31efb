"""Which pages does the staff of a practice have? One file a page."""
