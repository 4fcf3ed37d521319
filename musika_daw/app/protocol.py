"""`musika-daw protocol`: the OSC addresses, for people or programs."""

from __future__ import annotations

import argparse
import json

from musika_daw.app.command import PROGRAM, Command, Parser


def add_arguments(parser: Parser) -> None:
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print a page of documentation (default)")
    style.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    from osc_protocol import describe

    print(json.dumps(describe.to_json(), indent=2) if options.json else describe.markdown().rstrip())


COMMAND = Command("Print the OSC addresses.", f"{PROGRAM} protocol --json", add_arguments, run)
