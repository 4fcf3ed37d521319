"""How a render ends: with what rings, and without what would begin."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

from musika_daw.engine.console import Sound
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.offline.renderer import render_take, stream
from musika_daw.engine.own.song import Song
from musika_daw.model.model_file import Networks
from tests.engine.offline.test_renderer import RATE, a_score, bars, joined

ECHO = Sound({"lead": parse_fx([{"type": "Delay", "beats": 0.5, "feedback": 0.6, "mix": 0.5}], "test")})


def test_effects_ring_in_the_tail_and_nothing_new_is_played(tiny_networks: Networks) -> None:
    song = Song(tiny_networks, a_score())
    _, end = bars(song, 0, 2)
    tail = 3 * RATE
    plain = joined(list(stream(song, 0, end, ECHO)))
    ringing = joined(list(stream(Song(tiny_networks, a_score()), 0, end + tail, ECHO, tail=tail)))
    for stem in ("lead", "bass"):
        assert ringing[stem].shape == (2, end + tail)
        before = slice(0, end - RATE // 10)
        assert np.abs(ringing[stem][:, before] - plain[stem][:, before]).max() < 1e-3, stem
    seconds = [np.abs(ringing["lead"][:, end + i * RATE : end + (i + 1) * RATE]).max() for i in range(3)]
    assert seconds[0] > 1e-3 and seconds[2] < seconds[0] / 4, "it dies away"
    assert np.abs(ringing["drums"][:, end + RATE // 2 :]).max() < seconds[0], "no drum begins"


def test_a_take_at_another_rate_has_its_bars_there(tiny_model: Path, tmp_path: Path) -> None:
    form = {"sample_format": "flac16", "file_rate": 48000, "tail_seconds": 0.5}
    take = render_take(str(tiny_model), a_score(), bars=1, project=tmp_path, **form)  # type: ignore[arg-type]
    facts = json.loads((take / "take.json").read_text(encoding="utf-8"))
    bar = round(4 * 60 / 128 * 48000)
    assert facts["bar_line_samples"] == [0, bar] and facts["sample_rate"] == 48000 and facts["bars"] == 1
    assert facts["length_samples"] == bar + 24000 and facts["tail_samples"] == 24000
    for name in facts["files"].values():
        sound, rate = soundfile.read(take / name)
        assert (rate, len(sound)) == (48000, bar + 24000) and name.endswith(".flac")
        assert np.abs(sound[-1]).max() <= 2 / 2**15
