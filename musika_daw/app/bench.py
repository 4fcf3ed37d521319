"""`musika-daw bench`: how fast this computer renders, and how soon it answers."""

from __future__ import annotations

import argparse

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_render(parser: Parser) -> None:
    from musika_daw.engine.bench import BenchSettings

    add_dataclass_options(parser, BenchSettings)
    _add_json(parser)


def _render(options: argparse.Namespace) -> None:
    from musika_daw.engine import bench

    print_report(bench.run(from_options(bench.BenchSettings, options)), options.json)


def _add_live(parser: Parser) -> None:
    from musika_daw.engine.live.bench import LiveBenchSettings

    add_dataclass_options(parser, LiveBenchSettings)
    _add_json(parser)


def _live(options: argparse.Namespace) -> None:
    import sys

    import torch

    from musika_daw.app.live import SWITCH_SECONDS
    from musika_daw.engine.bus.open_bus import open_bus
    from musika_daw.engine.bus.spec import parse_bus
    from musika_daw.engine.live import bench
    from musika_daw.music.notes import STEMS

    sys.setswitchinterval(SWITCH_SECONDS)
    torch.set_num_threads(1)
    settings = from_options(bench.LiveBenchSettings, options)
    spec = parse_bus(settings.bus)
    print_report(bench.run(settings, lambda: open_bus(spec, STEMS)), options.json)


_RENDER = Command("Measure how fast this computer renders.", f"{PROGRAM} bench --json", _add_render, _render)
_LIVE = Command(
    "Measure how soon control moves are heard while playing, and how much room there is.",
    f"{PROGRAM} bench live --moves 200 --busy 1 --json",
    _add_live,
    _live,
)
GROUP = Group(
    "Speed and latency on this computer.",
    _RENDER.example,
    {
        "render": ("how fast it renders (the usual one)", lambda: _RENDER),
        "live": ("how soon moves are heard", lambda: _LIVE),
    },
    usual="render",
)
