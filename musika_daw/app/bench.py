"""`musika-daw bench`: how fast this computer renders, how soon it answers, how the official architecture runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report, ratios_to, read_report
from musika_daw.app.values import parse_seconds, parse_whole


def _add_report(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="JSON of an earlier run: adds how many times its figures these are"
    )


def _print(report: dict[str, Any], options: argparse.Namespace) -> None:
    ratios = {"against": ratios_to(report, read_report(options.against))} if options.against else {}
    print_report({**report, **ratios}, options.json)


def _add_render(parser: Parser) -> None:
    from musika_daw.engine.offline.bench import BenchSettings

    add_dataclass_options(parser, BenchSettings)
    _add_report(parser)


def _render(options: argparse.Namespace) -> None:
    from musika_daw.engine.offline import bench

    _print(bench.run(from_options(bench.BenchSettings, options)), options)


def _add_live(parser: Parser) -> None:
    from musika_daw.engine.live.bench import LiveBenchSettings

    add_dataclass_options(parser, LiveBenchSettings)
    _add_report(parser)


def _live(options: argparse.Namespace) -> None:
    from musika_daw.app.real_time import play_in_real_time
    from musika_daw.engine.bus.open_bus import open_bus
    from musika_daw.engine.bus.spec import parse_bus
    from musika_daw.engine.live import bench
    from musika_daw.music.notes import STEMS

    play_in_real_time()
    settings = from_options(bench.LiveBenchSettings, options)
    spec = parse_bus(settings.bus)
    _print(bench.run(settings, lambda: open_bus(spec, STEMS)), options)


def _threads(text: str) -> tuple[int, ...]:
    return tuple(parse_whole("threads", part, 1, 256) for part in text.split(","))


def _lengths(text: str) -> tuple[float, ...]:
    return tuple(parse_seconds(part) for part in text.split(","))


def _repeats(text: str) -> int:
    return parse_whole("repeats", text, 1, 1000)


def _add_official(parser: Parser) -> None:
    parser.add_argument("--22k", dest="paper", action="store_true", help="the paper's version instead of the later one")
    parser.add_argument("--threads", type=_threads, default=(1, 2), metavar="N,N", help="CPU threads (1,2)")
    parser.add_argument("--seconds", type=_lengths, default=(23.8, 120.0), metavar="S,S", help="lengths (23.8,120)")
    parser.add_argument("--repeats", type=_repeats, default=5, metavar="N", help="times each is measured (5)")
    _add_report(parser)


def _official(options: argparse.Namespace) -> None:
    from musika_daw.engine.offline import bench_official
    from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize

    size = OfficialSize(FAMILY_22K if options.paper else FAMILY_44K)
    settings = bench_official.OfficialBench(size, options.threads, options.seconds, options.repeats)
    _print(bench_official.run(settings), options)


_RENDER = Command("Measure how fast this computer renders.", f"{PROGRAM} bench --json", _add_render, _render)
_LIVE = Command(
    "Measure how soon control moves are heard while playing, and how much room there is.",
    f"{PROGRAM} bench live --moves 200 --busy 1 --json",
    _add_live,
    _live,
)
_OFFICIAL = Command(
    "Measure how fast the official Musika's architecture plays here, stage by stage.",
    f"{PROGRAM} bench official --threads 1,2 --json",
    _add_official,
    _official,
)
GROUP = Group(
    "Speed and latency on this computer.",
    _RENDER.example,
    {
        "render": ("how fast it renders (the usual one)", lambda: _RENDER),
        "live": ("how soon moves are heard", lambda: _LIVE),
        "official": ("how fast the official Musika's architecture plays", lambda: _OFFICIAL),
    },
    usual="render",
)
