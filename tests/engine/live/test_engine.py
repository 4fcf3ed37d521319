"""The live engine: what is played when, and that nothing is lost on the way."""

from __future__ import annotations

import gc
import math
import os
import random
import threading
import time
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musika_daw.controls.move import RefusedError
from musika_daw.controls.target import address_of, target_of
from musika_daw.engine.live.plan.meter import Costs, LoadMeter
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES
from musika_daw.engine.live.replay import replay_take
from musika_daw.engine.live.state.cues import CUES
from musika_daw.engine.own.phrases import Phrase, PhraseBook, PhraseRequest
from musika_daw.engine.own.song import Song
from musika_daw.engine.project_files.midi import write_midi
from musika_daw.engine.take.session_log import read_session
from musika_daw.errors import UserError
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import constant_tempo
from osc_protocol.types import find

Studio = Any  # of conftest.py


def test_it_waits_in_silence_plays_and_stops(studio: Studio) -> None:
    studio.until(lambda: studio.tape.samples > 20_000)
    assert not studio.tape.heard().any() and studio.engine.position() == 0.0
    studio.post(("play",))
    studio.play_until(8.0)
    studio.post(("stop",))
    studio.until(lambda: studio.engine.ahead_seconds() == np.inf)
    stopped = studio.tape.samples
    studio.until(lambda: studio.tape.samples > stopped + 120_000)
    here = studio.engine.position()
    assert here >= 8.0
    heard = studio.tape.heard()
    assert np.abs(heard).max() > 1e-3 and np.abs(heard).max() < 1.0
    assert np.abs(heard[:, -2000:]).max() < 1e-2  # effects have rung out by now
    assert [b for (b,) in studio.notices("/musika/beat")][:8] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    studio.post(("continue",))
    studio.play_until(here + 1)
    assert studio.engine.status()[2] == 0


def test_play_starts_from_the_located_position(studio: Studio) -> None:
    studio.post(("locate", 32.0))
    studio.post(("play",))
    studio.play_until(34.0)
    assert studio.notices("/musika/beat")[0] == (32.0,)
    studio.post(("locate", 8.0))
    studio.until(lambda: studio.engine.position() < 20)
    assert studio.get("/musika/locate")[0] >= 8.0


