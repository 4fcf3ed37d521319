"""`musika-daw eval`: what a model is measured to do."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.progress import Progress
from musika_daw.app.report import print_report
from musika_daw.errors import UserError


def _quick() -> Command:
    from musika_daw.evaluate.quick import QuickSettings
    from musika_daw.evaluate.quick import run as evaluate

    def add_arguments(parser: Parser) -> None:
        add_dataclass_options(parser, QuickSettings)
        parser.add_argument("--out", type=Path, metavar="FILE.json", help="also write the figures here")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> None:
        report = evaluate(from_options(QuickSettings, options))
        print_report(report, options.json)
        if options.out:
            try:
                options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
            except OSError as error:
                raise UserError(f"cannot write {options.out}: {error.strerror}") from error

    return Command(
        "Measure a model on a fixed set of renders, held-out corpus audio beside it.",
        f"{PROGRAM} eval quick --model techno --out report.json",
        add_arguments,
        run,
    )


def _density() -> Command:
    from musika_daw.train.piano.measure import DensitySettings, measure_density

    def add_arguments(parser: Parser) -> None:
        add_dataclass_options(parser, DensitySettings)
        parser.add_argument("--json", action="store_true", help="print JSON")

    return Command(
        "Measure how well a model of the official family obeys its density: onsets heard against density asked.",
        f"{PROGRAM} eval density --model piano",
        add_arguments,
        lambda options: print_report(measure_density(from_options(DensitySettings, options)), options.json),
    )


def _report() -> Command:
    from musika_daw.evaluate.report.run import run as evaluate
    from musika_daw.evaluate.report.settings import ReportSettings

    def add_arguments(parser: Parser) -> None:
        add_dataclass_options(parser, ReportSettings)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> None:
        print_report(evaluate(from_options(ReportSettings, options), Progress), options.json)

    return Command(
        "Rebuild the paper's tables and its figure 3 for a model: a page with sound, pictures and figures.",
        f"{PROGRAM} eval report --model techno --out report",
        add_arguments,
        run,
    )


GROUP = Group(
    "Measure a model.",
    f"{PROGRAM} eval quick --model techno --out report.json",
    {
        "quick": ("beat error, density, pitch, key, style and more", _quick),
        "density": ("density of a model of the official family", _density),
        "report": ("a page: distance to real music, control, speed, sounds to hear", _report),
    },
)
