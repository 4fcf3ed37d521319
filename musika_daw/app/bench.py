"""`musika-daw bench`: how fast this computer renders, and how fast the official Musika's architecture plays here."""

from __future__ import annotations

import argparse

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report

_SUBJECTS = ("renders", "official", "official-22k")


def add_arguments(parser: Parser) -> None:
    from musika_daw.engine.bench import BenchSettings

    parser.add_argument(
        "subject",
        nargs="?",
        choices=_SUBJECTS,
        default=_SUBJECTS[0],
        help="takes of a model, or the architecture of the official Musika (with --threads and --repeats alone)",
    )
    add_dataclass_options(parser, BenchSettings)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    from musika_daw.engine import bench

    settings = from_options(bench.BenchSettings, options)
    if options.subject == _SUBJECTS[0]:
        print_report(bench.run(settings), options.json)
        return
    from musika_daw.engine import bench_official
    from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize

    size = OfficialSize(FAMILY_22K if options.subject.endswith("22k") else FAMILY_44K)
    threads = tuple(sorted({1, settings.threads}))
    print_report(
        bench_official.run(bench_official.OfficialBench(size, threads, repeats=settings.repeats)), options.json
    )


COMMAND = Command("Measure how fast this computer renders.", f"{PROGRAM} bench official --json", add_arguments, run)
