"""Numbers as people write them, and names that were meant."""

from __future__ import annotations

import math

import pytest

from musika_daw.near_names import did_you_mean, same_name
from musika_daw.written_numbers import read_number, read_whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("128", 128.0), ("128bpm", 128.0), ("128 BPM", 128.0), ("128,5", 128.5), ("128.5 bpm", 128.5), ("50%", 0.5),
        ("50 %", 0.5), ("12,5%", 0.125), (".5", 0.5), (",5", 0.5), ("5.", 5.0), ("-3 dB", -3.0), ("−3dB", -3.0),
        ("+1e3", 1000.0), ("7 seconds", 7.0), ("7s", 7.0), ("inf", math.inf), ("-inf", -math.inf),
    ],
)  # fmt: skip
def test_numbers(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "nan", "fast", "1 2", "1.2.3", "1,2,3", "0x10", "5 apples", "--5", "%", "bpm", "1" * 500]
)
def test_what_is_no_number(text: str) -> None:
    assert math.isnan(read_number(text))


def test_whole_numbers() -> None:
    assert [read_whole(t) for t in ("16", " 8 bars", "+4", "-2", "1.5", "16 apples", "", "9" * 31)] == [
        *(16, 8, 4, -2),
        *([None] * 4),
    ]


def test_names_that_were_meant() -> None:
    names = ("fathom", "echo_chamber", "tunnel", "Tunnel")
    assert same_name("Fathom", names) == "fathom" and same_name("Echo Chamber", names) == "echo_chamber"
    assert same_name("Tunnel", names) == "Tunnel" and same_name("TUNNEL", names) is None
    assert did_you_mean("fathm", names) == "did you mean fathom? "
    assert did_you_mean("/musika/densitty", ("/musika/density", "/musika/tempo")) == "did you mean /musika/density? "
    assert did_you_mean("polka", names) == "" and did_you_mean("", names) == ""
