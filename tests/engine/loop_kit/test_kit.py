"""Kits: everything a sampler needs in one folder, whole or not there."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from musika_daw.engine.loop_kit.hits import Hit, choose_hits
from musika_daw.engine.loop_kit.kit_writer import KitForm, KitWriter, LoopPlace
from musika_daw.engine.loop_kit.render_kit import KitPlan, render_kit
from musika_daw.engine.loop_kit.sfz import drum_map, loop_map
from musika_daw.engine.score import StyleCurve
from musika_daw.engine.take.audio_file import FileForm
from musika_daw.errors import UsageError
from musika_daw.music.harmony import parse_key
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import constant_tempo
from tests.engine.offline.test_renderer import a_score

LOUD = np.full((2, 88200), 0.1, np.float32)


def regions(text: str) -> list[dict[str, str]]:
    """An SFZ map as a sampler reads it: opcodes of a region over those of its group."""
    found: list[dict[str, str]] = []
    group: dict[str, str] = {}
    for header, body in re.findall(r"<(\w+)>([^<]*)", re.sub(r"//.*", "", text)):
        opcodes = dict(re.findall(r"(\w+)=(\S+)", body))
        if header == "group":
            group = opcodes
        else:
            assert header == "region"
            found.append({**group, **opcodes})
    return found


def chunks_of(path: Path) -> dict[bytes, bytes]:
    data, at, found = path.read_bytes(), 12, {}
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def test_a_kit_of_a_model(tiny_model: Path, tmp_path: Path) -> None:
    kit = render_kit(str(tiny_model), a_score(constant_tempo(120)), KitPlan(1, (1, 2)), project=tmp_path)
    assert kit == tmp_path / "Musika" / "loops 001" and not (tmp_path / "Musika" / "latest").exists()
    told = json.loads((kit / "kit.json").read_text(encoding="utf-8"))
    assert (told["bpm"], told["key"], told["seed"]) == (120.0, "Am", 7)
    assert {(loop["stem"], loop["bars"]) for loop in told["loops"]} == {(s, n) for s in (*STEMS, "mix") for n in (1, 2)}
    for loop in told["loops"]:
        sound, rate = soundfile.read(kit / loop["file"])
        assert (len(sound), rate) == (loop["bars"] * 88200, 44100) and loop["length_samples"] == len(sound)
        assert loop["file"] == f"loops/{loop['stem']}_01_{loop['bars']}bar{'s' * (loop['bars'] > 1)}_120bpm_Am.wav"
        assert struct.unpack_from("<I", chunks_of(kit / loop["file"])[b"smpl"], 28)[0] == 1, "samplers go round it"
        assert ("midi" in loop) == (loop["stem"] != "mix")
    beats = {path.name: mido.MidiFile(path).length for path in (kit / "midi").iterdir()}
    assert beats["bass_01_2bars_120bpm_Am.mid"] == pytest.approx(4.0)
    everything = {path.relative_to(kit).as_posix() for path in kit.rglob("*") if path.is_file()}
    maps = {f"{stem}_loops.sfz" for stem in (*STEMS, "mix")} | ({"drums.sfz"} if told["hits"] else set())
    files = {entry[name] for entry in (*told["loops"], *told["hits"]) for name in ("file", "midi") if name in entry}
    assert everything == files | maps | {"kit.json"}


def test_maps_name_files_that_are_there(tmp_path: Path) -> None:
    form = KitForm(FileForm(), constant_tempo(120), parse_key("F#m"))
    with KitWriter(tmp_path, form) as kit:
        for number in (1, 2):
            kit.write_loop(LoopPlace(number, 0, 1), "bass", LOUD, [Note(0, 1, 40, 0.5)])
        kit.write_loop(LoopPlace(1, 0, 1), "lead", np.zeros((2, 88200), np.float32), [])
        kit.write_hits({Hit(36, 0.5): LOUD, Hit(36, 1.0): LOUD, Hit(46, 0.9): LOUD, Hit(42, 0.9): LOUD})
        folder = kit.finish({"seed": 1})
    told = json.loads((folder / "kit.json").read_text(encoding="utf-8"))
    assert told["silent"] == ["lead_01_1bar"] and not (folder / "lead_loops.sfz").exists()
    loops = regions((folder / "bass_loops.sfz").read_text(encoding="utf-8"))
    assert [(r["key"], r["loop_mode"], r["loop_start"], r["loop_end"]) for r in loops] == [
        ("36", "loop_continuous", "0", "88199"),
        ("37", "loop_continuous", "0", "88199"),
    ]
    drums = regions((folder / "drums.sfz").read_text(encoding="utf-8"))
    assert [(r["key"], r["lovel"], r["hivel"]) for r in drums] == [
        ("36", "1", "95"),
        ("36", "96", "127"),
        ("42", "1", "127"),
        ("46", "1", "127"),
    ]
    assert {r["loop_mode"] for r in drums} == {"one_shot"}
    assert all((r["group"], r["off_by"]) == ("1", "1") for r in drums[2:]) and "group" not in drums[0]
    for region in (*loops, *drums):
        assert len(soundfile.read(folder / region["sample"])[0]) == 88200
        assert region["pitch_keycenter"] == region["key"], "it sounds as it was recorded"
    (kick, *_) = [hit["file"] for hit in told["hits"]]
    sampler = chunks_of(folder / kick)[b"smpl"]
    assert struct.unpack_from("<I", sampler, 12)[0] == 36 and struct.unpack_from("<I", sampler, 28)[0] == 0
    assert struct.unpack_from("<I", chunks_of(folder / kick)[b"acid"])[0] & 1, "a one-shot"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_kit_cut_short_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    form = KitForm(FileForm(), constant_tempo(120))
    with pytest.raises(error), KitWriter(tmp_path / "project", form) as kit:
        kit.write_loop(LoopPlace(1, 0, 1), "bass", LOUD, [])
        raise error
    assert not (tmp_path / "project").exists()


def test_places_lie_apart_or_are_refused() -> None:
    assert [(p.number, p.first_bar, p.bars) for p in KitPlan(2, (1, 4), 8).places()] == [
        (1, 8, 4),
        (1, 8, 1),
        (2, 24, 4),
        (2, 24, 1),
    ]
    assert [p.first_bar for p in KitPlan(4, (8,), 0, 40).places()] == [0, 10, 20, 30]
    with pytest.raises(UsageError, match="4 loops of 8 bars do not fit into 31: expected at least 32 bars"):
        list(KitPlan(4, bars=31).places())


def test_hits_are_those_that_are_played() -> None:
    strokes = [(36, 0.95), (36, 0.93), (42, 0.9), (42, 0.7), (42, 0.72), (42, 0.52), (38, 0.1)]
    notes = [Note(float(i), 0.25, pitch, strength) for i, (pitch, strength) in enumerate(strokes)]
    assert choose_hits(notes) == [Hit(36, 0.95), Hit(38, 0.5), Hit(42, 0.52), Hit(42, 0.72), Hit(42, 0.9)]
    assert choose_hits([]) == []
    assert [Hit(36, 1.0).name, Hit(99, 1.0).name] == ["kick", "drum 99"]


def test_maps_of_nothing_are_maps() -> None:
    assert regions(drum_map({})) == [] == regions(loop_map([]))


@pytest.mark.slow
def test_the_drums_of_the_shipped_model_are_struck_alone(tmp_path: Path) -> None:
    """Each hit begins at once and dies away; a kick is what a kick is."""
    score = a_score(constant_tempo(126), style=StyleCurve(((0.0, "warehouse"),)))
    kit = render_kit("techno", score, KitPlan(1, (4,)), project=tmp_path)
    told = json.loads((kit / "kit.json").read_text(encoding="utf-8"))
    assert {"kick", "closed_hat"} <= {hit["drum"] for hit in told["hits"]}
    for hit in told["hits"]:
        sound, rate = soundfile.read(kit / hit["file"])
        level = np.abs(sound).max(axis=1)
        assert np.argmax(level) < 0.08 * rate and level[-1] < 1e-4
        assert level[len(level) // 2 :].max() < level.max() / 2
    (kick, *_) = [soundfile.read(kit / hit["file"])[0][:, 0] for hit in told["hits"] if hit["drum"] == "kick"]
    spectrum = np.abs(np.fft.rfft(kick)) ** 2
    low = spectrum[: int(150 * len(kick) / 44100)].sum()
    assert low > spectrum.sum() / 2
