"""The plan of a render: defaults, and over them the session log, the preset and the options."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musika_daw.app.command import PROGRAM
from musika_daw.app.control_options import given_controls
from musika_daw.app.values import SAMPLE_FORMATS, check_stem
from musika_daw.controls.book import CONTROLS
from musika_daw.controls.control import Scope, Surface
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.errors import UsageError, UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import STEMS

if TYPE_CHECKING:
    from musika_daw.engine.console import Sound
    from musika_daw.engine.score import Score
    from musika_daw.engine.take.session_log import Session
    from musika_daw.model.model_file import ModelInfo
    from musika_daw.music.line import Line

_PER_STEM = ("density", "brightness")
_RESET = tuple(control.name for control in CONTROLS if control.reset_by_preset)


@dataclasses.dataclass(frozen=True)
class RenderPlan:
    """What `render_take` is called with.

    Attributes:
        first_bar: from 0.
        bars, seconds: one of the two; of a loop kit neither is needed.
        loops: places of a loop kit, in place of a take; None: a take.
        kit_bars: of its loops; None: of every length there is.
        take_name: None for the engine's own.
        sound: effects and levels; None: those of the style.
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
    file_rate: int | None = None
    fade_seconds: float | None = None
    tail_seconds: float | None = None
    loops: int | None = None
    kit_bars: int | None = None

    def kit_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `render_kit`, but for model and score.

        Raises:
            UsageError: its loops do not fit into the bars.
        """
        from musika_daw.engine.loop_kit.render_kit import LOOP_BARS, KitPlan

        assert self.loops is not None
        lengths = LOOP_BARS if self.kit_bars is None else (self.kit_bars,)
        plan = KitPlan(self.loops, lengths, self.first_bar, self.bars)
        tuple(plan.places())
        names = ("project", "take_name", "sample_format", "sound", "file_rate")
        return {"plan": plan, **{name: value for name, value in self.arguments().items() if name in names}}

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
            "file_rate": self.file_rate,
            "fade_seconds": self.fade_seconds,
            "tail_seconds": self.tail_seconds,
        }
        return {name: value for name, value in given.items() if value is not None}


def make_plan(options: argparse.Namespace) -> RenderPlan:
    """Puts together options, preset, session log and defaults; the first that says something wins."""
    from musika_daw.engine.presets.preset import sound_of, with_whole_style
    from musika_daw.engine.presets.preset_folder import load_preset
    from musika_daw.engine.score_of import score_of, score_with

    given = given_controls(options, Surface.RENDER)
    files = given.of("notes")
    preset = with_whole_style(load_preset(options.preset).state) if options.preset else ControlState()
    session = _read_session(options.session) if options.session else None
    before = _session_state(session) if session else ControlState()
    model = defaults().over(before).over(preset).over(given).text("model")
    if (info := _info(model)) is not None:
        _refuse_unknown(info, given)
        preset = _known_of_preset(info, preset)
    stems = info.stems if info else STEMS
    asked = _of_stems(stems, preset, given).without(("notes",))
    start = (_defaults(info, asked) if session is None else defaults()).over(before)
    state = (start.without(_RESET) if options.preset else start).over(asked)
    score = score_with(session.start.score, asked, stems) if session else score_of(state, stems)
    _tell_contradiction(score)
    score = dataclasses.replace(score, notes={**score.notes, **_read_notes(files, score.stems)})
    if options.name is not None:
        from musika_daw.engine.take.take_folder import check_take_name

        check_take_name(options.name)
    sounding = options.preset or (session and session.start.sound) or asked.only(Scope.MIX).settings
    return RenderPlan(
        model=model,
        score=score,
        first_bar=_first_bar(asked, session),
        **_length(asked, session),
        project=options.out,
        take_name=options.name or (session.start.take_name if session and asked.own("loops") is None else None),
        sample_format=_sample_format(state),
        sound=sound_of(state) if sounding else None,
        **_ending(before.over(asked)),
        **_kit(asked),
    )


def _ending(asked: ControlState) -> dict[str, Any]:
    """Rate and end of the files, where something is asked for."""
    given = {name: asked.own(name) for name in ("sample_rate", "fade_out", "tail")}
    rate, fade, tail = (None if own is None else own[0] for own in given.values())
    return {"file_rate": None if rate is None else int(rate), "fade_seconds": fade, "tail_seconds": tail}


def _kit(asked: ControlState) -> dict[str, int]:
    """Loops and their bars, where a kit is asked for.

    Raises:
        UsageError: bars of loops are given, and no loops.
    """
    given = {name: int(own[0]) for name in ("loops", "kit_bars") if (own := asked.own(name)) is not None}
    if "kit_bars" in given and "loops" not in given:
        raise UsageError("--kit-bars is of a loop kit: expected --loops N beside it")
    return given


def _tell_contradiction(score: Score) -> None:
    """Says on stderr that the chords that were given lie outside of the key that was given."""
    from musika_daw.music.harmony import key_contradiction

    if score.key is not None and score.chords is not None and (line := key_contradiction(score.chords, score.key)):
        print(f"{PROGRAM}: {line}", file=sys.stderr)


def _session_state(session: Session) -> ControlState:
    """How everything stood when a take began."""
    from musika_daw.engine.presets.preset import sound_state
    from musika_daw.engine.score_of import state_of_score

    start = session.start
    named = {value: name for name, value in SAMPLE_FORMATS.items()}
    song = state_of_score(start.score).over(
        settings(
            model=start.model,
            sample_format=named.get(start.sample_format, start.sample_format),
            fade_out=start.fade_seconds,
            tail=start.tail_seconds,
        )
    )
    if start.file_rate is not None:
        song = song.over(settings(sample_rate=str(start.file_rate)))
    return song if start.sound is None else song.over(sound_state(start.sound))


def _sample_format(state: ControlState) -> str:
    name = state.text("sample_format")
    return SAMPLE_FORMATS.get(name, name)


def _info(model: str) -> ModelInfo | None:
    """What the model says of itself; None where that cannot be read: the engine says why."""
    from musika_daw.model.official.official_file import read_any_info

    try:
        return read_any_info(model)
    except UserError:
        return None


def _refuse_unknown(info: ModelInfo, given: ControlState) -> None:
    """Raises UsageError: an option is given that the model does not know."""
    from musika_daw.engine.known_controls import value_refusal

    for target, values in given.settings.items():
        if reason := value_refusal(info, target.control, values):
            raise UsageError(reason)


def _known_of_preset(info: ModelInfo, preset: ControlState) -> ControlState:
    """A preset less what the model does not know, which is said on stderr."""
    from musika_daw.engine.known_controls import value_refusal

    styles = ("style", "morph", *(f"anchor/{corner}" for corner in CORNERS))
    refused = {t.control for t, values in preset.settings.items() if value_refusal(info, t.control, values)}
    if refused.intersection(styles):
        refused.update(styles)
    told = dict.fromkeys("style" if name in styles else name for name in _in_order(refused))
    if told:
        print(f"{PROGRAM}: {info.name} does not know {', '.join(told)} of the preset", file=sys.stderr)
    known = preset.without(refused)
    other = {t for t in known.settings if t.control in _PER_STEM and t.stem not in (None, *info.stems)}
    return ControlState({t: values for t, values in known.settings.items() if t not in other}, known.held)


def _in_order(names: set[str]) -> list[str]:
    return [control.name for control in CONTROLS if control.name in names]


def _defaults(info: ModelInfo | None, asked: ControlState) -> ControlState:
    """Every control that has a default, one style alone; an imported model's style is that of the seed."""
    from musika_daw.engine.known_controls import style_refusal
    from musika_daw.engine.presets.preset import with_whole_style

    start = with_whole_style(defaults())
    if info is None or not style_refusal(info, start.text("style")):
        return start.over(settings(stems=STEMS))
    seed = str(start.over(asked).get("seed")[0])
    corners = {f"anchor_{corner}": seed for corner in CORNERS}
    return start.over(settings(**corners)).over(settings(style=seed, stems=info.stems))


