"""One track of the corpus: a composition played in a style, with every label known exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.model.coordinates import coordinates_at
from musika_daw.model.style import Style
from musika_daw.music.grid import BEATS_PER_BAR, GridNote, rank, thin
from musika_daw.music.harmony import Key, diatonic_chord
from musika_daw.music.notes import DRUM_PITCHES, PITCHED_STEMS, STEMS, Note
from musika_daw.music.realize import realize
from musika_daw.music.tempo_map import TempoMap
from musika_daw.train.corpus.composer import Composition
from musika_daw.train.corpus.controls import TrackControls, draw_controls, draw_tempo
from musika_daw.train.corpus.drum_sounds import ROUND_ROBIN, drum_kit, shape_spectrum
from musika_daw.train.corpus.voices import SAMPLE_RATE, render_note, wave_tables

Audio = NDArray[np.float32]
BRIGHTNESS_OCTAVES = 3.2  # how far brightness 0..1 moves a filter
TILT_OCTAVES = 2.2  # how far it moves the level of the drums' top
_TABLES = wave_tables(1.0)
_DRUM_OF_PITCH = {pitch: name for name, pitch in DRUM_PITCHES.items()}
_LEVELS_DB = {"drums": -14.0, "bass": -16.0, "chords": -18.0, "lead": -18.0}


@dataclass(frozen=True)
class Track:
    """A rendered track.

    Attributes:
        stems: `[4, 2, samples]` float32, mid and side (left = mid + side).
        notes: what sounds, per stem, in beats.
        composition: every candidate note and the harmony.
        seed: of the coordinates.
    """

    stems: Audio
    notes: Mapping[str, list[Note]]
    composition: Composition
    controls: TrackControls
    tempo_map: TempoMap
    key: Key
    style: Style
    seed: int


def _room(generator: np.random.Generator, seconds: float) -> Audio:
    """A short stereo room, `[mid/side, samples]`, unit energy: early time dense, no long tail."""
    t = np.arange(int(4 * seconds * SAMPLE_RATE)) / SAMPLE_RATE
    taps = generator.standard_normal((2, len(t))) * np.exp(-t / seconds) * np.minimum(1, t / 0.006)
    taps[0] *= 0.7
    return np.asarray(taps / np.sqrt((taps**2).sum()), np.float32)


def _add_room(stem: Audio, amount: float, generator: np.random.Generator) -> None:
    if amount <= 0.02:
        return
    room = _room(generator, 0.03 + 0.06 * amount)
    n = 1 << (stem.shape[1] + room.shape[1]).bit_length()
    dry = np.fft.rfft(stem[0], n)
    wet = np.fft.irfft(dry * np.fft.rfft(room, n), n)[:, : stem.shape[1]]
    stem += (0.35 * amount * wet).astype(np.float32)


def _level(stem: Audio, target_db: float) -> float:
    """The gain that brings the louder moments of a stem (90th percentile of 50 ms RMS) to a level."""
    frames = stem[0, : stem.shape[1] // 2205 * 2205].reshape(-1, 2205)
    rms = np.sqrt((frames**2).mean(1))
    heard = rms[rms > 1e-3]
    return float(10 ** (target_db / 20) / np.percentile(heard, 90)) if len(heard) else 1.0


def _render_drums(
    notes: list[Note],
    style: Style,
    tempo_map: TempoMap,
    tilt: NDArray[np.float64],
    generator: np.random.Generator,
    n: int,
) -> Audio:
    kit = drum_kit(style.settings, generator)
    out = np.zeros((2, n), np.float32)
    for index, note in enumerate(notes):
        start = tempo_map.sample_at(note.start_beat, SAMPLE_RATE)
        shot = kit[_DRUM_OF_PITCH[note.pitch]][index % ROUND_ROBIN]
        first, length = max(0, -start), min(shot.shape[1], n - start)
        if length > first:
            out[:, start + first : start + length] += shot[:, first:length] * note.strength
    top = np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 1.0) / 2500.0
    high = np.stack([shape_spectrum(row.astype(np.float64), top**2 / (1 + top**2)) for row in out])
    out += (high * (tilt - 1.0)).astype(np.float32)
    drive = style.settings["drum_drive"]
    if drive > 0.05:
        pre = 1 + 2.5 * drive
        out[0] = np.tanh(pre * out[0]) / np.tanh(pre)
    _add_room(out, style.settings["drum_room"], generator)
    return out


def _instrument(s: dict[str, float], scale: float) -> NDArray[np.float32]:
    """Settings of a stem as `render_note` takes them, decays times `scale`."""
    return np.array(
        [
            s["square"], s["sub"], s["detune_cents"], s["width"],
            s["filter_env_octaves"], s["filter_decay_seconds"] * scale, s["resonance"],
            s["attack_seconds"], s["decay_seconds"] * scale, s["sustain"], s["release_seconds"],
            s["drive"], s["noise"],
        ],
        np.float32,
    )  # fmt: skip


def _render_pitched(
    stem: str,
    notes: list[Note],
    style: Style,
    tempo_map: TempoMap,
    cutoff_octaves: NDArray[np.float64],
    decay_scale: NDArray[np.float64],
    generator: np.random.Generator,
    n: int,
) -> Audio:
    s = {name.removeprefix(stem + "_"): v for name, v in style.settings.items() if name.startswith(stem + "_")}
    mid, side = np.zeros(n, np.float32), np.zeros(n, np.float32)
    cutoff = (s["cutoff_hz"] * 2.0**cutoff_octaves).astype(np.float32)
    noise = generator.standard_normal(SAMPLE_RATE).astype(np.float32)
    for note in notes:
        start = tempo_map.sample_at(note.start_beat, SAMPLE_RATE)
        held = tempo_map.sample_at(note.end_beat, SAMPLE_RATE) - start
        if start >= n:
            continue
        scale = decay_scale[max(0, start)]
        render_note(
            mid,
            side,
            _TABLES,
            start,
            held,
            float(note.pitch),
            float(note.slide_semitones),
            note.strength,
            cutoff,
            noise,
            _instrument(s, scale),
        )
    out = np.stack([mid, side])
    _add_room(out, s["room"], generator)
    return out


def _duck(notes: list[Note], style: Style, tempo_map: TempoMap, n: int) -> NDArray[np.float32]:
    """Gain of the pitched stems under the kick."""
    t = np.arange(int(6 * style.settings["duck_seconds"] * SAMPLE_RATE)) / SAMPLE_RATE
    dip = (1 - style.settings["duck_depth"] * np.exp(-t / style.settings["duck_seconds"])).astype(np.float32)
    gain = np.ones(n, np.float32)
    for note in notes:
        if note.pitch == DRUM_PITCHES["kick"]:
            start = max(0, tempo_map.sample_at(note.start_beat, SAMPLE_RATE))
            end = min(n, start + len(dip))
            gain[start:end] = np.minimum(gain[start:end], dip[: max(0, end - start)])
    return gain


def sounding_notes(
    composition: Composition, controls: TrackControls, key: Key
) -> tuple[dict[str, list[GridNote]], dict[str, list[Note]]]:
    """The notes of each stem that the densities let through, on the grid and as they sound."""
    chords = [diatonic_chord(key, step.degree, step.colour) for step in composition.harmony]
    thinned = {stem: thin(rank(composition.notes[stem]), controls.density_at(stem)) for stem in STEMS}
    sounding = {
        stem: realize(stem, thinned[stem], lambda beat: chords[int(np.clip(beat, 0, len(chords) - 1))], key)
        for stem in STEMS
    }
    return thinned, sounding


def render_track(
    generator: np.random.Generator,
    composition: Composition,
    style: Style,
    controls: TrackControls,
    tempo_map: TempoMap,
    key: Key,
    seconds: float,
) -> Track:
    """Play a composition; `seconds` is rounded down to whole latent frames by the caller."""
    seed = int(generator.integers(1 << 62))
    _, notes = sounding_notes(composition, controls, key)
    stems = play_notes(generator, notes, style, controls, tempo_map, seed, seconds)
    return Track(stems, notes, composition, controls, tempo_map, key, style, seed)


def play_notes(
    generator: np.random.Generator,
    notes: Mapping[str, list[Note]],
    style: Style,
    controls: TrackControls,
    tempo_map: TempoMap,
    seed: int,
    seconds: float,
) -> Audio:
    """The corpus's instruments play notes of whatever origin: `[4, 2, samples]`, mid and side.

    `controls` give the brightness; `seed` is that of the coordinates.
    """
    n = int(seconds * SAMPLE_RATE)
    knots = np.arange(0, n + 441, 441)
    beats = np.array([tempo_map.beat_at(k / SAMPLE_RATE) for k in knots])
    brightness = controls.sample(beats)[1]
    slow = coordinates_at(seed, beats).astype(np.float64)

    def over_samples(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(np.arange(n), knots, values)

    tilt = over_samples(2.0 ** (TILT_OCTAVES * (brightness[0] - 0.5) + 0.25 * slow[0]))
    stems = [_render_drums(notes["drums"], style, tempo_map, tilt, generator, n)]
    duck = _duck(notes["drums"], style, tempo_map, n)
    for i, stem in enumerate(PITCHED_STEMS, start=1):
        octaves = over_samples(BRIGHTNESS_OCTAVES * (brightness[i] - 0.5) + 0.3 * slow[2 * i])
        decay = over_samples(2.0 ** (0.35 * slow[2 * i + 1]))
        audio = _render_pitched(stem, notes[stem], style, tempo_map, octaves, decay, generator, n)
        stems.append(audio * duck)
    out = np.stack([audio * _level(audio, _LEVELS_DB[name]) for name, audio in zip(STEMS, stems, strict=True)])
    # Nobody masters a stem past full scale: soft above -3 dBFS.
    peak = np.abs(out).max()
    if peak > 0.7:
        out = np.where(np.abs(out) > 0.7, np.sign(out) * (0.7 + 0.25 * np.tanh((np.abs(out) - 0.7) / 0.25)), out)
    return out.astype(np.float32)


def draw_track(generator: np.random.Generator, composition: Composition, style: Style, seconds: float) -> Track:
    """Play a composition in a style, with controls, tempo and key drawn at random."""
    beats = composition.bars * BEATS_PER_BAR
    key = Key(int(generator.integers(12)), composition.mode)
    controls = draw_controls(generator, composition.bars)
    return render_track(generator, composition, style, controls, draw_tempo(generator, beats), key, seconds)


def bars_for(seconds: float, fastest_bpm: float = 170.0) -> int:
    """Bars that fill a length at the fastest tempo."""
    return int(np.ceil(seconds * fastest_bpm / 60 / BEATS_PER_BAR)) + 1
