"""Models of the official family, played: one stem, at the project's tempo although they know none."""
