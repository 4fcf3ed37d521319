"""`musika-daw replay`: a take that was played live, rendered again from its session log."""

from __future__ import annotations

import argparse

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.progress import Progress
from musika_daw.paths import user_path


def add_arguments(parser: Parser) -> None:
    parser.add_argument("log", type=user_path, metavar="LOG", help="a take's session.jsonl")
    parser.add_argument("--out", required=True, type=user_path, metavar="FOLDER", help="project folder (required)")
    parser.add_argument("--name", metavar="TAKE", help="name of the take's folder (default: as it was)")


def run(options: argparse.Namespace) -> None:
    import torch

    from musika_daw.engine.live.replay import replay_take
    from musika_daw.engine.take.session_log import read_session
    from musika_daw.engine.take.take_folder import check_take_name

    torch.set_num_threads(1)  # as it was played
    session = read_session(options.log)
    if options.name is not None:
        check_take_name(options.name)
    with Progress("replay") as progress:
        take = replay_take(session, options.out, options.name, progress)
    print(take)


COMMAND = Command(
    "Render a take that was played live again, from its session log: the same audio.",
    f'{PROGRAM} replay "MySong/Musika/take 001/session.jsonl" --out MySong',
    add_arguments,
    run,
)
