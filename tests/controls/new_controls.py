"""The trial that `test_new_controls` runs: `new_controls.py MODEL FOLDER`. Prints what was seen as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from musika_daw.controls import mixer, music
from musika_daw.controls.control import Control, Field, Kind, Lands, Models, PerStem, Scope

# --- the rows --------------------------------------------------------------------------------------------------------

mixer.MIXER += (
    Control(
        9001,
        "sparkle",
        "how much louder the stem is: 1 is 6 dB more",
        (Field("sparkle", Kind.NUMBER, "", 0.0, 1.0, default=0.0),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        reset_by_preset=True,
    ),
)
music.MUSIC += (
    Control(
        9002,
        "mood",
        "dark takes the brightness away",
        (Field("mood", Kind.CHOICE, default="plain", choices=("plain", "dark")),),
        models=Models(imported=False, why_not="it has no moods"),
    ),
    Control(9003, "doubled", "plays twice as many notes", (Field("doubled", Kind.SWITCH, default=False),)),
)

# --- the code that sounds them ---------------------------------------------------------------------------------------

from musika_daw.controls.state import ControlState, defaults, settings  # noqa: E402
from musika_daw.engine import score_of as scores  # noqa: E402
from musika_daw.engine.live.plan import render as renders  # noqa: E402
from musika_daw.engine.mixer import Mixer  # noqa: E402
from musika_daw.engine.score import Score, constant  # noqa: E402

_plain_score, _plain_set = scores.score_of, Mixer.set


def score_of(state: ControlState, stems: tuple[str, ...] = ()) -> Score:
    score = _plain_score(state, stems)
    bright = 0.0 if state.text("mood") == "dark" else None
    more = 1.0 if state.switch("doubled") else None
    return dataclasses.replace(
        score,
        brightness=score.brightness if bright is None else dict.fromkeys(score.brightness, constant(bright)),
        density=score.density if more is None else dict.fromkeys(score.density, constant(more)),
    )


def set_level(own: Mixer, stem: str, **changes: float | bool) -> None:
    if "sparkle" in changes:
        changes = {"gain": 6.0 * float(changes["sparkle"])}
    _plain_set(own, stem, **changes)


renders.score_of = score_of
Mixer.set = set_level  # type: ignore[method-assign]

# --- what was seen ---------------------------------------------------------------------------------------------------

from musika_daw.app.command import Parser  # noqa: E402
from musika_daw.app.control_options import add_control_options, given_controls  # noqa: E402
from musika_daw.control.midi.mapping import Mapping, Route  # noqa: E402
from musika_daw.control.midi.player import MappingPlayer  # noqa: E402
from musika_daw.control.midi.sources import Moved, Source  # noqa: E402
from musika_daw.control.osc.query_tree import node_at  # noqa: E402
from musika_daw.control.scenes import SceneBook, snapshot  # noqa: E402
from musika_daw.controls.control import Surface  # noqa: E402
from musika_daw.controls.move import Move  # noqa: E402
from musika_daw.controls.target import address_of, parse_target  # noqa: E402
from musika_daw.engine.bus.null_bus import NullBus  # noqa: E402
from musika_daw.engine.known_controls import refusal  # noqa: E402
from musika_daw.engine.live.engine import LiveEngine, LiveSettings  # noqa: E402
from musika_daw.engine.models.load_model import load_model  # noqa: E402
from musika_daw.engine.presets.preset_file import parse_preset  # noqa: E402
from musika_daw.engine.presets.preset_folder import load_preset, save_preset  # noqa: E402
from musika_daw.engine.take.session_log import (  # noqa: E402
    LiveStart,
    SessionEvent,
    SessionStart,
    SessionWriter,
    read_session,
)
from musika_daw.errors import UserError  # noqa: E402
from musika_daw.model.model_file import ModelInfo  # noqa: E402
from musika_daw.music.notes import MIX, STEMS  # noqa: E402
from osc_protocol import ProtocolError, convert_arguments, describe, find  # noqa: E402

NAMES = ("stem/bass/sparkle", "mood", "doubled")
MOVES = [Move.of(NAMES[0], 0.5), Move.of(NAMES[1], "dark"), Move.of(NAMES[2], True)]
OPTIONS = ["--sparkle", "bass=0.25", "--mood", "dark", "--doubled", "on"]


def main(model: str, folder: Path) -> dict[str, Any]:
    os.environ["MUSIKA_DAW_PRESETS"] = str(folder / "presets")
    state = defaults().over(settings(model=model, stems=STEMS))
    engine = LiveEngine(LiveSettings(state, folder), NullBus(), NullBus, NullBus)
    try:
        return {**on_the_engine(engine, folder), **elsewhere(state, folder), "heard": heard(state, model)}
    finally:
        engine.close()


def on_the_engine(engine: LiveEngine, folder: Path) -> dict[str, Any]:
    engine.post(MOVES)
    addresses = [address_of(parse_target(name)) for name in NAMES]
    seen: dict[str, Any] = {"osc": {a: engine.get(parse_target(n)) for a, n in zip(addresses, NAMES, strict=True)}}
    seen["refused"] = [refused(a, v) for a, v in zip(addresses, (7, "odd", "no"), strict=True)]
    seen["oscquery"] = [node_at(engine, address) for address in addresses]
    book = SceneBook(folder / "scenes")
    book.save("kept", snapshot(engine))
    seen["scene"] = own({str(target): values for target, values in book.load("kept").items()})
    routes = [Route(Source("cc", n), address, take_over=False) for n, address in enumerate(addresses)]
    player = MappingPlayer(Mapping("map", tuple(routes)), engine)
    moved = [move for n in range(3) for move in player.moves(Moved(Source("cc", n, 1), 1.0))]
    seen["midi"] = [[str(move.target), move.values] for move in moved]
    save_preset(engine._wanted.as_preset("mine"))
    seen["preset"] = own({str(target): v for target, v in load_preset("mine").state.settings.items()})
    return seen


def elsewhere(state: ControlState, folder: Path) -> dict[str, Any]:
    seen: dict[str, Any] = {"docs": describe.markdown(), "options": {}}
    for name, surface in (("render", Surface.RENDER), ("live", Surface.LIVE)):
        given = given_controls(parsed(surface, OPTIONS), surface)
        seen["options"][name] = {str(target): values for target, values in given.settings.items()}
    seen["bad option"] = complaint(lambda: parsed(Surface.RENDER, ["--mood", "odd"]))
    seen["bad preset"] = complaint(lambda: parse_preset(tomllib.loads("levels = {bass = {sparkle = 7}}"), "x"))
    moved = state.with_move(MOVES[1]).with_move(MOVES[2]).only(Scope.SONG)
    live = LiveStart(moved, 0, 0, 0.0, True)
    writer = SessionWriter(folder / "log.jsonl", SessionStart("tiny", score_of(state), live=live))
    writer.append(SessionEvent(0.0, MOVES[0]))
    writer.close()
    session = read_session(folder / "log.jsonl")
    assert session.start.live is not None
    seen["log"] = own({str(target): v for target, v in session.start.live.controls.settings.items()})
    seen["level in the log"] = session.events[0].move.values
    seen["unknown"] = refusal(ModelInfo("other", family="musika-44k", stems=(MIX,)), "mood")
    return seen


def heard(state: ControlState, model: str) -> dict[str, bool]:
    """Whether each of them changes the sound."""
    played = load_model(model)

    def sound(controls: ControlState) -> np.ndarray:
        render = renders.Render(controls, played)
        with ThreadPoolExecutor(1) as pool:
            for block in range(3):
                render.make(block, pool)
        stems = render.read(0, 3 * renders.BLOCK_SAMPLES)
        assert stems is not None
        return np.concatenate([stems[stem] for stem in STEMS])

    plain = sound(state)
    level = Mixer(["bass"])
    level.set("bass", sparkle=1.0)
    return {
        "mood": not np.array_equal(plain, sound(state.with_move(MOVES[1]))),
        "doubled": not np.array_equal(plain, sound(state.with_move(MOVES[2]))),
        "sparkle": level.levels["bass"].gain == 6.0,
    }


def own(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in NAMES}


def parsed(surface: Surface, words: list[str]) -> argparse.Namespace:
    parser = Parser("x", "", "x")
    add_control_options(parser, surface)
    return parser.parse_args(words)


def refused(address: str, value: object) -> str:
    try:
        convert_arguments(find(address).row, [value])
    except ProtocolError as error:
        return str(error)
    return ""


def complaint(act: Any) -> str:
    try:
        act()
    except UserError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
