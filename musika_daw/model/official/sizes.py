"""What distinguishes one official model from another, and all numbers that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY_44K, FAMILY_22K = "musika-44k", "musika-22k"
UNIT_FRAMES = 64  # spectral frames the decoders make at once


@dataclass(frozen=True)
class OfficialSize:
    """Widths of every network.

    Attributes:
        family: `musika-44k` or `musika-22k`.
        hop: samples a spectral frame; all widths of the autoencoders grow with it (256 officially).
        base: width of generator and critic (128 officially).
        depth: channels of level-2 latents for one audio channel.
        coordinates: channels of an anchor; a style vector has as many.
        small: the later code's `--small`: patches of 64 latents instead of 128.
        extra_inputs: further inputs of the generator; the paper's code had one by default.
        conditions: channels of conditioning that generator and critic both see (paper, section 5).
        stems: that generator and critic make and judge together; each has latents of its own, one above the other.
    """

    family: str = FAMILY_44K
    hop: int = 256
    base: int = 128
    depth: int = 64
    coordinates: int = 64
    small: bool = False
    extra_inputs: int = 0
    conditions: int = 0
    stems: int = 1

    @property
    def is_44k(self) -> bool:
        return self.family == FAMILY_44K

    @property
    def sample_rate(self) -> int:
        """Hz."""
        return 44100 if self.is_44k else 22050

    @property
    def fft(self) -> int:
        return 4 * self.hop

    @property
    def bins(self) -> int:
        return 2 * self.hop + 1

    @property
    def frame_depth(self) -> int:
        """Channels of level-1 latents, one a spectral frame."""
        return self.hop // 4 if self.is_44k else self.hop // 2

    @property
    def latent_frames(self) -> int:
        """Spectral frames a level-2 latent."""
        return 16 if self.is_44k else 8

    @property
    def latent_samples(self) -> int:
        return self.latent_frames * self.hop

    @property
    def unit_latents(self) -> int:
        """Level-2 latents of one unit."""
        return UNIT_FRAMES // self.latent_frames

    @property
    def unit_samples(self) -> int:
        return UNIT_FRAMES * self.hop

    @property
    def patch(self) -> int:
        """Level-2 latents the generator makes at once (the paper's seq_len); critics see two of them."""
        return 64 if self.small else 128

    @property
    def patch_samples(self) -> int:
        return self.patch * self.latent_samples

    @property
    def inputs(self) -> int:
        """Channels into the generator: coordinates, style, extras, conditioning."""
        return 2 * self.coordinates + self.extra_inputs + self.conditions

    @property
    def stereo_depth(self) -> int:
        """Channels of a stem's latents: left, then right."""
        return 2 * self.depth

    @property
    def latent_channels(self) -> int:
        """Channels of the generator's latents: those of every stem."""
        return self.stems * self.stereo_depth

    @property
    def critic_inputs(self) -> int:
        """Channels into the critic: latents, conditioning."""
        return self.latent_channels + self.conditions

    def scaled(self, channels: int) -> int:
        """A width of the autoencoders, given for a hop of 256."""
        return channels * self.hop // 256
