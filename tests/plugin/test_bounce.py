"""What a host writes to a file is what `render` writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from musika_daw.controls.state import ControlState, defaults, settings
from tests.support.clap_host import ClapHost

pytestmark = pytest.mark.slow
Make = Callable[..., ClapHost]
FADE = 256  # samples in which what sounded before a jump falls


def rendered(model: Path, seconds: float, bpm: float, given: ControlState | None = None) -> NDArray[np.float32]:
    """The mix and the stems as the renderer makes them, `[10, n]` at the engine's rate, with a second to spare."""
    from musika_daw.engine.models.load_model import load_model
    from musika_daw.engine.offline.renderer import stream
    from musika_daw.engine.presets.preset import with_whole_style
    from musika_daw.engine.score_of import score_of
    from musika_daw.music.notes import MIX, STEMS

    state = defaults().over(settings(stems=STEMS, tempo=bpm)).over(given or ControlState())
    song = load_model(str(model)).song(score_of(with_whole_style(state)))
    blocks = list(stream(song, 0, round((seconds + 1) * song.sample_rate)))
    return np.concatenate([np.concatenate([block[stem] for block in blocks], 1) for stem in (MIX, *STEMS)])


@pytest.mark.parametrize(("bpm", "frames"), [(90.0, 64), (128.0, 512), (151.3, 4096)])
def test_every_bus_of_a_bounce_is_the_render(instance: Make, tiny_model: Path, bpm: float, frames: int) -> None:
    bounced = instance().play(0.0, 44100 * 4, bpm, frames)
    expected = rendered(tiny_model, 4.0, bpm)[:, : 44100 * 4]
    assert np.abs(expected).max(1).min() > 0.01
    np.testing.assert_array_equal(bounced, expected)


@pytest.mark.parametrize("rate", [48000, 96000])
def test_at_another_rate_it_is_the_render_resampled(instance: Make, tiny_model: Path, rate: int) -> None:
    bounced = instance(float(rate)).play(0.0, rate * 4, 128.0)
    expected = soxr.resample(rendered(tiny_model, 4.0, 128.0).T, 44100, rate, quality="VHQ").T[:, : rate * 4]
    assert np.abs(bounced - expected).max() < 1e-4


def test_blocks_of_any_length_give_the_same(instance: Make, tiny_model: Path) -> None:
    host, beat, parts = instance(), 0.0, []
    for frames in (1, 16, 8192, 333, 4096, 31, 8000):
        parts.append(host.block(beat, frames, 128.0))
        beat += frames * 128.0 / 60.0 / 44100
    whole = np.concatenate(parts, 1)
    np.testing.assert_array_equal(whole, rendered(tiny_model, 2.0, 128.0)[:, : whole.shape[1]])


def test_passes_of_a_loop_are_the_same_to_the_bit(instance: Make) -> None:
    host = instance()
    length = round(8 * 60 / 128.0 * 44100)
    passes = np.split(host.play(4.0, 4 * length, 128.0, loop=(4.0, 12.0)), 4, axis=1)
    np.testing.assert_array_equal(passes[1], passes[2])
    np.testing.assert_array_equal(passes[2], passes[3])
    np.testing.assert_array_equal(passes[0][:, FADE:], passes[1][:, FADE:])


def test_a_jump_lands_on_the_very_sample(instance: Make, tiny_model: Path) -> None:
    host = instance()
    host.play(0.0, 30000)
    expected = rendered(tiny_model, 12.0, 128.0)
    for beat in (16.0, 3.25, 20.0):
        at = round(beat * 60 / 128.0 * 44100)
        heard = host.play(beat, 20000)
        # Begun within the song, it differs by what is left of effects that rang for longer than the pre-roll.
        assert np.abs(heard[:, FADE:] - expected[:, at + FADE : at + 20000]).max() < 1e-3


def test_a_move_is_heard_from_its_block_on_and_twice_the_same(instance: Make) -> None:
    first, second = (bounced_with_move(instance()) for _ in range(2))
    still = instance().play(0.0, 100 * 512)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first[:, : 40 * 512], still[:, : 40 * 512])
    assert np.abs(first[:, 40 * 512 :] - still[:, 40 * 512 :]).max() > 0.01


def test_with_quantize_a_move_lands_on_the_bar_line(instance: Make, tiny_model: Path) -> None:
    bar = round(4 * 60 / 128.0 * 44100)
    still = rendered(tiny_model, 5.0, 128.0)
    heard = []
    for at, frames in ((100, 333), (60, 512)):  # moves within the bar, early or late: the same is heard
        host = instance()
        numbers = {name: number for number, name, *_ in host.parameters()}
        host.block(0.0, 64, playing=False, moves=[(numbers["Quantize"], 2.0)])
        parts, beat, made = [], 0.0, 0
        while made < 2 * bar:
            moves = [(numbers["Density"], 0.1)] if len(parts) == at else []
            parts.append(host.block(beat, frames, moves=moves))
            made += frames
            beat = made / 44100 * 128.0 / 60
        heard.append(np.concatenate(parts, 1)[:, : 2 * bar])
    np.testing.assert_array_equal(heard[0], heard[1])
    np.testing.assert_array_equal(heard[0][:, :bar], still[:, :bar])
    assert np.abs(heard[0][:, bar:] - still[:, bar : 2 * bar]).max() > 0.01


