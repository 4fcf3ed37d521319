"""WAV files: chunks, exact samples, crash safety, RF64. Chunks are parsed here again, independently of the writer."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.engine.take.wav_writer import WavWriter
from musika_daw.errors import UsageError, UserError

RATE = 44100
STEP = 2.0**-23


def noise(n: int, seed: int = 0, level: float = 0.2) -> NDArray[np.float32]:
    return (np.random.default_rng(seed).uniform(-level, level, (2, n))).astype(np.float32)


def chunks_of(path: Path) -> dict[str, bytes]:
    """Chunk name -> contents; sizes from ds64 where the file is RF64."""
    content = path.read_bytes()
    assert content[:4] in (b"RIFF", b"RF64") and content[8:12] == b"WAVE"
    found, at, data_size = {"form": content[:4], "riff_size": content[4:8]}, 12, None
    while at + 8 <= len(content):
        name, (size,) = content[at : at + 4].decode(), struct.unpack_from("<I", content, at + 4)
        if name == "ds64":
            data_size = struct.unpack_from("<Q", content, at + 16)[0]
        if name == "data" and size == 0xFFFFFFFF:
            assert data_size is not None
            size = data_size
        found[name] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def test_chunks_say_where_and_what_the_audio_is(tmp_path: Path) -> None:
    path = tmp_path / "bass.wav"
    facts = WavFacts(bpm=128.5, start_sample=2**33 + 5, beats=8, root_note=69, description="bass")
    with WavWriter(path, facts) as writer:
        writer.write(noise(RATE + 3))
    chunks = chunks_of(path)
    assert list(chunks)[-1] == "data", "all chunks stand before the audio"
    assert struct.unpack("<I", chunks["riff_size"])[0] == path.stat().st_size - 8
    assert chunks["fmt "] == struct.pack("<HHIIHH", 1, 2, RATE, RATE * 6, 6, 24)
    bext = chunks["bext"]
    assert len(bext) == 602
    assert bext[:256].rstrip(b"\0") == b"bass"
    assert bext[256:288].rstrip(b"\0") == b"Musika DAW"
    assert struct.unpack_from("<Q", bext, 338)[0] == 2**33 + 5
    flags, root, magic, _, beats, unit, metre, tempo = struct.unpack("<IHHfIHHf", chunks["acid"])
    assert (flags, root, magic, beats, metre, unit, tempo) == (6, 69, 0x8000, 8, 4, 4, 128.5)
    smpl = struct.unpack("<15I", chunks["smpl"])
    assert smpl[2] == round(1e9 / RATE) and smpl[3] == 69 and smpl[7] == 1
    assert smpl[10:13] == (0, 0, RATE + 2), "a forward loop over every sample"


@pytest.mark.parametrize("blocks", [[7], [1, RATE - 1], [RATE * 2 + 5], [3000] * 40])
@pytest.mark.parametrize("sample_format", ["pcm24", "float32"])
def test_audio_comes_back_exactly(tmp_path: Path, blocks: list[int], sample_format: str) -> None:
    path, audio = tmp_path / "a.wav", noise(sum(blocks), level=0.999)
    with WavWriter(path, WavFacts(120.0), sample_format=sample_format) as writer:
        for block in np.split(audio, np.cumsum(blocks)[:-1], axis=1):
            writer.write(block)
    back, rate = soundfile.read(path, dtype="float64", always_2d=True)
    assert rate == RATE and back.shape == (sum(blocks), 2)
    assert np.abs(back.T - audio).max() <= (STEP / 2 if sample_format == "pcm24" else 0.0)
    if sample_format == "float32":
        assert struct.unpack("<I", chunks_of(path)["fact"])[0] == sum(blocks)


def test_beyond_full_scale_is_clipped_and_counted(tmp_path: Path) -> None:
    audio = np.array([[1.5, -1.5, 1.0, -1.0], [0, 0, 0, 0.5]], np.float32)
    with WavWriter(tmp_path / "a.wav", WavFacts(120.0)) as writer:
        writer.write(audio)
    assert writer.clipped == 3
    back, _ = soundfile.read(tmp_path / "a.wav", dtype="float64")
    assert back[:, 0].tolist() == [1 - STEP, -1.0, 1 - STEP, -1.0]


def test_an_empty_file_is_valid(tmp_path: Path) -> None:
    WavWriter(tmp_path / "a.wav", WavFacts(120.0)).close()
    assert soundfile.info(tmp_path / "a.wav").frames == 0


@pytest.mark.parametrize("sample_format", ["pcm24", "float32"])
def test_large_files_become_rf64(tmp_path: Path, sample_format: str) -> None:
    audio = noise(50_000)
    with WavWriter(
        tmp_path / "a.wav", WavFacts(120.0), sample_format=sample_format, riff_limit_bytes=200_000
    ) as writer:
        writer.write(audio[:, :10_000])
        assert (tmp_path / "a.wav").read_bytes()[:4] == b"RIFF"
        writer.write(audio[:, 10_000:])
    chunks, size = chunks_of(tmp_path / "a.wav"), (tmp_path / "a.wav").stat().st_size
    assert chunks["form"] == b"RF64" and "JUNK" not in chunks
    frame = 6 if sample_format == "pcm24" else 8
    assert struct.unpack("<QQQI", chunks["ds64"]) == (size - 8, 50_000 * frame, 50_000, 0)
    back, _ = soundfile.read(tmp_path / "a.wav", dtype="float64")
    assert np.abs(back.T - audio).max() <= STEP / 2


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_broken_numbers_are_never_written(tmp_path: Path, broken: float) -> None:
    audio = noise(100)
    audio[1, 40] = broken
    writer = WavWriter(tmp_path / "a.wav", WavFacts(120.0))
    writer.write(noise(60))
    with pytest.raises(UserError, match="sample 100 is not a finite number"):
        writer.write(audio)
    writer.close()
    assert soundfile.info(tmp_path / "a.wav").frames == 60


def test_no_file_is_overwritten_and_formats_are_checked(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"mine")
    with pytest.raises(UserError, match=r"a\.wav"):
        WavWriter(tmp_path / "a.wav", WavFacts(120.0))
    with pytest.raises(UsageError, match="pcm24 or float32"):
        WavWriter(tmp_path / "b.wav", WavFacts(120.0), sample_format="mp3")
    assert (tmp_path / "a.wav").read_bytes() == b"mine"


WRITE_FOR_EVER = """
import sys, numpy as np
from pathlib import Path
from musika_daw.engine.take.wav_writer import WavWriter
from musika_daw.engine.take.wav_chunks import WavFacts
writer, written = WavWriter(Path(sys.argv[1]), WavFacts(120.0)), 0
while True:
    ramp = np.arange(written, written + 5000) % 8000000 / 2.0**23
    writer.write(np.stack([ramp, ramp]).astype(np.float32))
    written += 5000
    print(written, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX signal")
def test_kill_9_leaves_a_file_valid_up_to_its_last_second(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    child = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    written = 0
    while written < 5 * RATE:
        written = int(child.stdout.readline())
    time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    written = max([written, *(int(line) for line in child.stdout.read().split("\n") if line)])
    child.wait()
    back, _ = soundfile.read(path, dtype="float64")
    assert written - RATE - 5000 <= len(back) <= written + 5000
    assert np.array_equal(back[:, 0] * 2**23, np.arange(len(back)) % 8000000)
