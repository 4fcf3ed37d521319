"""Files whose headers lie, whose numbers are of another scale, or whose names are of another time."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UserError
from musika_daw.train.compressed_length import flac_last_frame, walk_mp3
from musika_daw.train.music_file import NoMusicError, measure_file, read_frames
from musika_daw.train.music_folder import find_music, name_files, read_music
from tests.support.fuzz import fuzzing
from tests.support.mutations import mutated

RATE = 44100


def tone(seconds: float = 3.0, channels: int = 2) -> np.ndarray:
    sound = 0.5 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * RATE)) / RATE)
    return np.stack([sound] * channels, 1)


def patched(path: Path, *patches: tuple[int, bytes]) -> Path:
    data = bytearray(path.read_bytes())
    for place, new in patches:
        data[place : place + len(new)] = new
    path.write_bytes(data)
    return path


def check(path: Path, frames: int, off: int = 0) -> None:
    """It is as long as it is, and its last second is there."""
    file = measure_file(path)
    assert abs(file.frames - frames) <= off, path
    end = read_frames(file, file.frames - RATE, RATE)
    assert end.shape == (2, RATE) and 0.3 < np.abs(end).max() < 0.7, path
    assert read_frames(file, 5000, 100).shape == (2, 100)


def test_flac_out_of_a_pipe_has_no_length_and_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, tone(), RATE)
    (field,) = struct.unpack_from(">Q", path.read_bytes(), 18)
    patched(path, (18, struct.pack(">Q", field >> 36 << 36)))
    assert soundfile.info(path).frames == 2**63 - 1
    check(path, 3 * RATE)


def test_files_that_are_cut_off_are_as_long_as_what_is_there(tmp_path: Path) -> None:
    for name in ("a.flac", "a.ogg", "a.wav"):
        path = tmp_path / name
        soundfile.write(path, tone(30.0), RATE)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        check(path, 20 * RATE, 3 * RATE)  # a page of Ogg holds seconds


@pytest.mark.parametrize("told", [0, 0xFFFFFFFF, 0x7FFFFF00])
def test_a_recording_of_a_recorder_that_lost_power(tmp_path: Path, told: int) -> None:
    wav, aiff = tmp_path / "a.wav", tmp_path / "a.aiff"
    soundfile.write(wav, tone(), RATE)
    patched(wav, (4, struct.pack("<I", told)), (40, struct.pack("<I", told)))
    check(wav, 3 * RATE)
    soundfile.write(aiff, tone(), RATE)
    data = aiff.read_bytes()
    place = data.index(b"SSND")
    patched(aiff, (4, bytes(4)), (data.index(b"COMM") + 10, bytes(4)), (place + 4, bytes(4)))
    check(aiff, 3 * RATE)


def test_lengths_of_minus_one_in_large_formats(tmp_path: Path) -> None:
    path = tmp_path / "a.rf64"
    soundfile.write(path, tone(), RATE, format="RF64")
    data = path.read_bytes()
    patched(path, (data.index(b"ds64") + 8, bytes(24)))
    if soundfile.info(path).frames == 0:
        check(path, 3 * RATE)
    caf = tmp_path / "a.caf"
    soundfile.write(caf, tone(), RATE)
    patched(caf, (caf.read_bytes().index(b"data") + 4, b"\xff" * 8))
    check(caf, 3 * RATE, 10)


def test_an_mp3_that_promises_less_than_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    quiet = 0.0001 * tone(2.0)
    soundfile.write(path, np.concatenate([quiet, tone(4.0)]), RATE, bitrate_mode="VARIABLE", compression_level=0.2)
    walked = walk_mp3(path)
    assert walked is not None and abs(walked.count * walked.samples - 6 * RATE) < 4000
    data = path.read_bytes()
    first = data[walked.start :]
    (tmp_path / "no_header.mp3").write_bytes(b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + first)
    check(tmp_path / "no_header.mp3", 6 * RATE, 4000)
    xing = max(data.find(b"Xing", 0, 200), data.find(b"Info", 0, 200))
    if xing > 0:
        patched(path, (xing + 8, struct.pack(">I", walked.count // 5)))
        check(path, 6 * RATE, 4000)


def test_numbers_of_other_scales(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for scale in (1.0, 1.9, 32768.0, 2.0**23, 2.0**31):
        soundfile.write(path, tone() * scale, RATE, subtype="DOUBLE")
        peak = np.abs(read_frames(measure_file(path), 0, RATE)).max()
        assert peak == pytest.approx(0.95 if scale == 1.9 else 0.5, abs=0.01), scale
    sound = tone()
    sound[1000], sound[2000], sound[3000], sound[4000] = np.inf, np.nan, 1e30, -np.inf
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    file = measure_file(path)
    read = read_frames(file, 0, 3 * RATE)
    assert np.isfinite(read).all() and np.abs(read).max() <= 4.0 and file.gain == 1.0
    assert np.allclose(read[:, 5000:], tone()[5000:].T, atol=1e-6)
    assert np.isfinite(read_music(file, 22050)).all()


@pytest.mark.parametrize(("value", "reason"), [(np.nan, "numbers that are none"), (1e30, "holds numbers up to 1e30")])
def test_numbers_that_are_no_sound_are_skipped_by_name(tmp_path: Path, value: float, reason: str) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full((RATE, 2), value), RATE, subtype="FLOAT")
    with pytest.raises(NoMusicError, match=reason):
        measure_file(path)


def test_more_formats_are_read_and_others_are_told(tmp_path: Path) -> None:
    kinds = {".opus": ("OGG", "OPUS"), ".aifc": ("AIFF", None), ".oga": ("OGG", None), ".w64": ("W64", None)}
    kinds |= {".caf": ("CAF", None), ".rf64": ("RF64", None), ".au": ("AU", None), ".WAV": ("WAV", "FLOAT")}
    for ending, (kind, subtype) in kinds.items():
        rate = 48000 if ending == ".opus" else RATE
        soundfile.write(tmp_path / f"a{ending}", tone(1.0), rate, format=kind, subtype=subtype)
    for name in ("b.m4a", "c.M4A", "d.wma", "e.mp4", "f.txt"):
        (tmp_path / name).write_bytes(b"x")
    music = find_music(tmp_path)
    assert {file.path.suffix for file in music.files} == set(kinds) and not music.skipped
    assert music.left_out() == ("4 files of other formats: 2 .m4a, 1 .wma, 1 .mp4 (convert them to wav or flac)",)
    for path in tmp_path.glob("a.*"):
        path.unlink()
    with pytest.raises(UserError, match=r"\(0 broken files, 2 \.m4a, 1 \.wma, 1 \.mp4\)"):
        find_music(tmp_path)


def test_waste_baskets_are_left_out(tmp_path: Path) -> None:
    for place in (
        *(".Trashes/501", "$RECYCLE.BIN/S-1", "album/@eaDir", "__MACOSX/album", ".Trash-1000/files", "#recycle"),
        *("System Volume Information", "lost+found", "album"),
    ):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / place / "old.wav", tone(0.1), RATE)
    (tmp_path / "album" / "._old.wav").write_bytes(b"a fork")
    assert [file.path.relative_to(tmp_path).as_posix() for file in find_music(tmp_path).files] == ["album/old.wav"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems keep names in Unicode")
def test_names_in_latin_1(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1.0), RATE)
    shutil.copy(tmp_path / "a.wav", tmp_path / "café.wav")
    shutil.copy(tmp_path / "a.wav", os.fsencode(tmp_path) + b"/caf\xe9.wav")
    with open(os.fsencode(tmp_path) + b"/br\xe9ak.wav", "wb") as file:
        file.write(b"no music")
    music = find_music(tmp_path)
    names = list(name_files(music.files, tmp_path).values())
    assert sorted(names)[0] == "a" and len(set(names)) == 3 and all(name.encode("utf-8") for name in names)
    assert any(name.startswith("café") for name in names)
    assert all(np.abs(read_music(file, RATE)).max() > 0.4 for file in music.files)
    assert len(music.left_out()) == 1 and "bréak.wav cannot be read" in music.left_out()[0]


def test_mutated_headers_end_in_music_or_in_a_reason(tmp_path: Path) -> None:
    originals = {}
    for name, options in {"a.wav": {}, "b.wav": {"subtype": "FLOAT"}, "c.flac": {}, "d.mp3": {}, "e.aiff": {}}.items():
        soundfile.write(tmp_path / name, tone(0.5), RATE, **options)
        originals[name] = (tmp_path / name).read_bytes()
    for seed in fuzzing("mutated headers of WAV, FLAC, MP3 and AIFF", 150, 0.1):
        name, data = list(originals.items())[seed % len(originals)]
        path = tmp_path / name
        path.write_bytes(mutated(data[:100], random.Random(seed)) + data[100:])
        try:
            file = measure_file(path)
            sound = read_frames(file, 0, min(file.frames, RATE))
        except (NoMusicError, UserError) as error:
            assert "\n" not in str(error)
            continue
        assert np.isfinite(sound).all() and np.abs(sound).max(initial=0.0) <= 4.0
        assert file.seconds < 200_000


def test_a_pipe_of_ffmpeg(tmp_path: Path) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("files out of a real pipe are made with ffmpeg")
    for kind in ("flac", "wav", "aiff", "caf", "w64", "ogg"):
        command = [program, "-v", "error", "-f", "lavfi", "-i", "sine=220:d=3,volume=4", "-f", kind, "-"]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        (tmp_path / f"a.{kind}").write_bytes(done.stdout)
        check(tmp_path / f"a.{kind}", 3 * RATE, 10)
    assert flac_last_frame(tmp_path / "a.flac") is not None
