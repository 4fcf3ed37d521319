"""Offline rendering of loop kits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from musika_daw.engine.console import Sound
from musika_daw.engine.loop_kit.going_round import going_round
from musika_daw.engine.loop_kit.hits import DRUMS, choose_hits, render_hits
from musika_daw.engine.loop_kit.kit_writer import DEFAULT_NAME, KitForm, KitWriter, LoopPlace
from musika_daw.engine.loop_kit.loops import render_loop
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.offline.renderer import versions
from musika_daw.engine.playable import PlayedModel, PlayedSong
from musika_daw.engine.score import Score
from musika_daw.engine.take.audio_file import FileForm
from musika_daw.engine.take.typed_json import to_json
from musika_daw.errors import UsageError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import constant_tempo

LOOP_BARS = (1, 2, 4, 8)
_PHRASE_BARS = 16  # apart, where nothing else is asked for: each loop is of other music


@dataclass(frozen=True)
class KitPlan:
    """Which bars become loops.

    Attributes:
        loops: how many places of the song.
        loop_bars: lengths of the loops of each.
        first_bar: from 0.
        bars: over which the places are spread; None: a phrase for each.
    """

    loops: int
    loop_bars: tuple[int, ...] = LOOP_BARS
    first_bar: int = 0
    bars: int | None = None

    def places(self) -> Iterator[LoopPlace]:
        """Every loop there will be, the longest of a place first.

        Raises:
            UsageError: they do not fit.
        """
        longest = max(self.loop_bars)
        apart = _PHRASE_BARS if self.bars is None else self.bars // self.loops
        if apart < longest:
            raise UsageError(
                f"{self.loops} loops of {longest} bars do not fit into {self.bars}: expected at least "
                f"{self.loops * longest} bars, fewer loops or shorter ones (--kit-bars)"
            )
        for number in range(self.loops):
            for bars in sorted(self.loop_bars, reverse=True):
                yield LoopPlace(number + 1, self.first_bar + number * apart, bars)


def render_kit(
    model_name: str,
    score: Score,
    plan: KitPlan,
    *,
    project: Path,
    take_name: str = DEFAULT_NAME,
    sample_format: str = "pcm24",
    file_rate: int | None = None,
    sound: Sound | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Path:
    """Renders loops of a song and its drum hits into `<project>/Musika/<take name> NNN` and returns that folder.

    Args:
        sample_format: one of `FORMATS` of the take's files.
        file_rate: Hz, if it is to be another than the model's.
        sound: effects and levels, as `stream` has them.
        threads: stems that are made at once; None: as many as there are cores.
        progress: called with the share that is done.

    Raises:
        UserError: model, style, disk, bars that are too few; nothing is left under a final name then.
    """
    tuple(plan.places())
    model = load_model(model_name)
    score = replace(score, tempo_map=constant_tempo(score.tempo_map.bpm_at(plan.first_bar * BEATS_PER_BAR)))
    song = model.song(score)
    file = FileForm(sample_format, file_rate or song.sample_rate)
    first = going_round(model, song, plan.first_bar, max(plan.loop_bars))
    if not song.note_stems:
        first.song.prepare(0.0)  # whether sound has a beat is known when it is made
    form = KitForm(file, score.tempo_map, song.key, bool(song.facts().get("has_beat", True)))
    with KitWriter(project, form, take_name) as kit:
        drums = _write_loops(kit, form, model, song, plan, sound=sound, threads=threads, progress=progress)
        if drums:
            kit.write_hits(render_hits(model, first.song.score, choose_hits(drums), file.rate, sound, threads))
        progress(1.0)
        return kit.finish(_facts(model, song, plan))


def _write_loops(
    kit: KitWriter,
    form: KitForm,
    model: PlayedModel,
    song: PlayedSong,
    plan: KitPlan,
    *,
    sound: Sound | None,
    threads: int | None,
    progress: Callable[[float], None],
) -> list[Note]:
    """Writes every loop; returns what drums were played in them."""
    places = list(plan.places())
    drums: list[Note] = []
    for done, place in enumerate(places, 1):
        round_ = going_round(model, song, place.first_bar, place.bars)
        loops = render_loop(round_, form.length(place.bars), form.file.rate, sound, threads)
        for stem, audio in loops.items():
            notes = round_.song.notes(stem, 0.0, place.bars * BEATS_PER_BAR) if stem in song.note_stems else []
            drums += notes if stem == DRUMS else []
            kit.write_loop(place, stem, audio, notes)
        progress(done / (len(places) + 1))
    return drums


def _facts(model: PlayedModel, song: PlayedSong, plan: KitPlan) -> dict[str, object]:
    return {
        "model": model.info.name,
        "seed": song.score.seed,
        "style": to_json(song.score.style.points),
        "controls": to_json(song.controls_at(float(plan.first_bar * BEATS_PER_BAR))),
        "versions": versions(),
    }
