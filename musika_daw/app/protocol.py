"""`musika-daw protocol`: the OSC addresses, for people, programs and controllers."""

from __future__ import annotations

import argparse
import json
import sys

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.errors import UsageError
from musika_daw.paths import user_path
from musika_daw.storage.files import replace_file

_FILES = {
    "pd": ("musika.pd", "print a Pure Data patch with all controls"),
    "max": ("musika.maxpat", "print a Max patch with all controls"),
    "maxforlive": ("musika.amxd", "write a Max for Live device to the output"),
    "touchosc": ("musika.tosc", "write a TouchOSC layout to the output"),
    "openstagecontrol": ("musika_open_stage_control.json", "print an Open Stage Control session"),
}
_NO_TEXT = (".amxd", ".tosc")


def add_arguments(parser: Parser) -> None:
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--markdown", action="store_true", help="print a page of documentation (default)")
    style.add_argument("--json", action="store_true", help="print JSON")
    for name, (file, text) in _FILES.items():
        style.add_argument(f"--{name}", dest="file", action="store_const", const=file, help=text)
    style.add_argument("--controllers", type=user_path, metavar="FOLDER", help="write all of these into a folder")


def run(options: argparse.Namespace) -> None:
    from musika_daw.music.notes import STEMS
    from osc_protocol import describe
    from osc_protocol.controller_files import controller_files

    if options.json:
        print(json.dumps(describe.to_json(), indent=2))
    elif options.file:
        _print_file(options.file, controller_files(STEMS)[options.file])
    elif options.controllers:
        for name, content in controller_files(STEMS).items():
            with replace_file(options.controllers / name) as partial:
                partial.write_bytes(content)
            print(options.controllers / name)
    else:
        print(describe.markdown().rstrip())


def _print_file(name: str, content: bytes) -> None:
    if name.endswith(_NO_TEXT) and sys.stdout.isatty():
        raise UsageError(f"{name} is no text: write it to a file, e.g. > {name}")
    sys.stdout.buffer.write(content)


COMMAND = Command("Print the OSC addresses.", f"{PROGRAM} protocol --pd > musika.pd", add_arguments, run)
