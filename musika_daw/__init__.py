"""Musika DAW: the generator process that plays in a musician's band."""

__version__ = "0.1.0"
