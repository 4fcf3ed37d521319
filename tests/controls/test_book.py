"""The book: every row is well formed, says where it is not and why, and loads nothing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from musika_daw.controls.book import BY_NAME, CONTROLS, find, row
from musika_daw.controls.control import Control, Kind, Surface
from musika_daw.controls.target import Target, address_of, parse_target, target_of

every_row = pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)


def test_ids_names_and_aliases_are_given_once() -> None:
    assert max(Counter(control.id for control in CONTROLS).values()) == 1
    names = [name for control in CONTROLS for name in (control.name, *control.aliases)]
    assert max(Counter(names).values()) == 1


@every_row
def test_a_row_says_what_it_does_and_why_a_surface_lacks_it(control: Control) -> None:
    assert control.help and control.fields
    assert all(len(reason) > 10 for reason in control.absent.values())
    assert all(name in BY_NAME for name in control.clears)
    optional = [part.optional for part in control.fields]
    assert optional == sorted(optional), "what can be left out comes last"
    knowing = control.models
    assert knowing.why_not or (knowing.own and knowing.imported and not knowing.signal)


@every_row
def test_defaults_lie_within_their_ranges(control: Control) -> None:
    for part in control.fields:
        if isinstance(part.default, int | float):
            assert part.low is None or part.low <= part.default
            assert part.high is None or part.default <= part.high
        assert not part.choices or part.default is None or part.default in part.choices


def test_lists_are_on_no_knob() -> None:
    for control in CONTROLS:
        if control.kind in (Kind.STEMS, Kind.CHAIN):
            assert not control.on(Surface.OSC) and not control.on(Surface.MIDI)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("density", Target("density")),
        ("clock/offset", Target("clock/offset")),
        ("stem/bass/density", Target("density", "bass")),
        ("stem/mix/fx/0/cutoff_hz", Target("fx/0/cutoff_hz", "mix")),
    ],
)
def test_targets_are_texts_and_addresses(text: str, target: Target) -> None:
    assert parse_target(text) == target and str(target) == text
    assert address_of(target) == f"/musika/{text}" and target_of(address_of(target)) == target


def test_rows_of_effects_are_found_by_any_parameter() -> None:
    found = find("fx/3/cutoff_hz")
    assert found is not None and found is find("fx/0/bypass")
    assert find("fx") is row("fx") is not found
    assert find("play") is None and find("fx/0") is None
    with pytest.raises(KeyError, match="no control densit"):
        row("densit")


def test_the_book_and_the_protocol_load_neither_arrays_nor_the_generator() -> None:
    told = "import sys, osc_protocol, musika_daw.controls.state; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    own = {name for name in loaded if name.startswith("musika_daw.")}
    assert all(name.startswith("musika_daw.controls") for name in own)
    assert not {"torch", "numpy", "soundfile", "mido"} & set(loaded)
