"""What is wanted: moves taken and refused, questions answered, presets and lines read."""
