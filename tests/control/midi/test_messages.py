"""Bytes become messages, whatever else comes along the cable."""

from __future__ import annotations

import random

import pytest

from musika_daw.control.midi.messages import BEND, CONTROL, NOTE_ON, PROGRAM, SONG_POSITION, TICK, Message, Parser


@pytest.mark.parametrize(
    "message",
    [
        Message(NOTE_ON, 3, (60, 100)),
        Message(CONTROL, 16, (7, 127)),
        Message(PROGRAM, 1, (5,)),
        Message(BEND, 2, (1, 64)),
        Message(SONG_POSITION, 0, (3, 4)),
        Message(TICK, 0),
    ],
)
def test_encoded_and_parsed_again(message: Message) -> None:
    assert list(Parser().feed(message.encoded())) == [message]


def test_running_status_cut_anywhere_with_ticks_amid() -> None:
    parser = Parser()
    found = [m for part in (b"\xb0\x14", b"\xf8\x01\x14", b"\x02\x14\xf8", b"\x03") for m in parser.feed(part)]
    assert [m.data for m in found if m.kind == CONTROL] == [(20, 1), (20, 2), (20, 3)]
    assert [m.kind for m in found].count(TICK) == 2


def test_sysex_and_lone_data_are_passed_over() -> None:
    found = list(Parser().feed(b"\x01\x02\xf0\x7e\xb0" + b"\x14\x05" + b"\xf0\x01\x02\x03\xf7\x11\x90\x3c\x40"))
    assert [m.data for m in found] == [(20, 5), (60, 64)]  # a status ends a sysex that never ended


def test_garbage_never_raises_and_what_follows_is_heard() -> None:
    rng = random.Random(1)
    parser = Parser()
    for _ in range(300):
        list(parser.feed(rng.randbytes(rng.randrange(40))))
        assert list(parser.feed(b"\xb0\x14\x40"))[-1] == Message(CONTROL, 1, (20, 64))
