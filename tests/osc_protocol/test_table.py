"""The table itself: every row is well formed, and agrees with what the music layer allows."""

import re

import pytest

from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM
from osc_protocol.table import PLACEHOLDERS, ROWS, TABLE, Row
from osc_protocol.types import ProtocolError, convert, default, find

every_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.pattern)


def test_no_pattern_is_there_twice() -> None:
    assert len(ROWS) == len(TABLE)


@every_row
def test_row_is_found_by_its_own_example_and_by_nothing_else(row: Row) -> None:
    match = find(row.example)
    assert match.row is row
    assert match.names == {name: PLACEHOLDERS[name].example for name in row.placeholders}
    assert row.address(**match.names) == row.example
    assert [other for other in TABLE if other.regex.fullmatch(row.example)] == [row]


@every_row
def test_row_says_what_it_does_and_its_replies_are_events(row: Row) -> None:
    assert row.help and re.fullmatch(r"(/[\w.]+|/\{\w+\})+", row.pattern)
    assert all(ROWS[reply].access.value == "event" for reply in row.replies)
    optional = [argument.optional for argument in row.arguments]
    assert optional == sorted(optional), "an optional argument stands before one that is needed"


@every_row
def test_defaults_are_possible_values(row: Row) -> None:
    for argument in row.arguments:
        if argument.default is not None:
            assert convert(argument, argument.default) == argument.default


@pytest.mark.parametrize(
    "address",
    [
        "/musika",
        "/musika/densit",
        "/musika/density/",
        "/musika/anchor/e",
        "/musika/stem//gain",
        "/musika/stem/a b/gain",
        "/musika/stem/bass/fx/16/mix",
        "/musika/stem/bass/fx/x/mix",
        "",
    ],
)
def test_unknown_addresses_are_refused_by_name(address: str) -> None:
    with pytest.raises(ProtocolError, match="is not known") as caught:
        find(address)
    assert caught.value.code == "address"


def test_filling_in_an_impossible_name_is_refused() -> None:
    with pytest.raises(ValueError, match="not an address"):
        ROWS["/musika/stem/{name}/fx/{i}/{parameter}"].address(name="bass", i=16, parameter="mix")


def test_tempo_range_is_that_of_the_tempo_map() -> None:
    (bpm,) = ROWS["/musika/tempo"].arguments
    assert (bpm.low, bpm.high) == (MIN_BPM, MAX_BPM)
    assert default("/musika/tempo") == 128.0
    with pytest.raises(KeyError):
        default("/musika/preset")
