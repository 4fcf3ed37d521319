"""Presets and styles: places to start playing from, as files and by name."""