def _of_stems(stems: tuple[str, ...], preset: ControlState, given: ControlState) -> ControlState:
    """Preset and options, stems in the order of the mixer.

    Raises:
        UsageError: the model has no such stem.
    """
    for target in given.settings:
        if target.stem is not None:
            check_stem(target.stem, stems)
    asked = preset.over(given)
    for target in asked.settings:
        if target.stem is not None and target.control in _PER_STEM:
            check_stem(target.stem, stems)
    if (wanted := asked.own("stems")) is None:
        return asked
    checked = [check_stem(stem, stems) for stem in wanted]
    return asked.over(settings(stems=tuple(stem for stem in stems if stem in checked)))


def _length(asked: ControlState, session: Session | None) -> dict[str, Any]:
    bars, seconds = asked.own("bars"), asked.own("seconds")
    if bars is not None:
        return {"bars": bars[0], "seconds": None}
    if seconds is not None:
        return {"bars": None, "seconds": seconds[0]}
    if (form_bars := _bars_of_form(asked)) is not None:
        return {"bars": form_bars, "seconds": None}
    if asked.own("loops") is not None:
        return {"bars": None, "seconds": None}
    if session is None or session.start.length_samples is None:
        raise UsageError("no length given: expected --bars N, --seconds S, --form SECTIONS or --loops N")
    start = session.start
    return {"bars": None, "seconds": session.start.length_samples / start.sample_rate - start.tail_seconds}


def _bars_of_form(asked: ControlState) -> int | None:
    """From where it begins to the end of the form that is asked for; None where there is none, or no end."""
    from musika_daw.music.form import parse_form

    form = parse_form(asked.text("form")) if asked.own("form") is not None else None
    if form is None or form.end_bar is None:
        return None
    start = asked.own("start_bar")
    return max(1, form.end_bar - (0 if start is None else int(start[0]) - 1))


def _first_bar(asked: ControlState, session: Session | None) -> int:
    if (start := asked.own("start_bar")) is not None:
        return int(start[0]) - 1
    first_beat = session.start.first_beat if session else 0.0
    if first_beat % BEATS_PER_BAR:
        raise UsageError(f"the session log starts within a bar, at beat {first_beat:g}: give --start-bar N")
    return int(first_beat // BEATS_PER_BAR)


def _read_notes(files: Mapping[str, tuple[str, ...]], stems: tuple[str, ...]) -> dict[str, Line]:
    """The lines of MIDI files, their tracks or texts, by the stem that plays them."""
    found: dict[str, Line] = {}
    for stem, (source, *_) in files.items():
        if stem not in stems:
            raise UsageError(f"--notes {stem}=... is not rendered: expected one of {', '.join(stems)}")
        from musika_daw.engine.live.state.given_notes import line_of_text
        from musika_daw.engine.smf.stem_notes import read_stem_notes
        from musika_daw.music.line import Line

        if (line := line_of_text(source, stem)) is not None:
            found[stem] = line
            continue
        given = read_stem_notes(source, stem)
        for remark in given.remarks:
            print(f"{PROGRAM}: {stem}: {remark}", file=sys.stderr)
        found[stem] = Line(given.notes)
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
