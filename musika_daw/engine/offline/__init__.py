"""Takes made faster than real time, and how fast that is."""
