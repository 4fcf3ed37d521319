"""Values through the wire format and the table's conversions, row by row."""

import math
import struct

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from osc_protocol.table import ROWS, TABLE, Argument, Row
from osc_protocol.types import ProtocolError, Value, convert, convert_arguments, is_query, is_release, range_text


def sample(argument: Argument, place: int) -> Value:
    """A possible value; different for every place, so that swapped arguments show."""
    kind = argument.types[0]
    if argument.choices:
        return argument.choices[-1]
    if kind == "T":
        return True
    if kind == "s":
        return f"text {place}"
    low = 0 if argument.low is None else argument.low
    high = low + 8 if argument.high is None else argument.high
    value = low + (high - low) * (place + 1) / 8
    # Numbers travel in 32 bits.
    return int(value) if kind == "i" else float(struct.unpack(">f", struct.pack(">f", value))[0])


def over_the_wire(row: Row, values: list[Value]) -> list[object]:
    builder = OscMessageBuilder(row.example)
    for value in values:
        builder.add_arg(value)
    return list(OscMessage(builder.build().dgram).params)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)
def test_every_row_survives_the_wire(row: Row) -> None:
    values = [sample(argument, place) for place, argument in enumerate(row.arguments)]
    arrived = convert_arguments(row, over_the_wire(row, values))
    assert arrived == tuple(values)
    assert [type(value) for value in arrived] == [type(value) for value in values]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)
def test_every_row_takes_what_controllers_send(row: Row) -> None:
    """Pure Data sends floats only, TouchOSC 0 and 1, Max whole numbers for floats."""
    for place, argument in enumerate(row.arguments):
        value = sample(argument, place)
        if isinstance(value, str):
            continue
        assert convert(argument, float(value)) == value
        if value == int(value):
            assert convert(argument, int(value)) == value


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)
def test_every_limit_is_included_and_stated_beyond(row: Row) -> None:
    for argument in row.arguments:
        width = (argument.high or 0.0) - (argument.low or 0.0)
        far = max(1, round(0.02 * width)) if argument.high is not None and "f" in argument.types else 1
        for limit, beyond in ((argument.low, -far), (argument.high, far)):
            if limit is None:
                continue
            assert convert(argument, limit) == limit
            with pytest.raises(ProtocolError, match=f"{argument.name} .* is out of range: expected ") as caught:
                convert(argument, limit + beyond)
            assert caught.value.code == "range"
            assert range_text(argument) in str(caught.value)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)
def test_every_row_counts_its_arguments(row: Row) -> None:
    values = [sample(argument, place) for place, argument in enumerate(row.arguments)]
    if row.arguments and row.arguments[-1].repeated:
        for count in (0, 1, 3):
            assert len(convert_arguments(row, values[-1:] * count)) == count
        return
    with pytest.raises(ProtocolError, match="arguments: expected") as caught:
        convert_arguments(row, [*values, 1])
    assert caught.value.code == "count"
    needed = [argument for argument in row.arguments if not argument.optional]
    if needed:
        with pytest.raises(ProtocolError, match="arguments: expected"):
            convert_arguments(row, [])


@pytest.mark.parametrize(
    ("address", "value", "message"),
    [
        ("/musika/density", 1.02, "density 1.02 is out of range: expected 0 to 1"),
        ("/musika/density", -0.02, "density -0.02 is out of range: expected 0 to 1"),
        ("/musika/locate", -0.1 * 1e3, "position -100 is out of range: expected 0 to 1000000 beats"),
        ("/musika/density", 1.5, "density 1.5 is out of range: expected 0 to 1"),
        ("/musika/density", math.nan, "density nan is out of range: expected 0 to 1"),
        ("/musika/density", "much", "density 'much' has the wrong type: expected 0 to 1"),
        ("/musika/density", True, "density True has the wrong type: expected 0 to 1"),
        ("/musika/tempo", 300.0, "bpm 300 is out of range: expected 40 to 240 bpm"),
        ("/musika/seed", 0.5, "seed 0.5 has the wrong type: expected a whole number, 0 to 9223372036854775807"),
        ("/musika/seed", math.inf, "seed inf has the wrong type: expected a whole number, 0 to 9223372036854775807"),
        ("/musika/clock", "sundial", "source 'sundial' is out of range: expected internal, midi or link"),
        ("/musika/clock", 1, "source 1 has the wrong type: expected internal, midi or link"),
        (
            "/musika/stem/{name}/mute",
            2,
            "mute 2 has the wrong type: expected true or false (T, F, 0 or 1)",
        ),
        ("/musika/key", b"Am", "key b'Am' has the wrong type: expected a text"),
    ],
)
def test_errors_name_value_and_range(address: str, value: object, message: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        convert_arguments(ROWS[address], [value])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("address", "sent", "wanted"),
    [
        # What misses a limit or a whole number by a rounding is what it misses.
        ("/musika/density", 1.0000001, 1.0),
        ("/musika/density", -1e-9, 0.0),
        ("/musika/density", 128 / 127, 1.0),  # a fader of seven bits that counts to 128
        ("/musika/density", -0.0, 0.0),
        ("/musika/stem/{name}/pan", -1.0000001, -1.0),
        ("/musika/stem/{name}/gain", 12.000001, 12.0),
        ("/musika/tempo", 240.00002, 240.0),
        ("/musika/tempo", 39.999996, 40.0),
        ("/musika/locate", -1e-6, 0.0),
        ("/musika/seed", 6.9999995, 7),
        ("/musika/stem/{name}/mute", 0.9999999, True),
        ("/musika/stem/{name}/mute", 1e-9, False),
        ("/musika/play", 1.0000001, True),
        ("/musika/record", 1.0, True),
        ("/musika/record", 0, False),
        ("/musika/record", "chorus", "chorus"),
        ("/musika/anchor/a", 7.0, 7),
        ("/musika/anchor/a", "fathom", "fathom"),
        ("/musika/play", 0.0, False),
    ],
)
def test_arguments_of_several_types_take_the_first_that_fits(address: str, sent: Value, wanted: Value) -> None:
    (value,) = convert_arguments(ROWS[address], [sent])
    assert value == wanted
    assert type(value) is type(wanted)


def test_only_readable_addresses_without_arguments_are_queries() -> None:
    assert is_query(ROWS["/musika/density"], [])
    assert is_query(ROWS["/musika/status"], [])
    assert not is_query(ROWS["/musika/density"], [0.5])
    assert not is_query(ROWS["/musika/play"], [])


def test_only_buttons_are_released() -> None:
    assert is_release(ROWS["/musika/play"], (False,))
    assert not is_release(ROWS["/musika/play"], (True,))
    assert not is_release(ROWS["/musika/play"], ())
    assert not is_release(ROWS["/musika/stem/{name}/mute"], (False,))
    assert not is_release(ROWS["/musika/record"], (False,))
