"""Messages become values of controls; 14 bits and NRPN are put together."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.messages import BEND, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, Message
from musika_daw.control.midi.sources import Moved, Source, SourceDecoder, parse_source
from musika_daw.errors import UsageError


def decoded(*messages: Message) -> list[Moved]:
    decoder = SourceDecoder()
    return [moved for message in messages for moved in decoder.decode(message)]


def control(number: int, value: int, channel: int = 1) -> Message:
    return Message(CONTROL, channel, (number, value))


def test_seven_bits() -> None:
    assert decoded(control(20, 127)) == [Moved(Source("cc", 20, 1), 1.0), Moved(Source("cc14", 20, 1), 1.0)]
    assert decoded(control(70, 0)) == [Moved(Source("cc", 70, 1), 0.0)]


def test_a_pair_moves_once_its_lower_half_is_there() -> None:
    moves = decoded(control(20, 64), control(52, 0), control(20, 64), control(52, 1))
    fine = [moved.value for moved in moves if moved.source.kind == "cc14"]
    assert fine == [pytest.approx(64 / 127), pytest.approx(8192 / 16383), pytest.approx(8193 / 16383)]


def test_nrpn_with_both_halves_and_steps() -> None:
    moves = decoded(control(99, 9), control(98, 82), control(6, 64), control(38, 1), control(96, 0), control(97, 0))
    assert {moved.source for moved in moves} == {Source("nrpn", 9 * 128 + 82, 1)}
    assert [round(moved.value * 16383) for moved in moves] == [8192, 8193, 8194, 8193]


def test_nrpn_with_upper_half_only_reaches_the_end() -> None:
    assert decoded(control(99, 0), control(98, 1), control(6, 127))[-1].value == 1.0


def test_data_entry_of_an_rpn_is_no_nrpn() -> None:
    moves = decoded(control(99, 0), control(98, 1), control(101, 0), control(100, 0), control(6, 2))
    assert all(moved.source.kind != "nrpn" for moved in moves)


def test_bend_notes_and_programs() -> None:
    assert [m.value for m in decoded(*(Message(BEND, 1, d) for d in ((0, 0), (0, 64), (127, 127))))] == [0.0, 0.5, 1.0]
    notes = decoded(Message(NOTE_ON, 2, (36, 127)), Message(NOTE_ON, 2, (36, 0)), Message(NOTE_OFF, 2, (36, 64)))
    assert [moved.value for moved in notes] == [1.0, 0.0, 0.0]
    assert decoded(Message(PROGRAM, 1, (3,))) == [Moved(Source("program", 3, 1), 1.0)]


@pytest.mark.parametrize("text", ["cc 20", "cc14 1", "nrpn 1234", "bend", "note 36", "program 3"])
def test_a_source_as_text_and_back(text: str) -> None:
    assert str(parse_source(text, 5)) == text


@pytest.mark.parametrize(("text", "channel"), [("cc 128", None), ("cc14 32", None), ("knob 1", None), ("cc 1", 17)])
def test_what_is_no_source_is_refused_with_what_was_expected(text: str, channel: int | None) -> None:
    with pytest.raises(UsageError, match="expected"):
        parse_source(text, channel)
