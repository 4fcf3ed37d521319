"""Models of our own family, played: a song of phrases, and windows of its stems."""
