"""A corpus of piano music: scores in the public domain, played with expression, sounded by FluidSynth."""
