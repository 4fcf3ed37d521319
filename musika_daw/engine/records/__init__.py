"""Models trained on records: a generator of universal latents that is told beats, density, brightness and a style."""
