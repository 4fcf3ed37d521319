"""What every layer means by time, notes and harmony. Numpy at most: no torch, no audio, no files."""
