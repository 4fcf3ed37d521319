"""Chunks of a song: from notes and controls to latents to stems, each chunk by itself.

The song is cut into chunks that lie on a grid fixed to its start. Each is always computed from the same inputs in the
same shapes, its surroundings included, whatever is made before or after: so a stretch rendered alone equals the same
stretch of the whole song bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.analysis.mid_side import left_right
from musika_daw.engine.own.riser import riser
from musika_daw.model.autoencoder import CONTEXT, EDGE, FRAME, LATENT, Autoencoder, audio_margin
from musika_daw.model.conditioning import LAYOUT, FrameNote, frame_conditioning
from musika_daw.model.drum_autoencoder import KIT_SETTINGS
from musika_daw.model.excitation import TimedNote, excite, time_notes
from musika_daw.model.flow import flow_sample
from musika_daw.model.generator import latent_noise
from musika_daw.model.style import settings_of
from musika_daw.music.notes import PITCHED_STEMS, STEMS, Note
from musika_daw.remember import remember

if TYPE_CHECKING:
    from musika_daw.engine.own.song import Song

AudioArray = NDArray[np.float32]

# Latent frames of surroundings that the generator sees on either side of those that are decoded. It reaches further,
# but what lies beyond moves the outermost of them by a hundredth of their spread only, a tenth of the noise that the
# decoders were trained with, and those at a chunk's edge by a thousandth.
GENERATOR_CONTEXT = 12

# The generator makes at least so many frames at once, for several short chunks together: at this length its cost is
# that of reading its weights.
_MIN_GENERATED = 32

_KEPT = 4  # of what was generated: rendering prepares chunks while those before are decoded

OFFLINE = 128
"""Frames of a chunk for rendering: long ones cost less."""
LIVE = 8
"""Frames of a chunk for playing: short ones answer control moves soon."""


def _groups(stems: Sequence[str], together: bool) -> list[tuple[str, ...]]:
    """Stems that are decoded at once, by one network; `together`: as many as possible.

    The layers of short chunks are so small that calling them takes as long as computing them.
    """
    if not together:
        return [(stem,) for stem in stems]
    pitched = tuple(stem for stem in stems if stem != "drums")
    return [group for group in (pitched, ("drums",)) if set(group) & set(stems)]


def _edge(network: Autoencoder) -> int:
    """Samples that are decoded on either side of a chunk."""
    return EDGE * network.hop + audio_margin(network)


class Chunks:
    """Makes the chunks of a song; the score's `stems` are made, the others are only played to the generator.

    Attributes:
        samples: of a chunk.
    """

    def __init__(self, song: Song, frames: int = OFFLINE) -> None:
        """`frames`: of a chunk, `OFFLINE` or `LIVE`."""
        self.song = song
        self.samples = frames * FRAME
        self._frames = frames
        self._rate = song.networks.info.sample_rate
        self._groups = _groups(song.score.stems, together=frames <= LIVE)
        self._sharing = max(1, _MIN_GENERATED // frames)  # chunks that are generated together
        self._generated = remember(self._generate, _KEPT)

    def prepare(self, chunk: int) -> None:
        """Makes what all stems of a chunk need."""
        self.latents(chunk)

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        """Window number (0 starts the song) -> dry stems, left and right `[2, samples]`.

        Groups of stems are decoded side by side in `decoders`: a second thread within each would mostly wait.
        """
        self.prepare(chunk)  # first: all stems need it
        groups = decoders.map(lambda stems: self.stem_audio(stems, chunk), self._groups)
        made = {stem: audio for group in groups for stem, audio in group.items()}
        return {stem: made[stem] for stem in self.song.score.stems}

    def stem_audio(self, stems: Sequence[str], chunk: int) -> dict[str, AudioArray]:
        """Dry stems that one network decodes, drums alone or any pitched ones; left and right `[2, samples]`."""
        first, frames = chunk * self._frames - CONTEXT, self._frames + 2 * CONTEXT
        sounding = [stem for stem in stems if self._sounds(stem, first * FRAME, frames * FRAME)]
        made = dict.fromkeys(stems, np.zeros((2, self.samples), np.float32))
        if sounding:
            of_stems = self.latents(chunk).reshape(len(STEMS), LATENT, frames)
            latents = torch.from_numpy(of_stems[[STEMS.index(stem) for stem in sounding]])
            decoded = self._drums(latents, first) if "drums" in sounding else self._pitched(sounding, latents, first)
            made.update(zip(sounding, decoded, strict=True))
        if "drums" in stems:
            rising = riser(self.song.score, chunk * self.samples, self.samples, self._rate)
            made["drums"] = made["drums"] if rising is None else made["drums"] + rising
        return made

    def latents(self, chunk: int) -> NDArray[np.float32]:
        """Latents of a chunk and what its decoding reaches into, `[4 * LATENT, frames + 2 * CONTEXT]`."""
        group, place = divmod(chunk, self._sharing)
        start = place * self._frames
        return self._generated(group)[:, start : start + self._frames + 2 * CONTEXT]

    @torch.no_grad()
    def _drums(self, latents: torch.Tensor, first: int) -> list[AudioArray]:
        network = self.song.networks.drums
        frames = latents.shape[2]
        strokes = self._strokes(first * FRAME, frames * FRAME)
        return self._own(network.audio(latents, first, CONTEXT, self._kit(first, frames), [strokes]), network)

    def _strokes(self, start: int, samples: int) -> NDArray[np.int64]:
        """Where drums are struck in a stretch, in samples of the song."""
        at = self.song.score.tempo_map.sample_at
        notes = self._notes_near("drums", start, samples)
        return np.array([at(note.start_beat, self._rate) for note in notes], np.int64)

    def _kit(self, first: int, frames: int) -> NDArray[np.float64]:
        """The `KIT_SETTINGS` at latent frames, `[1, frames, 3]`; they change by steps, at places of the song."""
        settings = []
        for frame in range(first, first + frames):
            beat = self.song.score.tempo_map.beat_at(frame // LIVE * LIVE * FRAME / self._rate)
            settings.append(settings_of(self.song.style_at(beat).vector, KIT_SETTINGS))
        return np.array([settings])

    @torch.no_grad()
    def _pitched(self, stems: Sequence[str], latents: torch.Tensor, first: int) -> list[AudioArray]:
        network = self.song.networks.pitched
        edge = _edge(network)
        start, samples = (first + CONTEXT) * FRAME - edge, self.samples + 2 * edge
        sources = [excite(self._timed(stem, start, samples), start, samples) for stem in stems]
        source = network.excitation_spectra(torch.from_numpy(np.stack(sources)))
        index = torch.tensor([PITCHED_STEMS.index(stem) for stem in stems])
        return self._own(network.audio(latents, source, index, first, CONTEXT), network)

    def _sounds(self, stem: str, start: int, samples: int) -> bool:
        """Whether anything of a stem can be heard in a stretch; a silent one need not be decoded."""
        return bool(self._notes_near(stem, start - 2 * self._rate, samples + 2 * self._rate))

    def _notes_near(self, stem: str, start: int, samples: int) -> list[Note]:
        """Notes of a stem that sound in a stretch of samples."""
        beat_at = self.song.score.tempo_map.beat_at
        return self.song.sounding(stem, beat_at(start / self._rate), beat_at((start + samples) / self._rate))

    def _timed(self, stem: str, start: int, samples: int) -> list[TimedNote]:
        """The excitation's notes; those that ring into the stretch included."""
        return time_notes(
            stem,
            self._notes_near(stem, start - self._rate, samples + self._rate),
            lambda beat: self.song.score.tempo_map.sample_at(beat, self._rate),
            lambda beat: self.song.style_at(beat).detune_cents[stem],
        )

    def _frame_notes(self, stem: str, start: int, samples: int) -> list[FrameNote]:
        at = self.song.score.tempo_map.sample_at
        return [
            FrameNote(at(note.start_beat, self._rate), at(note.end_beat, self._rate), note.pitch, note.strength)
            for note in self._notes_near(stem, start, samples)
        ]

    def _own(self, audio: torch.Tensor, network: Autoencoder) -> list[AudioArray]:
        """Mid and side with `EDGE` frames on either side -> left and right of the chunk, for each of a batch."""
        start = _edge(network)
        kept = audio[:, :, start : start + self.samples].numpy()
        return [left_right(each) for each in kept]

    @torch.no_grad()
    def _generate(self, group: int) -> NDArray[np.float32]:
        """Latents of chunks that are generated together, and what their decoding reaches into."""
        song, score = self.song, self.song.score
        around = CONTEXT + GENERATOR_CONTEXT
        first, frames = group * self._sharing * self._frames - around, self._sharing * self._frames + 2 * around
        start, samples = first * FRAME, frames * FRAME

        def beat_at(places: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.array([score.tempo_map.beat_at(p / self._rate) for p in places])

        beats = beat_at((np.arange(first, first + frames, dtype=np.float64) + 0.5) * FRAME)
        moved = song.automation
        curves = [[[at(stem, b) for b in beats] for stem in STEMS] for at in (moved.density, moved.brightness)]
        style = np.stack([song.style_at(b).vector for b in beats], 1)
        told = frame_conditioning(
            {stem: self._frame_notes(stem, start, samples) for stem in STEMS},
            beat_at,
            score.tempo_map.bpm_at,
            np.array(curves[0]),
            np.array(curves[1]),
            song.key,
            score.seed,
            style,
            first,
            frames,
        )
        told[LAYOUT["coordinates"]] = song.loop.coordinates(beats)
        network, steps = song.networks.generator, song.networks.info.steps["generator"]
        conditioning = torch.from_numpy(told)[None]
        noise = torch.from_numpy(latent_noise(score.seed, first, frames))[None]
        made = flow_sample(lambda x, t: network(x, t, conditioning), noise, steps)
        keep = slice(GENERATOR_CONTEXT, frames - GENERATOR_CONTEXT)
        return np.ascontiguousarray(network.to_latents(made)[0, :, keep].numpy())