def test_a_held_stem_keeps_its_notes_when_the_seed_moves(instance: Make) -> None:
    host = instance()
    numbers = {name: number for number, name, *_ in host.parameters()}
    before = notes_of(host)
    host.block(4.0, 64, playing=False, moves=[(numbers["Bass hold"], 1.0)])
    host.block(4.0, 64, playing=False, moves=[(numbers["Seed"], 5.0)])
    after = notes_of(host)
    assert before[10] and after[10] == before[10]
    assert after[9] != before[9] or after[12] != before[12]
    again = instance()
    again.load(host.save())
    assert notes_of(again) == after


def notes_of(host: ClapHost) -> dict[int, list[tuple[int, int]]]:
    """Channel -> samples and pitches of the notes of the first two seconds."""
    begin = host.steady
    host.heard.clear()
    host.play(0.0, 88200)
    heard = [(at - begin, message) for at, message in host.heard if message[0] & 0xF0 == 0x90]
    return {c: sorted((at, m[1]) for at, m in heard if m[0] & 0x0F == c) for c in range(9, 13)}


def bounced_with_move(host: ClapHost) -> NDArray[np.float32]:
    """100 blocks, with less density from the fortieth on."""
    density = next(number for number, name, *_ in host.parameters() if name == "Density")
    beats = [number * 512 * 128.0 / 60.0 / 44100 for number in range(100)]
    return np.concatenate(
        [host.block(beat, 512, moves=[(density, 0.1)] if number == 40 else []) for number, beat in enumerate(beats)], 1
    )


@pytest.mark.parametrize("frames", [64, 1000])
def test_a_ramp_of_the_tempo_is_bounced_on_the_beat_and_twice_the_same(instance: Make, frames: int) -> None:
    bounces, beats = [], np.zeros(0)
    for _ in range(2):
        host, beat, bpm, parts, places = instance(), 0.0, 120.0, [], []
        while beat < 8.0:
            a_beat = 60 / bpm * 44100
            parts.append(host.block(beat, frames, bpm))
            places.append(beat + np.arange(frames) / a_beat)
            beat += frames / a_beat
            bpm += 5.0 * frames / 44100
        bounces.append(np.concatenate(parts, 1))
        beats = np.concatenate(places)
        started = [at for at, message in host.heard if message[0] == 0x99]
        steady = instance()
        steady.play(0.0, 44100 * 4, 120.0)
        expected = [at / 22050 for at, message in steady.heard if message[0] == 0x99]
    np.testing.assert_array_equal(bounces[0], bounces[1])
    on = [min(abs(beats[at] - beat) for beat in expected) * 60 / 120 for at in started if beats[at] < 7.9]
    assert len(on) > 4 and max(on) < 0.003


def test_levels_act_in_the_plugin_on_stem_and_mix(instance: Make) -> None:
    host = instance()
    plain = host.play(0.0, 44100)
    numbers = {name: number for number, name, *_ in host.parameters()}
    host.block(0.0, 512, playing=False, moves=[(numbers["Bass mute"], 1.0), (numbers["Drums gain"], -6.0)])
    for _ in range(40):
        host.block(0.0, 512, playing=False)
    moved = host.play(0.0, 44100)
    assert np.abs(moved[4:6]).max() == 0.0
    np.testing.assert_allclose(moved[2:4], 10 ** (-6 / 20) * plain[2:4], atol=1e-5)
    expected = plain[:2] + moved[2:4] - plain[2:4] - plain[4:6]
    np.testing.assert_allclose(moved[:2], expected, atol=1e-5)


def test_the_projects_text_decides_the_song(instance: Make, tiny_model: Path) -> None:
    bounced = instance(text='chords = "Am F"\nseed = 123456789012\n').play(0.0, 44100 * 2)
    expected = rendered(tiny_model, 2.0, 128.0, settings(chords="Am F", seed=123456789012))
    np.testing.assert_array_equal(bounced, expected[:, : 44100 * 2])


def test_a_saved_instance_sounds_the_same_when_it_is_opened_again(instance: Make) -> None:
    host = instance()
    numbers = {name: number for number, name, *_ in host.parameters()}
    moves = [(numbers["Seed"], 42.0), (numbers["Brightness"], 0.9), (numbers["Lead pan"], -0.5), (numbers["Key"], 9.0)]
    host.block(0.0, 64, playing=False, moves=moves)
    state, before = host.save(), host.play(0.0, 44100)
    again = instance()
    again.load(state)
    settle(again)
    settle(host)
    np.testing.assert_array_equal(again.play(0.0, 44100), host.play(0.0, 44100))
    assert np.abs(before).max() > 0.01


def settle(host: ClapHost) -> None:
    """Levels glide to where they are set."""
    for _ in range(60):
        host.block(0.0, 512, playing=False)
