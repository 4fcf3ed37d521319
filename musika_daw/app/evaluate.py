"""`musika-daw eval`: what a model is measured to do."""

from __future__ import annotations

import argparse
import json

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.progress import Progress
from musika_daw.app.report import print_report
from musika_daw.paths import user_path
from musika_daw.storage.files import write_text


def _quick() -> Command:
    from musika_daw.evaluate.quick import QuickSettings
    from musika_daw.evaluate.quick import run as evaluate

    def add_arguments(parser: Parser) -> None:
        add_dataclass_options(parser, QuickSettings)
        parser.add_argument("--out", type=user_path, metavar="FILE.json", help="also write the figures here")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> None:
        report = evaluate(from_options(QuickSettings, options))
        print_report(report, options.json)
        if options.out:
            write_text(options.out, json.dumps(report, indent=2) + "\n")

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


def _sound() -> Command:
    from musika_daw.evaluate.sound.run import run as judge
    from musika_daw.evaluate.sound.settings import SoundSettings

    def add_arguments(parser: Parser) -> None:
        add_dataclass_options(parser, SoundSettings)
        parser.add_argument("--out", type=user_path, metavar="FILE.json", help="also write the figures here")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> None:
        report = judge(from_options(SoundSettings, options), Progress)
        print_report(report, options.json)
        if options.out:
            write_text(options.out, json.dumps(report, indent=2) + "\n")

    return Command(
        "Judge how a model, or a folder, sounds beside records: by two taggers' ears, by its dynamics, spectrum and "
        "attacks, and by what betrays a machine; records against records and the corpus beside it.",
        f"{PROGRAM} eval sound --judged techno --records records --out sound.json",
        add_arguments,
        run,
    )


GROUP = Group(
    "Measure a model.",
    f"{PROGRAM} eval quick --model techno --out report.json",
    {
        "quick": ("beat error, density, pitch, key, style and more", _quick),
        "density": ("density of a model of the official family", _density),
        "sound": ("renders or any folder beside records: taggers, signal, tempo and key", _sound),
        "report": ("a page: distance to real music, control, speed, sounds to hear", _report),
    },
)
