"""Measures on audio and notes: what a listener would notice, as numbers. Audio is `[2, samples]` at 44.1 kHz."""
