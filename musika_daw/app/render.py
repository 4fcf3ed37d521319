"""`musika-daw render`: stems into a project folder, offline."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.controls import CONTROLS, IMPORTED, Values, default_values, read_preset
from musika_daw.app.progress import Progress
from musika_daw.app.values import check_stem, parse_notes
from musika_daw.errors import UsageError, UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import ALL, STEMS

if TYPE_CHECKING:
    from musika_daw.engine.console import Sound
    from musika_daw.engine.score import Score
    from musika_daw.engine.take.session_log import Session
    from musika_daw.model.model_file import ModelInfo
    from musika_daw.music.line import Line

_LENGTHS = ("bars", "seconds")
_PER_STEM = ("density", "brightness")


@dataclasses.dataclass(frozen=True)
class RenderPlan:
    """What `render_take` is called with.

    Attributes:
        first_bar: from 0.
        bars, seconds: one of the two.
        take_name: None for the engine's own.
        sound: effects and levels of a preset; None: those of the style.
    """

    model: str
    score: Score
    first_bar: int
    bars: int | None
    seconds: float | None
    project: Path
    take_name: str | None
    sample_format: str
    sound: Sound | None

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments; those without a value are left to the engine."""
        given = {
            "first_bar": self.first_bar,
            "bars": self.bars,
            "seconds": self.seconds,
            "project": self.project,
            "take_name": self.take_name,
            "sample_format": self.sample_format,
            "sound": self.sound,
        }
        return {name: value for name, value in given.items() if value is not None}


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="project folder (required)")
    for control in CONTROLS:
        default = f" (default {control.default})" if control.default is not None else ""
        # Suppressed: what is not given may come from a preset or a session log.
        parser.add_argument(
            control.option,
            type=control.parse,
            metavar=control.metavar,
            default=argparse.SUPPRESS,
            help=control.help + default,
        )
    parser.add_argument(
        "--notes",
        type=parse_notes,
        metavar="STEM=FILE.mid",
        action="append",
        default=[],
        help="this stem plays these notes in the model's sound; can be given for several stems",
    )
    parser.add_argument("--preset", metavar="NAME", help="a preset or the path of its .toml file: options by name")
    parser.add_argument("--session", type=Path, metavar="LOG", help="a take's session.jsonl: start from its settings")
    parser.add_argument("--name", metavar="TAKE", help="name of the take's folder (default take)")


def make_plan(options: argparse.Namespace) -> RenderPlan:
    """Puts together options, preset, session log and defaults; the first that says something wins."""
    given: Values = {c.name: getattr(options, c.name) for c in CONTROLS if hasattr(options, c.name)}
    preset = read_preset(options.preset) if options.preset else {}
    session = _read_session(options.session) if options.session else None
    base = session.start if session else None
    model = _merged(preset, given).get("model", base.model if base else default_values()["model"])
    info = _info(model)
    if info is not None:
        _refuse_unknown(info, given, bool(options.notes))
        preset = _known_of_preset(info, preset)
    asked = _merged(preset, given)
    if base is None:
        asked = _merged(_defaults(info, asked), asked)
    asked = _of_stems(info.stems if info else STEMS, asked)
    length = _length(asked, session)
    score = _changed_score(base.score if base else None, asked)
    score = dataclasses.replace(score, notes={**score.notes, **_read_notes(options.notes, score.stems)})
    if options.name is not None:
        from musika_daw.engine.take.take_folder import check_take_name

        check_take_name(options.name)
    return RenderPlan(
        model=model,
        score=score,
        first_bar=_first_bar(asked, session),
        **length,
        project=options.out,
        take_name=options.name or (base.take_name if base else None),
        sample_format=asked.get("format", base.sample_format if base else None),
        sound=preset.get("sound", base.sound if base else None),
    )


def run(options: argparse.Namespace) -> None:
    plan = make_plan(options)
    import torch

    from musika_daw.engine.renderer import render_take

    torch.set_num_threads(1)  # stems are decoded side by side
    with Progress("render") as progress:
        take = render_take(plan.model, plan.score, progress=progress, **plan.arguments())
    tell_warp(take)
    print(take)


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


def _info(model: str) -> ModelInfo | None:
    """What the model says of itself; None where that cannot be read: the engine says why."""
    from musika_daw.model.official.official_file import read_any_info

    try:
        return read_any_info(model)
    except UserError:
        return None


def _refuse_unknown(info: ModelInfo, given: Values, notes: bool) -> None:
    """Raises UsageError: an option is given that the model does not know."""
    from musika_daw.engine.known_controls import refusal, style_refusal

    for name in (*given, *(["notes"] if notes else [])):
        reason = style_refusal(info, given[name]) if name == "style" else refusal(info, name)
        if reason:
            raise UsageError(reason)


