"""`musika-daw protocol`: the OSC addresses, for people, programs and controllers."""

from __future__ import annotations

import argparse
import json
import sys

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.errors import UsageError


def add_arguments(parser: Parser) -> None:
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print a page of documentation (default)")
    style.add_argument("--json", action="store_true", help="print JSON")
    style.add_argument("--pd", action="store_true", help="print a Pure Data patch with all controls")
    style.add_argument("--max", action="store_true", help="print a Max patch with all controls")
    style.add_argument("--touchosc", action="store_true", help="write a TouchOSC layout (.tosc) to the output")


def run(options: argparse.Namespace) -> None:
    from musika_daw.music.notes import STEMS
    from osc_protocol import describe
    from osc_protocol.max_patch import max_patch
    from osc_protocol.pure_data import pure_data_patch
    from osc_protocol.touchosc import touchosc_layout

    if options.json:
        print(json.dumps(describe.to_json(), indent=2))
    elif options.pd:
        print(pure_data_patch(STEMS).rstrip())
    elif options.max:
        print(json.dumps(max_patch(STEMS), indent=2))
    elif options.touchosc:
        if sys.stdout.isatty():
            raise UsageError("a TouchOSC layout is no text: write it to a file, e.g. --touchosc > musika.tosc")
        sys.stdout.buffer.write(touchosc_layout(STEMS))
    else:
        print(describe.markdown().rstrip())


COMMAND = Command("Print the OSC addresses.", f"{PROGRAM} protocol --pd > musika.pd", add_arguments, run)
