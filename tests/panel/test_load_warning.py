"""The load line does not flicker: it warns after three seconds of overload in all, and holds that for five."""

from __future__ import annotations

from musika_daw.panel.engine_state import LoadWarning


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def heard(warning: LoadWarning, clock: Clock, load: float, seconds: float, underruns: int = 0) -> list[bool]:
    stands = []
    for _ in range(round(seconds / 0.25)):
        clock.now += 0.25
        stands.append(warning.heard(load, underruns))
    return stands


def test_a_short_overload_says_nothing() -> None:
    warning = LoadWarning(clock := Clock())
    assert not any(heard(warning, clock, 1.2, 2.5))
    assert not any(heard(warning, clock, 0.3, 10.0))
    assert not any(heard(warning, clock, 1.2, 2.5)), "what was before is forgotten by then"


def test_a_long_one_warns_and_holds() -> None:
    warning = LoadWarning(clock := Clock())
    assert heard(warning, clock, 1.2, 3.5)[-1]
    after = heard(warning, clock, 0.3, 12.0)
    assert all(after[:18]) and not after[-1]


def test_underruns_count_more() -> None:
    warning = LoadWarning(clock := Clock())
    assert heard(warning, clock, 0.3, 1.0, underruns=1)[-1]
