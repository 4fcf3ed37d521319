"""Training of the official family, as the paper (sections 3 and 4) and the authors' later code do it."""
