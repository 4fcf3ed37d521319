"""A whole model of tiny untrained networks: everything but the sound is real, and it loads in a blink."""

from __future__ import annotations

import numpy as np
import torch

from musika_daw.model.autoencoder import AutoencoderSize, DrumAutoencoder, DrumSize, PitchedAutoencoder
from musika_daw.model.generator import Generator, GeneratorSize
from musika_daw.model.model_file import ModelInfo, Networks
from musika_daw.model.pattern_codec import LAYOUT
from musika_daw.model.pattern_net import PatternNet, PatternSize
from musika_daw.model.style import STYLE_SIZE


def make_tiny_networks() -> Networks:
    """Makes the same networks every time."""
    torch.manual_seed(1)
    size = AutoencoderSize(encoder=8, decoder=16, bands=40)
    pattern = PatternNet(PatternSize(width=16, conditioning=8, dilations=(1, 2, 4)))
    with torch.no_grad():
        # Untrained, it would play everywhere at once: about a third of the grid is music enough.
        last = pattern.last[-1]
        assert isinstance(last, torch.nn.Conv1d) and last.bias is not None
        for stem in ("drums", "bass", "chords", "lead"):
            last.bias[LAYOUT[f"{stem}.on"]] = -0.8
    generator = Generator(GeneratorSize(width=16, conditioning=8, dilations=(1, 2)))
    generator.scale.fill_(0.4)
    styles = torch.from_numpy(np.random.default_rng(3).uniform(-1, 1, (8, STYLE_SIZE)).astype(np.float32))
    drums = DrumAutoencoder(DrumSize(encoder=8, decoder=16, bands=40))
    networks = Networks(ModelInfo("tiny"), drums, PitchedAutoencoder(size), pattern, generator, styles)
    for network in networks.by_name().values():
        network.requires_grad_(False).eval()
    return networks
