"""A clip on the page: player, spectrogram with axes, and what lies over it."""

from __future__ import annotations

from musika_daw.analysis.filterbanks import hz_to_mel
from musika_daw.evaluate.report.charts import overlay
from musika_daw.evaluate.report.clips import Clip
from musika_daw.evaluate.report.control import DensityClip
from musika_daw.evaluate.report.html import Markup, el
from musika_daw.evaluate.report.picture import HIGH_HZ, LOW_HZ

_SHOWN_HZ = ((100, "100"), (1000, "1k"), (4000, "4k"), (12000, "12k"))
_MAX_LABELS = 6


def player(clip: Clip, size: str, over: Markup | None = None, caption: object = None) -> Markup:
    """A figure; `size` is a class of the style sheet."""
    told = f"Log-mel spectrogram of {clip.title}, {clip.seconds:.0f} s, {LOW_HZ:g} Hz to {HIGH_HZ / 1000:g} kHz"
    return el(
        "figure",
        el(
            "figcaption",
            el("span", clip.title, class_="clip-title"),
            el("span", caption or clip.note, class_="clip-note") if caption or clip.note else None,
        ),
        el(
            "div",
            el("div", _hz_labels(), class_="hz", aria_hidden="true"),
            el(
                "div",
                el("img", src=clip.picture, alt=told, loading="lazy", decoding="async"),
                over,
                el("div", class_="playhead", aria_hidden="true"),
                class_="picture",
            ),
            el("div", _second_labels(clip.seconds), class_="seconds", aria_hidden="true"),
            class_=f"spectrogram {size}",
        ),
        el("audio", controls=True, preload="none", src=clip.audio, aria_label=f"Play {clip.title}"),
        class_="clip",
    )


def density_player(found: DensityClip, clip: Clip) -> Markup:
    """A clip with the density it was asked for, as in the paper's figure 3."""
    over = overlay(found.seconds.tolist(), found.asked.tolist(), found.heard.tolist())
    return player(clip, "wide", over, f"ρ = {found.rho:.2f} over bars" if found.rho == found.rho else None)


def _hz_labels() -> list[Markup]:
    low, high = hz_to_mel(LOW_HZ), hz_to_mel(HIGH_HZ)
    return [
        el("span", name, style=f"bottom:{100 * (hz_to_mel(hz) - low) / (high - low):.1f}%") for hz, name in _SHOWN_HZ
    ]


def _second_labels(seconds: float) -> list[Markup]:
    step = next(step for step in (1, 2, 5, 10, 20, 60, 600) if seconds / step <= _MAX_LABELS)
    last = int(seconds // step)
    return [
        el("span", f"{k * step} s" if k == last else str(k * step), style=f"left:{100 * k * step / seconds:.1f}%")
        for k in range(last + 1)
    ]
