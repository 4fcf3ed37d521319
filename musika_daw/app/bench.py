"""`musika-daw bench`: how fast this computer renders."""

from __future__ import annotations

import argparse

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report


def add_arguments(parser: Parser) -> None:
    from musika_daw.engine.bench import BenchSettings

    add_dataclass_options(parser, BenchSettings)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    from musika_daw.engine import bench

    print_report(bench.run(from_options(bench.BenchSettings, options)), options.json)


COMMAND = Command("Measure how fast this computer renders.", f"{PROGRAM} bench --json", add_arguments, run)