def test_moves_of_a_burst_make_few_versions(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    for i in range(200):
        studio.post(("density", i / 200))
    studio.until(lambda: ("/musika/density",) in [v[:1] for v in studio.notices("/musika/landed")])
    studio.play_until(studio.engine.position() + 4)
    landed = {beat for address, beat in studio.notices("/musika/landed") if address == "/musika/density"}
    assert 1 <= len(landed) < 20
    assert studio.get("/musika/density") == (199 / 200,)


@pytest.mark.parametrize(("grid", "beats"), [("beat", 1), ("bar", 4)])
def test_moves_land_on_the_grid(studio: Studio, grid: str, beats: int) -> None:
    studio.post(("quantize", grid), ("play",))
    for _ in range(3):
        studio.play_until(studio.engine.position() + 1.3)
        studio.post(("density", random.random()), ("morph", random.random(), 0.5))
    studio.play_until(studio.engine.position() + 9)
    landed = [beat for address, beat in studio.notices("/musika/landed") if address == "/musika/morph"]
    assert len(landed) == 3 and all(beat % beats == 0 for beat in landed)


@pytest.mark.slow
def test_a_loop_sounds_the_same_every_time(studio: Studio) -> None:
    """From the second bar of a pass on: the first holds what still rings of the end of the pass before."""
    # Soft enough for the limiter, which hears what rings and turns all stems down together.
    studio.post(*((f"stem/{stem}/gain", -12.0) for stem in STEMS))
    studio.post(("loop", 16.0, 24.0), ("locate", 16.0))
    studio.post(("play",))
    bar, a_pass = round(4 * 60 / 128 * 44100), round(8 * 60 / 128 * 44100)
    studio.until(lambda: len(studio.notices("/musika/beat")) > 8 * 4)
    stems = {stem: studio.tape.heard(stem) for stem in STEMS}
    beats = [b for (b,) in studio.notices("/musika/beat")]
    assert beats[:17] == [*range(16, 24), *range(16, 24), 16]
    first = int(np.nonzero(np.abs(studio.tape.heard()).max(0) > 0)[0][0]) // 512 * 512
    for stem, audio in stems.items():
        two, three = (audio[:, first + n * a_pass + bar :][:, : bar - 600] for n in (1, 2))
        assert two.shape == three.shape and np.abs(two - three).max() < 3e-3, stem  # what rings of earlier passes


@pytest.mark.parametrize("samples", [100, 700])
def test_a_jump_to_the_very_end_of_a_block_lands(studio: Studio, samples: int) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    beat = (40 * BLOCK_SAMPLES - samples) / 44100 * 128 / 60
    studio.post(("locate", beat))
    shortest = math.inf

    def landed() -> bool:
        nonlocal shortest
        shortest = min(shortest, studio.engine.ahead_seconds())
        return bool(studio.notices("/musika/landed")[-1] == ("/musika/locate", beat))

    studio.until(landed)
    assert shortest > 0.03, "where nothing can stand in for the rest, there is enough for the next block to be made"
    studio.play_until(beat + 1.0)


@pytest.mark.parametrize("grid", ["now", "bar"])
def test_the_music_goes_on_while_a_new_phrase_is_made(
    monkeypatch: pytest.MonkeyPatch, studio: Studio, grid: str
) -> None:
    made = PhraseBook._make
    heard: list[int] = []
    over = threading.Event()

    def slowly(book: PhraseBook, request: PhraseRequest) -> Phrase:
        """Takes until more has been heard than was made ahead."""
        if request.seed == 99 and request.phrase == 0:
            begin, end = studio.tape.samples, time.monotonic() + 10
            while studio.tape.samples < begin + 3 * 44100 and time.monotonic() < end and not over.wait(0.01):
                pass
            heard.append(studio.tape.samples - begin)
        return made(book, request)

    (model,) = studio.engine._commands.models.values()
    monkeypatch.setattr(model.phrases, "phrase", lru_cache(partial(slowly, model.phrases)))
    studio.post(("quantize", grid), ("play",))
    studio.play_until(2.0)
    studio.post(("seed", 99))
    studio.until(lambda: any(values[0] == "/musika/seed" for values in studio.notices("/musika/landed")))
    over.set()
    assert heard and heard[0] >= 3 * 44100


def test_after_a_block_that_took_for_ever_moves_still_land_soon(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.post(("play",))
    studio.play_until(2.0)
    made: list[float] = []
    monkeypatch.setattr(LoadMeter, "made", lambda meter, seconds: made.append(seconds))  # nothing is forgotten
    studio.engine._shared.meter.costs = Costs(0.1, 60.0)
    studio.post(("density", 0.3))
    studio.until(lambda: any(values[0] == "/musika/density" for values in studio.notices("/musika/landed")))
    assert len(made) * BLOCK_SAMPLES < 20 * 44100


def test_what_is_not_played_any_more_goes_at_once(studio: Studio) -> None:
    """Without the garbage collector, which would stop the writer: nothing that moves leave behind refers to itself."""
    studio.post(("play",))
    studio.play_until(2.0)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for number in range(12):
            studio.post(("morph", number % 2, 0.5), ("density", 0.2 + number / 20), ("seed", number % 3))
            studio.play_until(studio.engine.position() + 0.5)
        gc.collect()
        left = [thing for thing in gc.garbage if type(thing).__module__.startswith("musika_daw")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert left == []


def test_one_style_alone_is_heard_until_the_square_is_moved(studio: Studio) -> None:
    engine = studio.engine
    square = engine.song_notes("bass", 0.0, 32.0)
    studio.post(("anchor/d", "circuit"))
    studio.post(("style", "circuit"))
    assert studio.get("/musika/style") == ("circuit",)
    alone = engine.song_notes("bass", 0.0, 32.0)
    assert alone != square
    studio.post(("morph", 1.0, 1.0))
    assert studio.get("/musika/style") == ("",) and engine.song_notes("bass", 0.0, 32.0) == alone
    studio.post(("morph", 0.0, 0.0))
    assert engine.song_notes("bass", 0.0, 32.0) == square


def test_a_held_pattern_stays_while_the_rest_moves(studio: Studio) -> None:
    engine = studio.engine
    before = engine.song_notes("bass", 0.0, 32.0), engine.song_notes("lead", 0.0, 32.0)
    studio.post(("stem/bass/hold", True))
    studio.post(("seed", 99), ("density", 0.4))
    assert studio.get("/musika/stem/bass/hold") == (True,)
    after = engine.song_notes("bass", 0.0, 32.0), engine.song_notes("lead", 0.0, 32.0)
    assert after[0] == before[0] and after[1] != before[1]
    studio.post(("stem/bass/hold", False))
    assert engine.song_notes("bass", 0.0, 32.0) != before[0]


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("key", ("H#",), "is not a key"),
        ("chords", ("Am Xq",), "is not known"),
        ("anchor/a", ("no such style",), "expected one of"),
        ("style", ("no such style",), "expected one of"),
        ("stem/viola/density", (0.5,), "no stem viola"),
        ("stem/viola/gain", (0.5,), "no stem viola"),
        ("stem/bass/fx/15/mix", (0.5,), "has no effect 15"),
        ("loop", (8.0, 4.0), "before it begins"),
        ("model", ("no such model",), "not known"),
        ("record", ("a/b",), "take name"),
        ("stem/bass/notes", ("no such file.mid",), "no such file"),
        ("stem/bass/notes", ("loop 4: 200 0 1 1",), "pitch 0 to 127"),
    ],
)
def test_what_is_not_possible_is_refused_and_changes_nothing(
    studio: Studio, name: str, values: tuple[object, ...], says: str
) -> None:
    addresses = ("/musika/density", "/musika/key", "/musika/loop", "/musika/anchor/a", "/musika/stem/bass/gain")
    before = [studio.get(address) for address in addresses]
    with pytest.raises(RefusedError, match=says):
        studio.post(("density", 0.123), ("stem/bass/gain", -20.0), (name, *values))
    assert [studio.get(address) for address in addresses] == before


def test_a_move_that_fails_in_the_worker_is_taken_back_and_told(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.post(("play",))
    studio.play_until(2.0)
    engine = studio.engine
    notes = Song.ready

    def ready(song: Song, beat: float) -> None:
        if song.score.seed == 99:
            raise ValueError("no notes for that")
        notes(song, beat)

    monkeypatch.setattr(Song, "ready", ready)
    studio.post(("density", 0.3), ("seed", 99))
    studio.until(lambda: studio.notices("/musika/error"))
    assert studio.notices("/musika/error") == [("/musika/density", "failed", "no notes for that")]
    assert studio.get("/musika/seed") == (7,) and studio.get("/musika/density") == (0.8,)
    assert studio.notices("/musika/seed")[-1] == (7,)
    studio.post(("density", 0.4))
    studio.until(lambda: any(values[0] == "/musika/density" for values in studio.notices("/musika/landed")))
    assert studio.get("/musika/density") == (0.4,) and engine.status()[2] == 0


def test_what_moves_along_is_told(studio: Studio) -> None:
    studio.post(("stem/bass/density", 0.2), ("stem/drums/fx/0/threshold_db", -30.0))
    studio.told.clear()
    studio.post(("density", 0.9))
    assert studio.notices("/musika/stem/bass/density")[-1] == (0.9,)
    studio.post(("preset", "drum_tool"))
    told = {address_of(notice.target) for notice in studio.told + studio.engine.notices()}
    assert {"/musika/preset", "/musika/density", "/musika/anchor/a"} <= told


def test_effects_of_a_stem_and_of_the_mix_are_bypassed(studio: Studio) -> None:
    studio.post(("preset", "boiler"))
    bypasses = ("/musika/stem/drums/fx/0/bypass", "/musika/stem/mix/fx/0/bypass")
    assert set(bypasses) <= set(map(address_of, studio.engine.targets()))
    for address in bypasses:
        assert studio.get(address) == (0.0,) and studio.engine.limits(target_of(address)) == (0, 1)
        studio.post((address.removeprefix("/musika/"), 1.0))
        assert studio.get(address) == (1.0,)
    studio.until(lambda: studio.tape.samples)
    studio.post(("preset", "boiler"))
    assert [studio.get(address) for address in bypasses] == [(0.0,)] * 2, "a preset that is loaded again"
    assert all(studio.notices(address)[-1] == (0.0,) for address in bypasses)


def test_every_address_that_can_be_read_answers(studio: Studio) -> None:
    for address in map(address_of, studio.engine.targets()):
        if find(address).row.access.readable:
            assert isinstance(studio.get(address), tuple)


def test_notes_that_are_given_replace_the_pattern_and_give_it_back(studio: Studio, tmp_path: Path) -> None:
    engine = studio.engine
    own = engine.song_notes("bass", 0.0, 32.0)
    studio.post(("stem/bass/notes", "loop 8: 33 0 0.5 100, 36 1.5 0.25 90"))
    given = engine.song_notes("bass", 0.0, 32.0)
    assert [(n.start_beat, n.pitch) for n in given[:4]] == [(0.0, 33), (1.5, 36), (8.0, 33), (9.5, 36)]
    assert studio.get("/musika/stem/bass/notes") == ("loop 8: 33 0 0.5 100, 36 1.5 0.25 90",)
    studio.post(("stem/bass/notes", "once 4: 40 0.1 1 100", "once", "grid"))
    around = engine.song_notes("bass", 0.0, 32.0)
    assert [n.start_beat for n in around if n.start_beat < 4.0] == [0.0]
    assert [n for n in around if n.start_beat >= 4.0] == [n for n in own if n.start_beat >= 4.0]
    studio.post(("play",))
    studio.play_until(5.0)
    file = tmp_path / "line.mid"
    notes = [Note(0.0, 1.0, 36, 0.8), Note(7.0, 0.5, 40, 0.8)]
    write_midi(file, notes, constant_tempo(120.0), 0.0, 8.0, name="line", channel=1)
    studio.post(("quantize", "bar"), ("stem/drums/notes", str(file), "once"))
    text = studio.get("/musika/stem/drums/notes")[0]
    assert text.startswith("once 8 from 8: 36 0 1 102, 38 7 0.5 102")  # the nearest drum there is
    for stem in ("bass", "drums"):
        studio.post((f"stem/{stem}/notes", "off"))
    assert engine.song_notes("bass", 0.0, 32.0) == own and studio.get("/musika/stem/bass/notes") == ("off",)


@pytest.mark.slow
def test_a_jam_is_replayed_bit_for_bit(studio: Studio, tmp_path: Path) -> None:
    generator = random.Random(3)
    studio.post(("record", "jam"))
    studio.post(("play",))
    names = list(STEMS)
    file = tmp_path / "line.mid"
    line = [Note(0.0, 1.0, 36, 0.8), Note(2.5, 0.5, 40, 0.8)]
    write_midi(file, line, constant_tempo(120.0), 0.0, 4.0, name="line", channel=1)
    lines = [("loop 4: 33 0 0.5 100, 36 1.5 0.25 90",), (str(file),), (str(file), "once", "grid"), ("off",)]
    for _ in range(40):
        stem = generator.choice(names)
        studio.post(
            *generator.choice(
                [
                    [("density", generator.random())],
                    [("morph", generator.random(), generator.random())],
                    [("quantize", generator.choice(["now", "beat"])), ("seed", generator.randrange(5))],
                    [("tempo", generator.uniform(90, 150)), (f"stem/{stem}/hold", generator.random() < 0.5)],
                    [(f"stem/{stem}/gain", generator.uniform(-12, 0)), (f"stem/{stem}/mute", False)],
                    [("locate", float(generator.randrange(40)))],
                    [(f"stem/{stem}/density", generator.random()), (f"stem/{stem}/pan", 0.3)],
                    [(f"stem/{stem}/fx/0/bypass", float(generator.random() < 0.5))],
                    [(f"stem/{stem}/notes", *generator.choice(lines))],
                    [("cue", generator.choice(CUES), "bar"), ("motion", generator.random())],
                    [("mastering", generator.random() < 0.5), ("mastering_gain", generator.uniform(-6, 6))],
                ]
            )
        )
        end = studio.tape.samples + generator.randrange(2000, 30000)
        studio.until(lambda end=end: studio.tape.samples > end)
    studio.post(("stop",))
    studio.until(lambda: studio.notices("/musika/done"))
    jam = Path(studio.notices("/musika/done")[0][0])
    file.unlink()
    again = replay_take(read_session(jam / "session.jsonl"), tmp_path, "again")
    assert '"notes"' in (jam / "session.jsonl").read_text()
    assert jam.name == "jam 001" and again.name == "again 001"
    for file in jam.glob("*.wav"):
        one, two = (soundfile.read(folder / file.name, dtype="float32")[0] for folder in (jam, again))
        assert len(one) > 100_000 and np.array_equal(one, two), file.name
    for stem in STEMS:
        assert (jam / f"{stem}.mid").read_bytes() == (again / f"{stem}.mid").read_bytes()


def test_cues_are_sections_of_the_form_from_a_bar_to_come_on(studio: Studio) -> None:
    studio.post(("quantize", "now"), ("play",))
    studio.play_until(1.0)
    studio.post(("cue", "break"))
    assert studio.get("/musika/form") == ("from 17: break",)
    studio.post(("cue", "break", "bar"))
    (form,) = studio.get("/musika/form")
    bar = int(form.removeprefix("from ").removesuffix(": break"))
    assert bar in (2, 3)
    studio.play_until(4.0 * bar + 2)
    heard = studio.tape.heard("bass")
    assert np.abs(heard[:, -8000:]).max() < 0.02 < np.abs(heard).max(), "no bass in a break"
    studio.post(("cue", "drop", "bar"))
    assert studio.get("/musika/form")[0].startswith(f"from {bar}: break ")
    studio.until(lambda: studio.get("/musika/form") in studio.notices("/musika/form"))
    with pytest.raises(RefusedError, match="is no section"):
        studio.post(("form", "intro eight"))


def test_a_take_begins_on_the_bar_and_ends_on_one(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(2.5)
    studio.post(("record", True))
    assert studio.get("/musika/record") == (True,)
    with pytest.raises(RefusedError, match="stop it first"):
        studio.post(("record", "another"))
    studio.play_until(studio.engine.position() + 9)
    studio.post(("record", False))
    studio.until(lambda: studio.notices("/musika/done"))
    take = Path(studio.notices("/musika/done")[0][0])
    length = soundfile.info(next(take.glob("mix*.wav"))).frames
    bars = length / (4 * 60 / 128 * 44100)
    assert bars == pytest.approx(round(bars), abs=3e-5) and round(bars) >= 2  # to the sample
    session = read_session(take / "session.jsonl")
    assert session.start.first_beat % 4 == 0


def test_the_master_level_turns_stems_and_mix_down_and_a_preset_leaves_it_alone(studio: Studio) -> None:
    studio.post(("play",), ("master", -90.0))
    studio.play_until(3.0)
    assert np.abs(studio.tape.heard()[:, -10_000:]).max() < 1e-3
    assert np.abs(studio.tape.heard("drums")[:, -10_000:]).max() < 1e-3
    studio.post(("preset", "default"))
    assert studio.get("/musika/master") == (-90.0,)
    assert "/musika/master" not in {
        address_of(target) for target in studio.engine._wanted.as_preset("x").state.settings
    }
    studio.post(("master", 0.0))
    studio.play_until(studio.engine.position() + 2.0)
    assert np.abs(studio.tape.heard()[:, -40_000:]).max() > 1e-2


def test_a_take_says_where_it_goes(studio: Studio, tmp_path: Path) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    assert studio.engine.status()[10] == ""
    studio.post(("record", True))
    folder = tmp_path / "Musika"
    assert studio.notices("/musika/record") == [(True,)]
    assert studio.notices("/musika/told") == [("/musika/record", f"recording from bar 2 on, into {folder}")]
    assert studio.engine.status()[10] == str(folder)
    studio.play_until(5.0)
    studio.post(("record", False))
    studio.until(lambda: studio.notices("/musika/done"))
    assert studio.notices("/musika/done") == [(str(folder / "take 001"),)]
    assert studio.engine.status()[10] == ""


def test_a_lost_bus_does_not_stop_the_music(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    studio.tape.lost = True
    studio.until(lambda: studio.stand_in.samples > 30_000)
    assert "the tape has come off" in studio.notices("/musika/error")[0][2]
    here, written = studio.engine.position(), studio.tape.samples
    studio.tape.lost = False
    studio.until(lambda: studio.tape.samples > written + 30_000)
    assert studio.engine.position() > here
    assert studio.notices("/musika/bus") == [("tape",)] == [studio.get("/musika/bus")]
    assert find("/musika/bus").row.access.readable, "or nobody is told"


def test_another_bus_is_played_into_while_it_plays(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    other = type(studio.tape)()
    studio.engine.play_into(lambda: other)
    studio.until(lambda: other.samples > 30_000)
    assert studio.notices("/musika/bus") == [("tape",)] and studio.notices("/musika/error") == []

    def none() -> Any:
        raise UserError("audio device 'x' is not there")

    before = studio.tape.samples
    studio.engine.play_into(none)
    written = other.samples
    studio.until(lambda: other.samples > written + 30_000)
    assert "it plays where it played before" in studio.notices("/musika/error")[0][2]
    assert studio.tape.samples == before


def test_effects_are_named(studio: Studio) -> None:
    names = {stem: studio.get(f"/musika/stem/{stem}/effects") for stem in (*studio.engine.stems, "mix")}
    assert any("bypass 0 1" in text for texts in names.values() for text in texts)
    with pytest.raises(RefusedError):
        studio.get("/musika/stem/tuba/effects")


def test_a_take_that_cannot_be_written_is_told_and_the_music_goes_on(studio: Studio, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        (tmp_path / "Musika").write_text("a file where the folder should be")
    else:
        tmp_path.chmod(0o500)
    studio.post(("record", True), ("play",))
    studio.until(lambda: studio.notices("/musika/error"))
    assert studio.notices("/musika/error")[0][0] == "/musika/record"
    studio.play_until(studio.engine.position() + 2)
    assert studio.get("/musika/record") == (False,)
    tmp_path.chmod(0o700)


def test_a_log_that_was_cut_short_says_so(studio: Studio, tmp_path: Path) -> None:
    studio.post(("record", True), ("play",))
    studio.play_until(2.0)
    studio.post(("stop",))
    studio.until(lambda: studio.notices("/musika/done"))
    log = Path(studio.notices("/musika/done")[0][0]) / "session.jsonl"
    short = tmp_path / "short.jsonl"
    short.write_text("\n".join(log.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(UserError, match="cut short"):
        replay_take(read_session(short), tmp_path)
