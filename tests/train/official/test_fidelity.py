"""What an autoencoder keeps of songs, beside their own frames in random order."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.train.music_folder import find_music
from musika_daw.train.official.fidelity import fidelity
from musika_daw.train.songs import plain_songs

RATE = 44100


def test_what_changes_nothing_keeps_all_and_more_than_shuffled_frames(tmp_path: Path) -> None:
    time = np.arange(12 * RATE) / RATE
    steps = 220 * 2 ** (np.floor(time * 2) % 12 / 12)
    sound = np.sin(2 * np.pi * np.cumsum(steps) / RATE) * np.exp(-6 * (time % 0.5))
    soundfile.write(tmp_path / "one.wav", 0.5 * sound, RATE)
    found = fidelity(plain_songs(find_music(tmp_path), tmp_path), lambda original: original.copy())
    assert found["decoded_chroma"] == pytest.approx(1.0) and found["decoded_onset_f"] == pytest.approx(1.0)
    assert found["decoded_chroma_shuffled"] < 0.8
