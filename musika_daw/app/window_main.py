"""What a double click starts: the window, without a console."""

import os
import sys
from pathlib import Path

from musika_daw.app.main import main

if __name__ == "__main__":
    if sys.stderr is None:  # Windows gives programs without a console no streams at all
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  as long as it runs
    sys.exit(main(["app", *sys.argv[1:]]))
