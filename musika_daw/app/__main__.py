"""`python -m musika_daw.app`, and what the desktop bundle starts."""

import multiprocessing
import sys

from musika_daw.app.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # in a bundle, worker processes start here too
    sys.exit(main())
