"""Chains that are exchanged while they play: no clicks, tails that ring out, stems that stay aligned."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.fx import FxChain
from musika_daw.engine.fx.alignment import Alignment
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.fx.rack import FxRack

RATE = 44100
BPM = 120.0
Audio = NDArray[np.float32]

ECHO = parse_fx([{"type": "Delay", "beats": 0.5, "feedback": 0.5, "mix": 0.5}], "test")
HALL = parse_fx([{"type": "Reverb", "wet_level": 0.5}, {"type": "Gain", "gain_db": -3}], "test")
GRIT = parse_fx([{"type": "Distortion", "drive_db": 3}], "test")


def tone(n: int) -> Audio:
    wave = 0.3 * np.sin(2 * np.pi * 220 * np.arange(n) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def steepest(audio: Audio) -> float:
    return float(np.abs(np.diff(audio)).max())


def play(rack: FxRack, audio: Audio, size: int = 256) -> Audio:
    parts = [rack.process({"lead": audio[:, i : i + size]}, BPM)["lead"] for i in range(0, audio.shape[1], size)]
    return np.concatenate(parts, axis=1)


def test_without_a_swap_a_rack_is_its_chains() -> None:
    audio = tone(5000)
    assert np.array_equal(play(FxRack(["lead"], {"lead": HALL}), audio), FxChain(HALL).process(audio, BPM))


@pytest.mark.parametrize(("before", "after"), [(ECHO, HALL), (HALL, GRIT), (GRIT, ()), ((), ECHO)])
def test_a_swap_does_not_click(before: tuple[object, ...], after: tuple[object, ...]) -> None:
    rack = FxRack(["lead"], {"lead": before})  # type: ignore[dict-item]
    audio = tone(3 * RATE)
    first = play(rack, audio[:, : RATE - 13])
    rack.swap({"lead": after})  # type: ignore[dict-item]
    rest = play(rack, audio[:, RATE - 13 :])
    swapped = np.concatenate([first, rest], axis=1)[:, RATE // 2 :]
    still = [FxChain(specs).process(audio, BPM)[:, RATE // 2 :] for specs in (before, after)]  # type: ignore[arg-type]
    # Both are heard while the old one rings.
    assert steepest(swapped) < sum(map(steepest, still))
    assert steepest(np.diff(swapped)) < 1.2 * sum(steepest(np.diff(audio)) for audio in still)


def test_the_old_tail_rings_out_and_is_let_go() -> None:
    rack = FxRack(["lead"], {"lead": ECHO})
    click = np.zeros((2, 1000), np.float32)
    click[:, 0] = 1.0
    play(rack, click)
    rack.swap({})
    assert rack.ringing == 1
    rest = play(rack, np.zeros((2, 6 * RATE), np.float32), 4096)
    step = round(0.25 * RATE)
    assert [round(float(rest[0, k * step - 1000]), 4) for k in (1, 2, 3)] == [0.5, 0.25, 0.125]
    assert rack.ringing == 0


def test_swaps_at_the_same_samples_give_the_same_audio() -> None:
    audio = tone(RATE)

    def swapped(size: int) -> Audio:
        rack = FxRack(["lead"], {"lead": ECHO})
        parts = [play(rack, audio[:, :3000], size)]
        for first, end, specs in ((3000, 3500, HALL), (3500, 9000, ECHO), (9000, 9100, ()), (9100, RATE, GRIT)):
            rack.swap({"lead": specs})
            parts.append(play(rack, audio[:, first:end], size))
        return np.concatenate(parts, axis=1)

    whole = swapped(RATE)
    assert np.array_equal(swapped(256), whole) and np.array_equal(swapped(97), whole)


def test_many_swaps_do_not_pile_up() -> None:
    rack = FxRack(["lead", "bass"], {"lead": HALL})
    for turn in range(20):
        rack.swap({"lead": ECHO if turn % 2 else HALL})
        play(rack, tone(2000))
    assert rack.ringing <= 4
    chain = rack.specs("lead")
    rack.swap({"lead": chain})
    assert rack.specs("lead") == chain and rack.ringing <= 4


def test_alignment_moves_without_a_click() -> None:
    audio = tone(20_000)

    def delayed(size: int) -> Audio:
        alignment, parts = Alignment(100, RATE), []
        for first, end, samples in ((0, 5000, 100), (5000, 12_000, 150), (12_000, 20_000, 0)):
            alignment.to(samples)
            parts += [alignment.process(audio[:, i : min(i + size, end)]) for i in range(first, end, size)]
        return np.concatenate(parts, axis=1)

    out = delayed(256)
    assert np.array_equal(out[:, 100:5000], audio[:, :4900])
    assert np.array_equal(out[:, 6000:12_000], audio[:, 5850:11_850])
    assert np.array_equal(out[:, 13_000:], audio[:, 13_000:])
    assert steepest(out) < 1.2 * steepest(audio) and np.array_equal(delayed(20_000), out)
