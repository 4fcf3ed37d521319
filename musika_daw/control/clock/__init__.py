"""Clocks that lead or follow: MIDI clock in and out, Ableton Link. What consumers see of them is in protocol.py."""
