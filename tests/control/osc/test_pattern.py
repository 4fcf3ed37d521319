"""Address patterns, as OSC 1.0 has them."""

import pytest

from musika_daw.control.osc.pattern import PatternError, is_pattern, matching

ADDRESSES = ("/s/bass/mute", "/s/drums/mute", "/s/lead/gain", "/s/lead2/gain", "/s/a-b/gain", "/s", "/fx/0/mix")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/s/*/mute", ["/s/bass/mute", "/s/drums/mute"]),
        ("/s/*s/mute", ["/s/bass/mute", "/s/drums/mute"]),
        ("/s/*a*s*/*", ["/s/bass/mute"]),
        ("/s/{bass,lead}/*", ["/s/bass/mute", "/s/lead/gain"]),
        ("/s/lead{,2}/gain", ["/s/lead/gain", "/s/lead2/gain"]),
        ("/s/lead?/gain", ["/s/lead2/gain"]),
        ("/s/????/*", ["/s/bass/mute", "/s/lead/gain"]),
        ("/s/lead[0-9]/gain", ["/s/lead2/gain"]),
        ("/s/lead[!0-9]/gain", []),
        ("/s/[!a-c]*/mute", ["/s/drums/mute"]),
        ("/s/[ab]*/*", ["/s/bass/mute", "/s/a-b/gain"]),
        ("/s/a[-x]b/gain", ["/s/a-b/gain"]),
        ("/s/a[x-]b/gain", ["/s/a-b/gain"]),
        ("/fx/[0-9]/mix", ["/fx/0/mix"]),
        ("/*", ["/s"]),
        ("/**/bass/mute", ["/s/bass/mute"]),
        ("*", []),
        ("/s*mute", []),
        ("/s/{a,b", None),
        ("/s/[a-", None),
        ("/" + "*" * 200, None),
    ],
)
def test_a_pattern_stands_for_its_addresses(pattern: str, expected: list[str] | None) -> None:
    assert is_pattern(pattern)
    if expected is None:
        with pytest.raises(PatternError):
            matching(pattern, ADDRESSES)
    else:
        assert matching(pattern, ADDRESSES) == expected


def test_an_address_is_no_pattern() -> None:
    assert not is_pattern("/musika/stem/bass/fx/0/cutoff_hz")


def test_no_pattern_takes_long() -> None:
    """Patterns at which backtracking would never end; they end here."""
    for pattern in ("/" + "*a" * 60, "/" + "{,a}" * 30, "/" + "*?" * 60, "/" + "[a-z]*" * 20):
        matching(pattern, ["/" + "a" * 100 + "b"] * 20)
