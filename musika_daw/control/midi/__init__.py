"""MIDI: ports, controllers mapped to the addresses of the OSC table, notes played in, scenes."""
