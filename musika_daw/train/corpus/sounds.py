"""Which sounds a producer reaches for in each genre: ranges of the settings, and styles drawn from them."""

from __future__ import annotations

import numpy as np

from musika_daw.model.style import SETTINGS, Style

Range = tuple[float, float]

# Ranges narrower than a setting's own, per genre; a setting not named moves over its whole range.
_GENRE_RANGES: dict[str, dict[str, Range]] = {
    "peak": {
        "kick_pitch_hz": (46, 56), "kick_decay_seconds": (0.12, 0.22),
        "kick_drive": (0.4, 0.9), "kick_click": (0.4, 1),
        "clap_level": (0.5, 1), "hat_level": (0.6, 1), "bass_cutoff_hz": (250, 900), "bass_square": (0, 0.3),
        "bass_decay_seconds": (0.08, 0.25), "bass_sustain": (0, 0.3), "chords_decay_seconds": (0.1, 0.35),
        "chords_sustain": (0, 0.1), "chords_attack_seconds": (0.001, 0.006), "chords_detune_cents": (8, 24),
        "chords_width": (0.5, 1), "chords_filter_env_octaves": (1, 3), "lead_detune_cents": (6, 20),
        "duck_depth": (0.5, 0.9), "swing": (0, 0.06),
    },
    "minimal": {
        "kick_pitch_hz": (48, 60), "kick_decay_seconds": (0.07, 0.14),
        "kick_drive": (0, 0.35), "kick_click": (0, 0.6),
        "hat_closed_seconds": (0.01, 0.025), "hat_level": (0.2, 0.7), "perc_level": (0.5, 1), "drum_room": (0, 0.3),
        "bass_cutoff_hz": (180, 600), "bass_sub": (0.4, 1), "bass_decay_seconds": (0.08, 0.3), "bass_drive": (0, 0.3),
        "chords_decay_seconds": (0.05, 0.2), "chords_sustain": (0, 0.05), "chords_attack_seconds": (0.001, 0.004),
        "lead_decay_seconds": (0.05, 0.15), "lead_sustain": (0, 0.05),
        "lead_square": (0.4, 1), "duck_depth": (0, 0.4),
        "swing": (0.08, 0.25),
    },
    "dub": {
        "kick_pitch_hz": (42, 52), "kick_decay_seconds": (0.14, 0.28), "kick_drive": (0, 0.4), "kick_click": (0, 0.3),
        "hat_level": (0.1, 0.6), "drum_room": (0.3, 0.9), "bass_sub": (0.6, 1), "bass_cutoff_hz": (180, 350),
        "bass_filter_env_octaves": (0, 1), "bass_drive": (0, 0.2), "chords_cutoff_hz": (300, 1200),
        "chords_decay_seconds": (0.15, 0.5), "chords_sustain": (0, 0.2), "chords_resonance": (0.2, 0.7),
        "chords_noise": (0, 0.5), "chords_room": (0.4, 1), "chords_filter_env_octaves": (0.5, 2.5),
        "lead_cutoff_hz": (300, 1500), "lead_room": (0.3, 1), "duck_depth": (0.2, 0.7), "swing": (0, 0.12),
    },
    "acid": {
        "kick_pitch_hz": (46, 56), "kick_drive": (0.3, 0.9), "bass_square": (0, 1), "bass_sub": (0, 0.2),
        "bass_detune_cents": (0, 0), "bass_cutoff_hz": (220, 700), "bass_resonance": (0.7, 1),
        "bass_filter_env_octaves": (2, 4), "bass_filter_decay_seconds": (0.05, 0.3), "bass_drive": (0.3, 1),
        "bass_decay_seconds": (0.2, 0.8), "bass_sustain": (0, 0.3), "bass_noise": (0, 0.05),
        "chords_sustain": (0, 0.2), "lead_resonance": (0.4, 0.9), "lead_drive": (0.2, 0.8), "duck_depth": (0, 0.4),
        "swing": (0, 0.1),
    },
    "melodic": {
        "kick_pitch_hz": (46, 54), "kick_decay_seconds": (0.1, 0.2),
        "kick_drive": (0.1, 0.5), "hat_level": (0.3, 0.8),
        "bass_cutoff_hz": (250, 900), "bass_detune_cents": (0, 10), "chords_attack_seconds": (0.02, 0.12),
        "chords_sustain": (0.5, 1), "chords_decay_seconds": (0.4, 1), "chords_release_seconds": (0.1, 0.3),
        "chords_detune_cents": (8, 24), "chords_width": (0.6, 1), "chords_cutoff_hz": (500, 2500),
        "chords_square": (0, 0.4), "chords_noise": (0, 0.2), "lead_decay_seconds": (0.1, 0.5),
        "lead_release_seconds": (0.05, 0.3), "lead_filter_env_octaves": (1, 3), "lead_width": (0.4, 1),
        "duck_depth": (0.4, 0.9), "swing": (0, 0.06),
    },
    "electro": {
        "kick_pitch_hz": (48, 62), "kick_decay_seconds": (0.12, 0.3), "kick_click": (0.3, 1), "snare_level": (0.6, 1),
        "snare_tone": (0.2, 0.8), "hat_metal": (0.5, 1), "perc_metal": (0.3, 1), "bass_square": (0.4, 1),
        "bass_cutoff_hz": (300, 1200), "bass_decay_seconds": (0.08, 0.3), "bass_drive": (0.1, 0.6),
        "chords_detune_cents": (4, 18), "lead_square": (0.3, 1), "lead_detune_cents": (0, 12), "duck_depth": (0, 0.3),
        "swing": (0, 0.1),
    },
    "hypnotic": {
        "kick_pitch_hz": (43, 52), "kick_decay_seconds": (0.12, 0.25), "kick_drive": (0.2, 0.7),
        "hat_level": (0.2, 0.7), "perc_level": (0.5, 1), "drum_room": (0.2, 0.8), "bass_sub": (0.3, 1),
        "bass_cutoff_hz": (180, 400), "bass_noise": (0, 0.3),
        "bass_room": (0.3, 0.9), "bass_drive": (0.1, 0.7), "chords_cutoff_hz": (250, 1200),
        "chords_resonance": (0.2, 0.8), "lead_cutoff_hz": (300, 2000), "lead_resonance": (0.3, 0.9),
        "lead_room": (0.2, 0.8), "lead_sustain": (0, 0.2), "duck_depth": (0.4, 0.9), "swing": (0, 0.12),
    },
    "hard": {
        "kick_pitch_hz": (48, 60), "kick_decay_seconds": (0.12, 0.28), "kick_drive": (0.7, 1), "kick_click": (0.5, 1),
        "kick_sweep_octaves": (2, 3.5), "clap_level": (0.6, 1), "hat_level": (0.6, 1), "drum_drive": (0.4, 1),
        "bass_drive": (0.4, 1), "bass_cutoff_hz": (300, 1200), "chords_detune_cents": (10, 24),
        "chords_attack_seconds": (0.001, 0.005), "chords_decay_seconds": (0.15, 0.5), "chords_drive": (0.2, 0.8),
        "chords_width": (0.4, 1), "lead_drive": (0.3, 1), "lead_detune_cents": (8, 24), "duck_depth": (0.4, 1),
        "swing": (0, 0.04),
    },
}  # fmt: skip
# What holds in every genre unless the genre says otherwise: sounds that sit in a mix.
_COMMON: dict[str, Range] = {
    "bass_detune_cents": (0, 6), "bass_width": (0, 0.15), "bass_attack_seconds": (0.001, 0.008),
    "bass_release_seconds": (0.01, 0.08), "bass_room": (0, 0.15), "bass_noise": (0, 0.15), "bass_resonance": (0, 0.6),
    "chords_sub": (0, 0.3), "chords_noise": (0, 0.25), "chords_drive": (0, 0.4), "chords_room": (0.1, 0.8),
    "chords_resonance": (0, 0.6), "lead_sub": (0, 0.6), "lead_noise": (0, 0.25), "lead_room": (0.05, 0.6),
    "lead_attack_seconds": (0.001, 0.02), "lead_cutoff_hz": (400, 3500), "lead_drive": (0, 0.5),
}  # fmt: skip


def draw_style(generator: np.random.Generator, genre: str) -> Style:
    """A style as a producer of this genre would set it: every setting even over its range (in its own scale)."""
    ranges = {**_COMMON, **_GENRE_RANGES[genre]}
    settings = {}
    for setting in SETTINGS:
        low, high = ranges.get(setting.name, (setting.low, setting.high))
        unit = generator.uniform(setting.to_unit(low), setting.to_unit(high))
        settings[setting.name] = float(np.clip(setting.from_unit(unit), setting.low, setting.high))
    for stem in ("bass", "chords", "lead"):
        # Detune below a few cents is heard as out of phase, not as unison.
        if settings[f"{stem}_detune_cents"] < 3:
            settings[f"{stem}_detune_cents"] = 0.0
    return Style({genre: 1.0}, settings)
