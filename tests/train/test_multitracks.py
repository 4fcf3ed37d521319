"""Multitracks told from the names of folders and files, and what is done where stems are missing, short or silent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UsageError, UserError
from musika_daw.train.labelling import label_song
from musika_daw.train.multitracks import find_multitracks, stem_name, stem_names
from musika_daw.train.music_folder import find_music
from musika_daw.train.songs import Material

RATE = 8000


def write(path: Path, level: float = 0.1, seconds: float = 2.0, rate: int = RATE, channels: int = 2) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.full((int(seconds * rate), channels), level), rate, "FLOAT")


def found(root: Path, *wanted: str) -> Material | None:
    return find_multitracks(find_music(root), root, wanted)


def stems_of(material: Material | None, song: int = 0) -> dict[str, list[str]]:
    assert material is not None
    files = material.songs[song].stems
    return {stem: [f.path.name for f in own] for stem, own in zip(material.stems, files, strict=True)}


def test_names() -> None:
    names = ("drums", "01 Drums", "drums_128bpm_Am", "Hi-Hat 2", "Schlägel", "808", "(2) Vocals - take 3")
    assert [stem_name(name) for name in names] == ["drums", "drums", "drums", "hi-hat", "schlagel", "", "vocals"]
    assert stem_names("drums, vocals") == ("drums", "vocals")
    for wrong in ("mix,drums", "Drums", "drums,,bass", "lead vocals"):
        with pytest.raises(UsageError, match="is not possible: expected one word"):
            stem_names(wrong)


def test_a_folder_for_each_song(tmp_path: Path) -> None:
    """Names begin with the song's, several files make a stem, and what few songs have is left out."""
    for song in ("album/one", "two", "three"):
        for name in ("Drums", "bass line", "vocals", "mix"):
            write(tmp_path / song / f"{Path(song).name} - {name}.wav")
    write(tmp_path / "two" / "two - drums again.wav")
    write(tmp_path / "two" / "two - triangle.wav")
    write(tmp_path / "loose.wav")
    material = found(tmp_path)
    assert material is not None and material.stems == ("drums", "bass", "vocals")
    assert [song.name for song in material.songs] == ["album/one", "three", "two"]
    assert stems_of(material, 2)["drums"] == ["two - Drums.wav", "two - drums again.wav"]
    assert material.remarks == ("left out: mix (3), triangle (1)", "left out: 1 files that belong to no song")


@pytest.mark.parametrize("pattern", ["{song}_{stem}.wav", "{stem}_{song}.wav", "{song} - {stem}.wav"])
def test_files_side_by_side(pattern: str, tmp_path: Path) -> None:
    for song in ("first_song", "second", "third"):
        for stem in ("keys", "drums"):
            write(tmp_path / pattern.format(song=song, stem=stem))
    material = found(tmp_path)
    assert material is not None and material.stems == ("drums", "keys")
    assert [song.name for song in material.songs] == ["first_song", "second", "third"]


def test_songs_of_their_own_are_no_stems(tmp_path: Path) -> None:
    for album, songs in (("early", ("Rain", "Stone", "Wind")), ("late", ("Glass", "Ashes", "The Rain"))):
        for track, song in enumerate(("Intro", *songs, "Outro")):
            write(tmp_path / album / f"{track + 1:02d} {song}.wav")
    write(tmp_path / "loose.wav")
    for number in range(4):
        write(tmp_path / "loops" / f"loop {number}.wav")
    assert found(tmp_path) is None


def test_stems_that_are_asked_for(tmp_path: Path) -> None:
    """One song is enough then, and it may lie in the folder itself."""
    for name in ("drums", "bass", "mix"):
        write(tmp_path / "song" / f"{name}.wav")
    assert found(tmp_path / "song") is None
    material = found(tmp_path / "song", "bass", "drums")
    assert material is not None and material.stems == ("drums", "bass") and material.songs[0].name == "song"
    with pytest.raises(UserError, match=r"no song in .* has the stems flute: expected .*/SONG/flute\.wav"):
        found(tmp_path, "flute")


def test_missing_short_and_silent_stems_are_said(tmp_path: Path) -> None:
    for song in "abcd":
        for stem in ("drums", "bass", "lead"):
            write(tmp_path / song / f"{stem}.wav")
    (tmp_path / "a" / "bass.wav").unlink()
    write(tmp_path / "b" / "lead.wav", seconds=0.5)
    write(tmp_path / "c" / "drums.wav", level=0.0)
    for stem in ("drums", "lead"):
        (tmp_path / "d" / f"{stem}.wav").unlink()
    material = found(tmp_path)
    assert material is not None and [song.name for song in material.songs] == ["a", "b", "c"]
    assert material.remarks == (
        "a: bass is silent",
        "b: lead ends 2 s before the song, and is silent from there",
        "c: drums is silent",
        "skipped: d has too few of the stems",
    )
    assert material.seconds == pytest.approx(6)
    for song in "abc":
        write(tmp_path / song / "lead.wav", level=0.0)
    with pytest.raises(UserError, match="lead is silent in every song: choose other stems"):
        found(tmp_path)


def test_stems_are_read_at_one_rate_and_length(tmp_path: Path) -> None:
    write(tmp_path / "drums 1.wav", 0.1, channels=1)
    write(tmp_path / "drums 2.wav", 0.2, rate=16000)
    write(tmp_path / "bass.wav", 0.3, seconds=1.0)
    material = found(tmp_path, "drums", "bass")
    assert material is not None
    (song,) = material.songs
    drums, bass, mix = song.read(0, 0, 20000, RATE), song.read(1, 0, 20000, RATE), song.read_mix(0, 20000, RATE)
    assert drums.shape == bass.shape == (2, 20000)
    assert drums[:, 1000:15000] == pytest.approx(0.3, abs=0.01) and not drums[:, 16000:].any()
    assert bass[:, 1000:7000] == pytest.approx(0.3, abs=1e-6) and not bass[:, 8000:].any()
    assert np.array_equal(mix, drums + bass)


def test_more_stems_than_a_model_makes_are_refused(tmp_path: Path) -> None:
    for song in "ab":
        for name in ("kick", "snare", "hat", "tom", "ride", "bass", "pad", "lead", "vocals"):
            write(tmp_path / song / f"{name}.wav")
    with pytest.raises(UserError, match=r"holds 9 stems \(bass, lead, hat.*\): expected 8 at most; choose them"):
        found(tmp_path)
    assert stems_of(found(tmp_path, "kick", "bass")) == {"bass": ["bass.wav"], "kick": ["kick.wav"]}


def test_onsets_are_those_of_each_stem_and_of_the_mix(tmp_path: Path) -> None:
    for name, every in (("slow", 2.0), ("fast", 0.5)):
        sound = np.zeros(12 * 44100, np.float32)
        for at in np.arange(0.25, 11.9, every):
            first = round(at * 44100)
            sound[first : first + 4000] = np.sin(np.arange(4000) / 9) * np.exp(-np.arange(4000) / 600)
        soundfile.write(tmp_path / f"{name}.wav", sound, 44100)
    material = found(tmp_path, "slow", "fast")
    assert material is not None and material.stems == ("fast", "slow")
    labels = label_song(material.songs[0])
    assert [len(onsets) for onsets in labels.stems] == [24, 6] and len(labels.onsets) == 24
    rates = labels.onset_rates(np.array([6.0]))
    assert rates[0] == pytest.approx([2.0, 0.5], abs=0.3)
