"""The Musika of the paper and of its authors' later code: networks, signal path, coordinates and their `.h5` files.

An independent implementation from published facts. `musika-44k` is the later code, `musika-22k` the version of the
paper (Pasini & Schlüter, ISMIR 2022). Networks take and give `Tensor[B, C, T]`; the officials' `[B, 1, T, C]` exists
only where files are read and written. A *unit* is 64 spectral frames, the stretch that the decoders make by itself.
"""
