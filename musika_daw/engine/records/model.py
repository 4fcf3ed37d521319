"""A model of records, and what songs of it share: latents and sound of the stretches that were made last."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.analysis.mid_side import left_right
from musika_daw.engine.playable import AudioArray
from musika_daw.engine.records.noise import song_noise
from musika_daw.engine.records.song import RecordsSong
from musika_daw.engine.records.style import find_style
from musika_daw.engine.score import Curve, Score
from musika_daw.model.flow import flow_sample
from musika_daw.model.model_file import ModelInfo
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.model.universal.model_file import RecordsModel

BLOCK = 48
"""Latent frames that are made at once, 4.5 s."""
_AROUND = 16  # frames that the generator sees on either side of a block
_FADE = 4  # frames on either side of a block's edge in which one block goes over into the next
_KEPT = 12  # blocks of latents and of sound; a block of sound is 1.5 MB
_USUAL = 0.5
_FRAME_SECONDS = FRAME / SAMPLE_RATE
T = TypeVar("T")


class PlayedRecords:
    """Makes songs. Any thread may ask; one at a time generates, one at a time decodes."""

    prefetches_corners = False  # a style between two corners is music of its own

    block_frames = BLOCK

    def __init__(self, model: RecordsModel) -> None:
        self._model = model
        self._latents: _Kept[NDArray[np.float32]] = _Kept()
        self._sounds: _Kept[AudioArray] = _Kept()
        self.ready_seconds = 1.0  # of the last blocks, later ones counting more

    @property
    def info(self) -> ModelInfo:
        return self._model.info

    def song(self, score: Score) -> RecordsSong:
        return RecordsSong(self, score)

    def prepare(self, score: Score, block: int) -> None:
        """Makes the latents that a block's sound needs."""
        for number in self._needed(block):
            self._generated(score, number)

    def sound(self, score: Score, block: int) -> AudioArray:
        """Left and right of a block, `[2, BLOCK * FRAME]`."""
        return self._sounds.get((_key(score), block), lambda: self._decode(score, block))

    def _needed(self, block: int) -> range:
        around = -(-(self._model.codec.context + _FADE) // BLOCK)
        return range(block - around, block + around + 1)

    @torch.inference_mode()
    def _decode(self, score: Score, block: int) -> AudioArray:
        began = time.monotonic()
        latents = self._song_latents(score, block)
        decoded = self._model.codec.decode_stretch(torch.from_numpy(latents)[None], block * BLOCK)[0].numpy()
        self.ready_seconds += 0.5 * (time.monotonic() - began - self.ready_seconds)
        return left_right(decoded)

    def _song_latents(self, score: Score, block: int) -> NDArray[np.float32]:
        """Latents of a block and of the codec's context on either side, `[latents, frames]`."""
        edge = self._model.codec.context
        first = block * BLOCK - edge
        out = np.zeros((self.info.latent, BLOCK + 2 * edge), np.float32)
        reach = BLOCK + 2 * _FADE
        rise = (np.arange(2 * _FADE, dtype=np.float32) + 0.5) / (2 * _FADE)
        weight = np.ones(reach, np.float32)
        weight[: 2 * _FADE], weight[-2 * _FADE :] = rise, rise[::-1]
        for number in self._needed(block):
            begin = number * BLOCK - _FADE
            start, end = max(begin, first), min(begin + reach, first + out.shape[1])
            if start < end:
                own = slice(start - begin, end - begin)
                out[:, start - first : end - first] += weight[own] * self._generated(score, number)[:, own]
        return out

    def _generated(self, score: Score, block: int) -> NDArray[np.float32]:
        """Latents of a block and of its fades, `[latents, BLOCK + 2 * _FADE]`."""
        return self._latents.get((_key(score), block), lambda: self._generate(score, block))

    @torch.inference_mode()
    def _generate(self, score: Score, block: int) -> NDArray[np.float32]:
        model = self._model
        first, frames = block * BLOCK - _AROUND, BLOCK + 2 * _AROUND
        places = (np.arange(first, first + frames) + 0.5) * _FRAME_SECONDS
        beats = np.array([score.tempo_map.beat_at(float(place)) for place in places])
        bpm = score.tempo_map.bpm_at(float(beats[frames // 2]))
        noise = song_noise(score.seed, score.variation, first, beats, bpm / 60 * _FRAME_SECONDS, self.info.latent)
        songs = model.styles.numpy()
        names = [score.style.at(float(beat)) for beat in beats]
        vectors = {name: find_style(name, songs) for name in set(names)}
        style = torch.from_numpy(np.stack([vectors[name] for name in names], 1))[None]
        told = torch.from_numpy(self._signals(score, beats))[None]
        network, steps = model.generator, self.info.steps["generator"]
        made = flow_sample(
            lambda x, t: network.guided(x, t, told, style, model.guidance), torch.from_numpy(noise)[None], steps
        )
        keep = slice(_AROUND - _FADE, frames - _AROUND + _FADE)
        return network.to_latents(made)[0, :, keep].numpy().copy()

    def _signals(self, score: Score, beats: NDArray[np.float64]) -> NDArray[np.float32]:
        """What the generator is told of every frame, `[SIGNALS, frames]`."""
        quantiles = self._model.quantiles.numpy()
        shares = np.linspace(0, 1, quantiles.shape[1])
        controls = [_curve(curves) for curves in (score.density, score.brightness)]
        heard = [
            np.interp([c.at(float(b)) for b in beats], shares, q) for c, q in zip(controls, quantiles, strict=True)
        ]
        tempo = [np.log2(score.tempo_map.bpm_at(float(beat)) / 120) for beat in beats]
        phase = 2 * np.pi * beats
        return np.array([*heard, tempo, np.sin(phase), np.cos(phase), np.ones(len(beats))], np.float32)


def _curve(curves: Mapping[str, Curve]) -> Curve:
    """The control of the whole: what the score has for its first stem."""
    return next(iter(curves.values()), Curve(((0.0, _USUAL),)))


def _key(score: Score) -> Hashable:
    """All that a song's sound depends on."""
    return score.seed, score.style, score.tempo_map, score.variation, _curve(score.density), _curve(score.brightness)


class _Kept(Generic[T]):
    """Last results; one at a time is made, and what is there already is given at once."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._results: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        known = self._results.get(key)
        if known is not None:
            return known
        with self._making:
            if key not in self._results:
                self._results[key] = make()
                while len(self._results) > _KEPT:
                    self._results.popitem(last=False)
            return self._results[key]
