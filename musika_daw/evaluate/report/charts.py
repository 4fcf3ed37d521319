"""Charts as inline SVG: they follow the page's colours and stay sharp at any size."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from musika_daw.evaluate.report.html import Markup, el

_WIDTH, _HEIGHT = 320.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 86.0, 26.0, 36.0


@dataclass(frozen=True)
class Level:
    """A horizontal line with a name: something that does not depend on x."""

    name: str
    value: float
    kind: str


@dataclass(frozen=True)
class Point:
    """A value with its standard error (0 for none)."""

    x: float
    y: float
    error: float = 0.0


def chart(
    title: str, points: Sequence[Point], levels: Sequence[Level], x_label: str, y_label: str, kind: str = "model"
) -> Markup:
    """Points over 0..1 joined by a line, and levels; y begins at 0."""
    tops = [p.y + (p.error if math.isfinite(p.error) else 0) for p in points] + [level.value for level in levels]
    ticks = nice_ticks(max(tops))
    high = ticks[-1]

    def x(value: float) -> float:
        return round(_LEFT + value * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / high * (_HEIGHT - _TOP - _BOTTOM), 1)

    grid = [
        (
            el("line", class_="grid", x1=x(0), x2=x(1), y1=y(tick), y2=y(tick)),
            el("text", f"{tick:g}", class_="tick", x=_LEFT - 6, y=y(tick) + 3.5, text_anchor="end"),
        )
        for tick in ticks
    ]
    below = [
        el("text", f"{v:g}", class_="tick", x=x(v), y=_HEIGHT - _BOTTOM + 15, text_anchor="middle")
        for v in (0, 0.25, 0.5, 0.75, 1)
    ]
    lines = [
        (
            el("line", class_=f"level {level.kind}", x1=x(0), x2=x(1), y1=y(level.value), y2=y(level.value)),
            el(
                "text",
                level.name,
                class_=f"level-name {level.kind}",
                x=x(1) + 5,
                y=place,
            ),
        )
        for level, place in zip(levels, _apart([y(level.value) + 3.5 for level in levels]), strict=True)
    ]
    path = " ".join(f"{x(p.x)},{y(p.y)}" for p in points)
    marks = [
        (
            el("line", class_=f"error {kind}", x1=x(p.x), x2=x(p.x), y1=y(p.y - p.error), y2=y(p.y + p.error))
            if p.error and math.isfinite(p.error)
            else None,
            el("circle", el("title", f"{p.x:g}: {p.y:.3g}"), class_=f"point {kind}", cx=x(p.x), cy=y(p.y), r=3.5),
        )
        for p in points
    ]
    told = f"{title}: " + "; ".join(f"{p.y:.3g} at {p.x:g}" for p in points)
    return el(
        "svg",
        el("title", told),
        grid,
        below,
        el("text", x_label, class_="axis", x=x(0.5), y=_HEIGHT - 5, text_anchor="middle"),
        el("text", y_label, class_="axis", x=0, y=11, text_anchor="start"),
        lines,
        el("polyline", class_=f"line {kind}", points=path),
        marks,
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        class_="chart",
    )


def nice_ticks(highest: float) -> list[float]:
    """Three to six round values from 0 to at least the highest."""
    if not highest > 0 or not math.isfinite(highest):
        return [0.0, 1.0]
    unit = 10 ** math.floor(math.log10(highest / 3))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if highest / (unit * factor) <= 5)
    return [round(k * step, 12) for k in range(math.ceil(highest / step - 1e-9) + 1)]


def _apart(places: Sequence[float], least: float = 11.0) -> list[float]:
    """The same heights, moved up where names would lie over each other."""
    order = sorted(range(len(places)), key=lambda i: -places[i])
    moved = list(places)
    for before, after in itertools.pairwise(order):
        moved[after] = min(moved[after], moved[before] - least)
    return moved


def overlay(seconds: Sequence[float], asked: Sequence[float], heard: Sequence[float]) -> Markup:
    """Density over a spectrogram as the paper draws it: asked for in green, heard dashed; stretched by the page."""
    end = seconds[-1]

    def path(values: Sequence[float]) -> str:
        return " ".join(f"{1000 * t / end:.1f},{100 - 96 * v - 2:.1f}" for t, v in zip(seconds, values, strict=True))

    return el(
        "svg",
        el("polyline", class_="asked-edge", points=path(asked)),
        el("polyline", class_="asked", points=path(asked)),
        el("polyline", class_="heard", points=path(heard)),
        viewBox="0 0 1000 100",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_="overlay",
    )
