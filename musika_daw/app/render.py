"""`musika-daw render`: stems into a project folder, offline."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.control_options import add_control_options
from musika_daw.app.file_manager import show_folder
from musika_daw.app.plan import make_plan
from musika_daw.app.progress import Progress
from musika_daw.controls.control import Surface
from musika_daw.music.notes import STEMS
from musika_daw.paths import user_path


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--out", required=True, type=user_path, metavar="FOLDER", help="project folder (required)")
    add_control_options(parser, Surface.RENDER)
    parser.add_argument("--preset", metavar="NAME", help="a preset or the path of its .toml file: options by name")
    parser.add_argument("--session", type=user_path, metavar="LOG", help="a take's session.jsonl: its settings")
    parser.add_argument("--name", metavar="TAKE", help="name of the take's folder (default take)")
    parser.add_argument("--open", action="store_true", help="show the take in the file manager")


def run(options: argparse.Namespace) -> None:
    plan = make_plan(options)
    kit = plan.kit_arguments() if plan.loops is not None else None
    import torch

    from musika_daw.engine.loop_kit.render_kit import render_kit
    from musika_daw.engine.offline.renderer import render_take

    torch.set_num_threads(1)  # stems are decoded side by side
    with Progress("render") as progress:
        if kit is not None:
            take = render_kit(plan.model, plan.score, progress=progress, **kit)
        else:
            take = render_take(plan.model, plan.score, progress=progress, **plan.arguments())
    tell_warp(take)
    print(take)
    if options.open:
        show_folder(take)


def tell_warp(take: Path) -> None:
    """Says on stderr how sure the beats are that an imported model's sound was moved by."""
    facts = take / "take.json"
    warp = json.loads(facts.read_text(encoding="utf-8")).get("warp", {}) if facts.is_file() else {}
    if "confidence" not in warp:
        return
    sure = f"confidence {warp['confidence']:.2f}, clear from {warp['clear_from']:.2f}"
    if not warp["on"]:
        print(f"{PROGRAM}: no clear beat ({sure}): the sound plays at its own pace", file=sys.stderr)
        return
    unclear = sum(section["confidence"] < warp["clear_from"] for section in warp["sections"])
    vague = f"; {unclear} of {len(warp['sections'])} sections without a clear beat" if unclear else ""
    print(f"{PROGRAM}: beats moved from about {warp['model_bpm']:g} bpm ({sure}{vague})", file=sys.stderr)


COMMAND = Command(
    f"Render {', '.join(STEMS)} and their mix into FOLDER/Musika/TAKE 001, with the notes as MIDI. Bars and notes are "
    "counted from the start of the song. An imported model makes one stem, mix.",
    f'{PROGRAM} render --bars 16 --bpm 128 --seed 7 --chords "Am F C G" --density drums=0.9,bass=0.5 --out MySong',
    add_arguments,
    run,
)
