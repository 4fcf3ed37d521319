"""Training on records: a corpus of any music, the universal autoencoder, and a generator of its latents."""
