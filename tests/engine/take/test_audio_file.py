"""Files of a take in the forms that DAWs want: bits, rates, FLAC, and how they end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from musika_daw.engine.take.audio_file import FORMATS, RATES, AudioFile, FileForm
from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.errors import UserError

ENGINE = 44100
STEPS = {"pcm16": 2.0**-15, "pcm24": 2.0**-23, "float32": 2.0**-24, "flac16": 2.0**-15, "flac24": 2.0**-23}
Audio = NDArray[np.float32]


def tone(seconds: float, hz: float = 1000.0) -> Audio:
    sound = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * ENGINE)) / ENGINE)
    return np.stack([sound, -sound]).astype(np.float32)


def written(path: Path, audio: Audio, form: FileForm, length: int, block: int = 1000) -> Path:
    file = AudioFile(path, WavFacts(120.0), ENGINE, form)
    for start in range(0, audio.shape[1], block):
        file.write(audio[:, start : start + block])
    assert file.frames == audio.shape[1]
    file.finish(length)
    return file.path


def read(path: Path) -> tuple[Audio, int]:
    sound, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return sound.T, rate


@pytest.mark.parametrize("sample_format", FORMATS)
def test_every_format_holds_the_samples(tmp_path: Path, sample_format: str) -> None:
    audio = tone(0.3)
    path = written(tmp_path / "bass", audio, FileForm(sample_format), audio.shape[1])
    assert path.suffix == (".flac" if sample_format.startswith("flac") else ".wav")
    sound, rate = read(path)
    dither = 2.0 if "16" in sample_format else 0.0
    assert rate == ENGINE and sound.shape == audio.shape
    assert np.abs(sound - audio).max() <= (0.51 + dither) * STEPS[sample_format]
    other = written(tmp_path / "cut", audio, FileForm(sample_format), audio.shape[1], block=777)
    assert np.array_equal(read(other)[0], sound), "however it is cut into blocks"


def test_sixteen_bits_are_dithered_and_silence_stays_silent(tmp_path: Path) -> None:
    quiet = (tone(1.0, 441.0) * np.float32(0.4 / 2**15)).astype(np.float32)  # lost without dither
    quiet[:, 30_000:] = 0.0
    sound, _ = read(written(tmp_path / "a", quiet, FileForm("pcm16"), quiet.shape[1]))
    assert not sound[:, 30_000:].any()
    heard = abs(np.vdot(np.exp(2j * np.pi * 441.0 * np.arange(30_000) / ENGINE), sound[0, :30_000])) / 15_000
    assert heard == pytest.approx(0.2 / 2**15, rel=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_other_rates_are_as_long_as_the_bars_and_in_tune(tmp_path: Path, rate: int) -> None:
    audio = tone(2.0)
    length = round(2.0 * rate) - 3 * (rate != ENGINE)  # the end of a bar falls where the song says
    sound, told = read(written(tmp_path / "a", audio, FileForm("float32", rate), length))
    wanted = 0.5 * np.sin(2 * np.pi * 1000.0 * np.arange(length) / rate)
    assert told == rate and sound.shape == (2, length)
    middle = slice(2000, length - 2000)
    assert np.abs(sound[0] - wanted)[middle].max() < 2e-4
    assert np.argmax(np.abs(sound[0]) > 0.1) <= rate / ENGINE * 10, "nothing is late"


def test_an_end_that_lies_beyond_what_there_is_is_silence(tmp_path: Path) -> None:
    audio = tone(0.5)
    length = audio.shape[1] + 100
    sound, _ = read(written(tmp_path / "a", audio, FileForm("float32", fade_seconds=0.001), length))
    assert sound.shape[1] == length and not sound[:, -100:].any()


def test_a_fade_is_heard_in_the_last_samples_alone(tmp_path: Path) -> None:
    audio, fade = tone(0.5), 441
    cut, _ = read(written(tmp_path / "a", audio, FileForm("float32"), audio.shape[1]))
    faded, _ = read(written(tmp_path / "b", audio, FileForm("float32", fade_seconds=fade / ENGINE), audio.shape[1]))
    assert np.array_equal(cut, audio)
    assert np.array_equal(faded[:, :-fade], audio[:, :-fade]) and abs(faded[0, -1]) < 1e-6
    assert np.abs(faded[:, -fade // 4 :]).max() < 0.1
    short = written(tmp_path / "c", audio[:, :100], FileForm("float32", fade_seconds=1.0), 100)
    assert read(short)[0].shape == (2, 100), "a fade that is longer than the file"


def test_what_has_no_beat_says_so(tmp_path: Path) -> None:
    file = AudioFile(tmp_path / "mix_128bpm", WavFacts(128.0, beats=4), ENGINE, FileForm())
    file.write(tone(0.5))
    file.finish(ENGINE // 2, WavFacts(None), "mix")
    assert file.path == tmp_path / "mix.wav" and not (tmp_path / "mix_128bpm.wav").exists()
    content = file.path.read_bytes()
    acid = content[content.index(b"acid") + 8 :][:24]
    assert acid[0] & 1 and not acid[0] & 4, "a one-shot that is not stretched"
    assert acid[-4:] == bytes(4) and acid[12:16] == bytes(4)


def test_broken_numbers_are_refused(tmp_path: Path) -> None:
    for form in (FileForm("flac24"), FileForm("pcm24", 48000)):
        file = AudioFile(tmp_path / form.sample_format, WavFacts(120.0), ENGINE, form)
        audio = tone(0.1)
        audio[1, 50] = np.nan
        with pytest.raises(UserError, match="sample 50 is not a finite number"):
            file.write(audio)
        file.abandon()
