"""What answers beside the engine: clocks, MIDI, scenes."""
