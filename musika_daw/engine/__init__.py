"""From a score to stems, takes and a bus: knows nothing of OSC, MIDI ports or the command line."""
