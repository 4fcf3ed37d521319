"""Features to sound: magnitudes with phases, the side turned against the mid, attacks put where they were."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.stft import istft, margin, stft
from musika_daw.model.universal.analysis import FLOOR, feature_weights
from musika_daw.model.universal.layout import (
    ATTACK_EDGES,
    ATTACKS,
    BINS,
    COSINE_EDGES,
    EDGE,
    HIGH_EDGES,
    HOP,
    LONG_SPLIT,
    LONGS,
    SHORT_BINS,
    SHORT_HOP,
    SHORT_N,
    SHORTS,
    SIDE_EDGES,
    TONES,
    N,
    band_mean,
    band_of_bin,
    between_bands,
)
from musika_daw.model.universal.phases import REACH, phase_table, phases_at, tone_phases

CONTEXT = -(-(REACH + LONGS) // LONGS)
"""Latent frames on either side of what is kept that synthesis needs."""
_UP, _DOWN, _DEAD = 1.15, 3.45, 0.23  # bounds of the attacks' gains and what is left alone: 10, 30 and 2 dB, in nepers


class Synthesis(nn.Module):
    """Features -> mid and side."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: Tensor
        self.phases: Tensor
        self.turns: Tensor
        self.attack: Tensor
        self.spread: Tensor
        self.register_buffer("weights", feature_weights(), persistent=False)
        self.register_buffer("phases", phase_table(), persistent=False)
        generator = torch.Generator().manual_seed(22)
        self.register_buffer("turns", (torch.rand(BINS, generator=generator) > 0.5).float() * 2 - 1, persistent=False)
        self.register_buffer("attack", band_mean(ATTACK_EDGES, SHORT_BINS), persistent=False)
        self.register_buffer("spread", between_bands(ATTACK_EDGES, SHORT_BINS), persistent=False)
        for name, edges in (("high", HIGH_EDGES), ("side", SIDE_EDGES), ("cosine", COSINE_EDGES)):
            index, inside = band_of_bin(edges, BINS)
            self.register_buffer(f"{name}_band", index, persistent=False)
            self.register_buffer(f"{name}_inside", inside, persistent=False)

    def forward(self, features: Tensor, first_frame: int = 0) -> Tensor:
        """`Tensor[B, FEATURES, T]` -> `Tensor[B, 2, T * FRAME]` mid and side.

        `first_frame`: position of the first latent frame in the song, which chooses the noise. The outer `CONTEXT`
        frames are not whole.
        """
        (tone, high, side, cosine), attacks = self._split(features)
        spectra = self._spectra(tone, high, side, cosine, first_frame * LONGS)
        batch, channels, frames, bins = spectra.shape
        sound = istft(spectra.reshape(batch * channels, frames, bins), N, HOP)
        sound = sound[:, EDGE:-EDGE].reshape(batch, channels, -1)
        return self._with_attacks(sound, attacks)

    def _split(self, features: Tensor) -> tuple[list[Tensor], Tensor]:
        """Tones, high bands and side as magnitudes, cosines; attacks as log levels."""
        batch, _, frames = features.shape
        flat = features.transpose(1, 2) / self.weights
        long, short = flat.split([LONGS * sum(LONG_SPLIT), SHORTS * ATTACKS], 2)
        tone, high, side, cosine = long.reshape(batch, frames * LONGS, -1).split(LONG_SPLIT, 2)
        magnitudes = [(torch.exp(x.clamp_max(3.0)) - FLOOR).clamp_min(0) for x in (tone, high, side)]
        return [*magnitudes, cosine.clamp(-1, 1)], short.reshape(batch, frames * SHORTS, ATTACKS)

    def _to_bins(self, name: str, bands: Tensor) -> Tensor:
        index, inside = self.get_buffer(f"{name}_band"), self.get_buffer(f"{name}_inside")
        return bands.index_select(-1, index) * inside

    def _spectra(self, tone: Tensor, high: Tensor, side: Tensor, cosine: Tensor, first: int) -> Tensor:
        """Complex spectra of mid and side, `[B, 2, K, BINS]`."""
        batch, frames, _ = tone.shape
        start = phases_at(self.phases, first, frames).expand(batch, frames, BINS)
        phasors = torch.cat([tone_phases(tone, start[..., :TONES]), start[..., TONES:]], 2)
        magnitude = torch.cat([tone, self._to_bins("high", high)[..., TONES:]], 2)
        aligned = self._to_bins("cosine", cosine)
        turned = (1 - aligned.square()).clamp_min(0).sqrt() * self.turns
        across = self._to_bins("side", side)
        return torch.stack([magnitude * phasors, torch.complex(across * aligned, across * turned) * phasors], 1)

    def _with_attacks(self, sound: Tensor, attacks: Tensor) -> Tensor:
        """Bring the mid's short-time levels to `attacks` `[B, frames, ATTACKS]`; the side moves with it."""
        hop = SHORT_HOP // 2
        batch, channels, length = sound.shape
        ahead = margin(SHORT_N, hop) + SHORT_N - hop  # the first frames that the inverse gives are not whole
        padded = nn.functional.pad(sound, (ahead, ahead)).reshape(batch * channels, -1)
        spectra = stft(padded, SHORT_N, hop)
        skipped = (SHORT_N - hop) // hop
        frames = length // hop
        inner = spectra.view(batch, channels, -1, SHORT_BINS)[:, :, skipped : skipped + frames]
        wanted = nn.functional.interpolate(attacks.transpose(1, 2), scale_factor=2.0, mode="linear").transpose(1, 2)
        there = torch.log((inner[:, 0].abs().square() @ self.attack).sqrt() + FLOOR)
        gain = (wanted - there).clamp(-_DOWN, _UP)
        gain = torch.exp(nn.functional.softshrink(gain, _DEAD) @ self.spread)
        shaped = nn.functional.pad(inner * gain[:, None], (0, 0, skipped, skipped))
        made = istft(shaped.reshape(batch * channels, -1, SHORT_BINS), SHORT_N, hop)
        return made[:, ahead : ahead + length].view(batch, channels, length)
