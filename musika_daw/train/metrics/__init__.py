"""How good sounds and notes are, as numbers: distances, agreement, timing. Audio is `[2, samples]` at 44.1 kHz."""
