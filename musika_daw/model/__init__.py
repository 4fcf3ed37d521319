"""Networks, their signal processing and the model file: torch, no corpora, no devices."""
