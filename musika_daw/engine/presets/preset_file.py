"""Presets as files: read whole or refused whole. Keys are the controls of the book that presets have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from musika_daw.controls.book import on_surface, row
from musika_daw.controls.control import Control, Kind, PerStem, Scope, Surface
from musika_daw.controls.move import Move
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import state_of
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.presets import preset_values as values
from musika_daw.engine.presets.preset import Preset
from musika_daw.errors import UserError
from musika_daw.music.notes import ALL, MIX, STEMS
from musika_daw.near_names import did_you_mean
from musika_daw.storage.toml_file import read_toml

FORMAT = 1
VERSION = "format"
ANCHORS, LEVELS, STYLE = "anchors", "levels", "style"
"""Keys of tables, and the short form of the first anchor; all others are names of controls."""

_ANCHOR = "anchor/"
Read = Callable[[str, object], list[Move]]


def levels() -> tuple[Control, ...]:
    """The controls of a stem that stand in its table of levels."""
    return tuple(c for c in on_surface(Surface.PRESET) if c.scope is Scope.MIX and c.per_stem is PerStem.ONLY)


def plain() -> tuple[Control, ...]:
    """The controls that are keys themselves."""
    within = levels()
    rows = on_surface(Surface.PRESET)
    return tuple(c for c in rows if c not in within and not c.name.startswith(_ANCHOR) and c.name != STYLE)


def parse_preset(table: Mapping[str, object], name: str) -> Preset:
    """A preset from what its file holds.

    Raises:
        UserError: one line that names the key and what is possible there.
    """
    # The version first: in another one, other keys may mean other things.
    _format(VERSION, table.get(VERSION, FORMAT))
    readers = dict(_readers(_stems(table)))
    known = ("description", *readers, VERSION)
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known)
            raise UserError(f"{values.shown(key)} is not known: {hint}expected {values.listed(known)}")
    if STYLE in table and (ANCHORS in table or "morph" in table):
        raise UserError("style is the short form of anchors.a: expected either style, or anchors and morph")
    if "bars" in table and "seconds" in table:
        raise UserError("bars and seconds exclude each other: expected one of them")
    if "bpm" in table and "tempo" in table:
        raise UserError("bpm is another name of tempo: expected one of them")
    moves = [move for key, read in readers.items() if key in table for move in read(key, table[key])]
    text = values.text("description", table["description"]) if "description" in table else ""
    return Preset(name, text, state_of(moves))


def read_preset_file(path: Path) -> Preset:
    """A preset by the path of its file.

    Raises:
        UserError: it cannot be read, or something in it is not possible; one line that names file and key.
    """
    try:
        table = read_toml(path)
    except OSError as error:
        raise UserError(f"preset {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"preset {path} is not a TOML file: {error}") from error
    try:
        return parse_preset(table, path.stem)
    except UserError as error:
        raise UserError(f"preset {path}: {error}") from error


def _readers(stems: tuple[str, ...]) -> Iterator[tuple[str, Read]]:
    """Key of the file -> the moves that it means."""
    for control in plain():
        for key in (control.name, *control.aliases):
            if key != VERSION:  # as an option it is the format of samples
                yield key, _reader(control, stems)
    yield STYLE, _style
    yield ANCHORS, _anchors
    yield LEVELS, _levels(stems)


def _reader(control: Control, stems: tuple[str, ...]) -> Read:
    if control.kind is Kind.STEMS:
        return lambda key, value: [Move.of(control.name, *values.some_of(stems)(key, value))]
    if control.kind is Kind.CHAIN:
        return _chains(control, stems)
    read = values.values(control)
    if control.per_stem is PerStem.NO:
        return lambda key, value: [Move.of(control.name, *read(key, value))]
    also = control.per_stem is PerStem.ALSO

    def each(key: str, value: object) -> list[Move]:
        """`0.7` for all stems, or `{all = 0.5, drums = 0.9}`."""
        if also and not isinstance(value, Mapping):
            return [Move.of(control.name, *read(key, value))]
        named = values.table(key, value, "stem", (ALL, *stems) if also else stems)
        said = {stem: read(f"{key}.{stem}", v) for stem, v in sorted(named.items(), key=lambda item: item[0] != ALL)}
        return [Move(control.name, None if stem == ALL else stem, v) for stem, v in said.items()]

    return each


def _chains(control: Control, stems: Sequence[str]) -> Read:
    def read(key: str, value: object) -> list[Move]:
        moves = []
        for stem, entries in values.table(key, value, "stem", tuple(dict.fromkeys((*stems, MIX)))).items():
            if not isinstance(entries, list):
                raise UserError(f"{key}.{stem} is not possible: expected [[{key}.{stem}]], one for each effect")
            chain: tuple[Any, ...] = parse_fx(entries, f"{key}.{stem}")
            moves.append(Move(control.name, stem, chain))
        return moves

    return read


def _levels(stems: Sequence[str]) -> Read:
    rows = {control.name: control for control in levels()}

    def read(key: str, value: object) -> list[Move]:
        return [
            Move(name, stem, values.values(rows[name])(f"{key}.{stem}.{name}", v))
            for stem, level in values.table(key, value, "stem", stems).items()
            for name, v in values.table(f"{key}.{stem}", level, "level", tuple(rows)).items()
        ]

    return read


def _style(key: str, value: object) -> list[Move]:
    return [Move.of(f"{_ANCHOR}a", values.style(key, value)), Move.of("morph", 0.0, 0.0)]


def _anchors(key: str, value: object) -> list[Move]:
    corners = values.table(key, value, "corner", CORNERS)
    read = {corner: values.values(row(f"{_ANCHOR}{corner}"))(f"{key}.{corner}", v) for corner, v in corners.items()}
    return [Move(f"{_ANCHOR}{corner}", None, style) for corner, style in read.items()]


def _format(key: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UserError(
            f"{key} {values.shown(value)} is not possible: expected {FORMAT}, the version of presets; "
            "the format of a render's samples is sample_format"
        )
    if value != FORMAT:
        raise UserError(f"{key} {value} is not known: expected {FORMAT}; a newer Musika DAW may read it")


def _stems(table: Mapping[str, object]) -> tuple[str, ...]:
    """What a preset may name: the stems of the shipped models, and those of the model that it is for."""
    parts = (part for key, part in table.items() if key != ANCHORS)
    named = {str(stem) for part in parts if isinstance(part, Mapping | list) for stem in part if isinstance(stem, str)}
    model = table.get("model")
    if named <= {*STEMS, MIX, ALL} or not isinstance(model, str):
        return STEMS
    from musika_daw.model.official.official_file import read_any_info  # takes a while

    try:
        return tuple(dict.fromkeys((*STEMS, *read_any_info(model).stems)))
    except UserError:
        return STEMS