def _known_of_preset(info: ModelInfo, preset: Values) -> Values:
    """A preset less what the model does not know, which is said on stderr."""
    from musika_daw.engine.known_controls import refusal, style_refusal

    unknown = [name for name in preset if refusal(info, name)]
    if "style" in preset and style_refusal(info, preset["style"]):
        unknown.append("style")
    if unknown:
        print(f"{PROGRAM}: {info.name} does not know {', '.join(unknown)} of the preset", file=sys.stderr)
    known = {name: value for name, value in preset.items() if name not in unknown}
    for name in _PER_STEM:
        if name in known:
            known[name] = {stem: value for stem, value in known[name].items() if stem in (ALL, *info.stems)}
    return known


def _defaults(info: ModelInfo | None, asked: Values) -> Values:
    """Every control that has a default; an imported model's style is that of the seed."""
    from musika_daw.engine.known_controls import style_refusal

    defaults = dict(default_values())
    if info is not None and style_refusal(info, defaults["style"]):
        defaults["style"] = str(asked.get("seed", defaults["seed"]))
        defaults["stems"] = info.stems
    return defaults


def _of_stems(stems: tuple[str, ...], asked: Values) -> Values:
    """The same with every stem by its name, in the order of the mixer.

    Raises:
        UsageError: the model has no such stem.
    """
    named = dict(asked)
    for control in _PER_STEM:
        shares = dict(asked.get(control, {}))
        others = dict.fromkeys(stems, shares.pop(ALL)) if ALL in shares else {}
        if shares or others:
            named[control] = {**others, **{check_stem(stem, stems): share for stem, share in shares.items()}}
    if "stems" in asked:
        wanted = [check_stem(stem, stems) for stem in asked["stems"]]
        named["stems"] = tuple(stem for stem in stems if stem in wanted)
    return named


def _merged(below: Values, above: Values) -> Values:
    """Both, `above` winning; a length above hides every length below, and stems add up control by control."""
    kept = {k: v for k, v in below.items() if k not in _LENGTHS or not any(length in above for length in _LENGTHS)}
    merged = {**kept, **above}
    for name in _PER_STEM:
        if name in below and ALL not in above.get(name, (ALL,)):
            merged[name] = {**below[name], **above[name]}
    return merged


def _length(asked: Values, session: Session | None) -> dict[str, Any]:
    bars, seconds = asked.get("bars"), asked.get("seconds")
    if bars is not None and seconds is not None:
        raise UsageError("--bars and --seconds exclude each other: expected one of them")
    if bars is None and seconds is None:
        if session is None or session.start.length_samples is None:
            raise UsageError("no length given: expected --bars N or --seconds S")
        seconds = session.start.length_samples / session.start.sample_rate
    return {"bars": bars, "seconds": seconds}


def _first_bar(asked: Values, session: Session | None) -> int:
    if "start_bar" in asked:
        return int(asked["start_bar"]) - 1
    first_beat = session.start.first_beat if session else 0.0
    if first_beat % BEATS_PER_BAR:
        raise UsageError(f"the session log starts within a bar, at beat {first_beat:g}: give --start-bar N")
    return int(first_beat // BEATS_PER_BAR)


def _changed_score(score: Score | None, asked: Values) -> Score:
    """The score of a session with what was asked for; without a session, `asked` holds every control."""
    from musika_daw.engine.score import Imported, Score, StyleCurve, constant
    from musika_daw.music.tempo_map import constant_tempo

    changes: dict[str, Any] = {k: asked[k] for k in ("seed", "key", "chords", "variation", "stems") if k in asked}
    if "bpm" in asked:
        changes["tempo_map"] = constant_tempo(asked["bpm"])
    if "style" in asked:
        changes["style"] = StyleCurve(((0.0, asked["style"]),))
    imported = {k: asked[k] for k in IMPORTED if k in asked}
    if imported:
        changes["imported"] = dataclasses.replace(score.imported if score else Imported(), **imported)
    for name in _PER_STEM:
        if name in asked:
            before = getattr(score, name) if score else {}
            changes[name] = {**before, **{stem: constant(v, name) for stem, v in asked[name].items()}}
    return dataclasses.replace(score, **changes) if score else Score(**changes)


def _read_notes(files: Iterable[tuple[str, Path]], stems: tuple[str, ...]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for stem, path in files:
        if stem in found:
            raise UsageError(f"--notes names {stem} twice: expected one file per stem")
        if stem not in stems:
            raise UsageError(f"--notes {stem}=... is not rendered: expected one of {', '.join(stems)}")
        from musika_daw.engine.take.midi_file import read_midi
        from musika_daw.music.line import Line

        found[stem] = Line(read_midi(path))
    return found


def _read_session(path: Path) -> Session:
    from musika_daw.engine.take.session_log import read_session

    session = read_session(path)
    if session.events:
        print(
            f"{PROGRAM}: {path} holds {len(session.events)} control moves: render keeps the settings it started with",
            file=sys.stderr,
        )
    return session


COMMAND = Command(
    f"Render {', '.join(STEMS)} and their mix into FOLDER/Musika/TAKE 001, with the notes as MIDI. Bars and notes are "
    "counted from the start of the song. An imported model makes one stem, mix.",
    f'{PROGRAM} render --bars 16 --bpm 128 --seed 7 --chords "Am F C G" --density drums=0.9,bass=0.5 --out MySong',
    add_arguments,
    run,
)
