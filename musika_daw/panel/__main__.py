"""Starts the window: `python -m musika_daw.panel --engine 127.0.0.1:7771`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from musika_daw.panel.window import WindowSettings, run, software_rendering


def main() -> int:
    """Reads the options and shows the window; returns the exit code."""
    parser = argparse.ArgumentParser(prog="musika-daw-panel")
    parser.add_argument("--engine", default="127.0.0.1:7771", metavar="HOST:PORT")
    parser.add_argument("--takes", type=Path, default=Path(), metavar="FOLDER")
    parser.add_argument("--language", metavar="CODE")
    parser.add_argument("--software", action="store_true")
    options = parser.parse_args()
    if options.software:
        software_rendering()
    host, _, port = options.engine.rpartition(":")
    return run(WindowSettings(host or "127.0.0.1", int(port), options.takes, options.language))


if __name__ == "__main__":
    sys.exit(main())
