"""A model of the official family, and what songs of it share: sounds, their beats, sections that were warped."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio
from musika_daw.engine.official.rhythm import Rhythm, Section
from musika_daw.engine.official.song import WarpedSong
from musika_daw.engine.official.style import find_style
from musika_daw.engine.official.upsample import Upsampled
from musika_daw.engine.official.warp import warped
from musika_daw.engine.score import Curve, Score
from musika_daw.model.model_file import ModelInfo
from musika_daw.model.official import official_file
from musika_daw.model.official.conditions import condition_rows
from musika_daw.model.official.song import ConditionCurve, OfficialSong, StyleCurve

_SOUNDS = 2  # kept ready to go on: each holds 12 MB a stem
_USUAL_DENSITY = 0.5
_SECTIONS = 6  # kept: 6 MB a stem each at 120 bpm


class OfficialModel:
    """Makes songs. Any thread may ask; one at a time makes something, and what is there already is given at once."""

    prefetches_corners = False  # a style between two corners is music of its own

    def __init__(self, model: official_file.OfficialModel) -> None:
        self._model = model
        self._making = threading.Lock()
        self._rhythms: OrderedDict[Hashable, Rhythm] = OrderedDict()
        self._sections: OrderedDict[Hashable, tuple[Section, Audio]] = OrderedDict()
        self.ready_seconds = 1.0  # of the last sections, later ones counting more

    @property
    def info(self) -> ModelInfo:
        return self._model.info

    @property
    def knows_beats(self) -> bool:
        """Whether the model is told where beats are, so that it needs no moving of them."""
        return "beat_phase" in self.info.signals

    def song(self, score: Score) -> WarpedSong:
        return WarpedSong(self, score)

    def densities(self, score: Score) -> tuple[Curve, ...]:
        """How many notes of each stem sound, 0..1, for models that know it; what the score has for another stem first
        goes for those that it does not name."""
        others = next(iter(score.density.values()), Curve(((0.0, _USUAL_DENSITY),)))
        return tuple(score.density.get(stem, others) for stem in self.info.stems)

    def plain(self, score: Score, start: int, end: int) -> Audio:
        """Samples `[start, end)` at 44.1 kHz of the sound behind a song, `[2 stems, end - start]`."""
        with self._making:
            return self._rhythm(score).source.audio(start, end)

    def rhythm(self, score: Score) -> Rhythm:
        """Beats of the sound behind a song, its tempo known."""
        with self._making:
            rhythm = self._rhythm(score)
            _ = rhythm.pulse
            return rhythm

    def section(self, score: Score, number: int, bpm: float, places: tuple[int, ...]) -> tuple[Section, Audio]:
        """Where the beats of a section lie, and its sound with them moved to these samples; see `warped`."""
        key = self._sound_key(score), number, places
        known = self._sections.get(key)
        if known is not None:
            return known
        with self._making:
            if key not in self._sections:
                began = time.monotonic()
                rhythm = self._rhythm(score)
                section = rhythm.section(number, bpm)
                self._sections[key] = section, warped(rhythm.source, section, places)
                while len(self._sections) > _SECTIONS:
                    self._sections.popitem(last=False)
                self.ready_seconds += 0.5 * (time.monotonic() - began - self.ready_seconds)
            return self._sections[key]

    def _rhythm(self, score: Score) -> Rhythm:
        key = self._sound_key(score)
        if key not in self._rhythms:
            self._rhythms[key] = Rhythm(self._sound(score))
            while len(self._rhythms) > _SOUNDS:
                self._rhythms.popitem(last=False)
        self._rhythms.move_to_end(key)
        return self._rhythms[key]

    def _sound(self, score: Score) -> OfficialSong | Upsampled:
        own, imported = self._model, score.imported
        song = OfficialSong(
            own.networks["gen"],
            own.decoders(),
            score.seed,
            imported.truncation,
            imported.noise,
            self._style_curve(score),
            self._condition_curve(score),
        )
        return song if own.size.sample_rate == RATE else Upsampled(song)

    def _style_curve(self, score: Score) -> StyleCurve:
        size, truncation = self._model.size, score.imported.truncation
        row_seconds = size.latent_samples / size.sample_rate

        def styles(rows: NDArray[np.int64]) -> NDArray[np.float32]:
            names = [score.style.at(score.tempo_map.beat_at(float(row) * row_seconds)) for row in rows]
            vectors = {name: find_style(name, truncation, size) for name in set(names)}
            return np.stack([vectors[name] for name in names])

        return styles

    def _condition_curve(self, score: Score) -> ConditionCurve | None:
        size, signals = self._model.size, tuple(self.info.signals)
        if not signals:
            return None
        row_seconds = size.latent_samples / size.sample_rate
        densities = self.densities(score)

        def conditions(rows: NDArray[np.int64]) -> NDArray[np.float32]:
            beats = np.array([score.tempo_map.beat_at((float(row) + 0.5) * row_seconds) for row in rows])
            bpm = np.array([score.tempo_map.bpm_at(beat) for beat in beats])
            density = np.array([[curve.at(beat) for curve in densities] for beat in beats])
            return condition_rows(signals, density, bpm, beats)

        return conditions

    def _sound_key(self, score: Score) -> Hashable:
        """All that the sound behind a song depends on; its tempo only where something follows the song's beats."""
        imported, signals = score.imported, self.info.signals
        follows = bool(signals) or len(score.style.points) > 1
        return (
            score.seed,
            score.style,
            imported.truncation,
            imported.noise,
            score.tempo_map if follows else None,
            self.densities(score) if "density" in signals else None,
        )
