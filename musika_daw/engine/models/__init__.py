"""Models by their files, of every family."""
