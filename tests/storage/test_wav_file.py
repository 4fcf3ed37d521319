"""WAV files of any number of channels; what takes say in theirs is tested with the takes."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.storage.wav_file import WavFile
from musika_daw.storage.wav_header import WavForm, chunk, wav_header


@pytest.mark.parametrize("channels", [1, 2, 3, 10])
def test_a_long_file_turns_into_rf64(tmp_path: Path, channels: int) -> None:
    file = WavFile(tmp_path / "a.wav", WavForm(channels, 48000, "float32"), riff_limit_bytes=10_000)
    audio = np.random.default_rng(2).uniform(-1, 1, (5000, channels)).astype(np.float32)
    file.append(audio[:10].tobytes())
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RIFF"
    file.append(audio[10:].tobytes())
    file.close()
    file.close()
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RF64"
    assert soundfile.info(tmp_path / "a.wav").samplerate == 48000
    np.testing.assert_array_equal(soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)[0], audio)


def test_the_header_is_true_once_a_second(tmp_path: Path) -> None:
    file = WavFile(tmp_path / "a.wav", WavForm(2, 1000, "pcm24"))
    for _ in range(25):
        file.append(bytes(600))
    assert soundfile.info(tmp_path / "a.wav").frames == 2000
    file.close()
    assert soundfile.info(tmp_path / "a.wav").frames == file.frames == 2500
    with pytest.raises(ValueError, match="whole frames"):
        WavFile(tmp_path / "b.wav", WavForm(2, 1000, "pcm24")).append(bytes(7))


@pytest.mark.parametrize("form", [WavForm(c, 44100, f) for c in (1, 2, 8) for f in ("pcm24", "float32")])
def test_a_header_never_changes_its_length(form: WavForm) -> None:
    more = chunk(b"note", b"odd")
    lengths = {len(wav_header(form, frames, more)) for frames in (0, 1, 10**6, 2**31, 2**40)}
    assert len(lengths) == 1
    assert len(more) == 12 and struct.unpack("<4sI", more[:8]) == (b"note", 3)
