"""A move that fails once the worker makes it, as whoever sent it over a real UDP port sees it."""

from __future__ import annotations

import pytest

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.engine.own.chunks import Chunks
from musika_daw.engine.own.song import Song
from tests.engine.live.conftest import Studio
from tests.support.controller import Controller


def test_it_is_told_and_queries_answer_what_is_heard(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Song.chunks

    def chunks(self: Song, frames: int) -> Chunks:
        if self.score.seed == 13:
            raise RuntimeError("no song of this seed")
        return plain(self, frames)

    monkeypatch.setattr(Song, "chunks", chunks)
    quiet = ControlSettings(port=0, announce=False)
    with ControlThread(studio.engine, quiet) as control, Controller(control.osc_port) as controller:
        controller.send("/musika/subscribe")
        controller.send("/musika/play")
        studio.play_until(1.0)
        controller.send("/musika/density", 0.25)
        while controller.expect("/musika/landed")[0] != "/musika/density":
            pass
        controller.send("/musika/seed", 13)
        assert controller.expect("/musika/error")[-1] == "no song of this seed"
        controller.send("/musika/seed")
        controller.send("/musika/density")
        assert controller.expect("/musika/seed") == [7], "the seed that is heard"
        assert controller.expect("/musika/density") == [0.25], "what landed before stays"
    assert studio.engine.position() > 1.0
