"""An autoencoder for any music, 44.1 kHz stereo: spectra at two resolutions, a linear code, networks that add to it."""
