"""A model trained on a folder of music, from audio to a file that plays."""
