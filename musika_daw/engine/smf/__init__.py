"""Standard MIDI files of any program: their notes, whatever else is in them."""
