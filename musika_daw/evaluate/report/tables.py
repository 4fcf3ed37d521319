"""The page's tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from musika_daw.evaluate.report import paper
from musika_daw.evaluate.report.findings import Findings
from musika_daw.evaluate.report.frechet import Distance
from musika_daw.evaluate.report.html import Markup, el
from musika_daw.evaluate.report.scores import Row
from musika_daw.evaluate.report.speed import SpeedRow

_DASH = "–"


def number(value: float, digits: int = 3) -> str:
    """A few significant digits; a dash for what is not known."""
    if not math.isfinite(value):
        return _DASH
    if value == 0 or abs(value) >= 10 ** (digits - 1):
        return f"{value:.0f}"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def _table(caption: str, head: Sequence[object], rows: Sequence[Markup]) -> Markup:
    return el(
        "figure",
        el("figcaption", caption),
        el(
            "div",
            el("table", el("thead", el("tr", head)), el("tbody", rows), aria_label=caption),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label="Table, can be scrolled sideways",
        ),
        class_="table",
    )


def _head(text: str, *small: str, class_: str | None = None) -> Markup:
    return el("th", text, [el("small", part) for part in small], scope="col", class_=class_)


def _paper_fad(row: Row) -> tuple[str, float] | None:
    if row.density is not None:
        return f"constant {row.density:.2f}", paper.FAD_CONSTANT[row.density]
    known = {
        "random": ("random density", paper.FAD_RANDOM),
        "free": ("unconditional", paper.FAD_UNCONDITIONED),
        "shuffled": ("UNAGAN", paper.FAD_UNAGAN),
    }
    return known.get(row.key)


def _measured(distance: Distance, least: Distance) -> list[Markup]:
    """Distance with its error, and how many times that of real music."""
    times = distance.value / least.value if least.value > 0 else float("nan")
    error = el("small", f" ± {number(distance.error, 2)}") if math.isfinite(distance.error) else None
    return [el("td", number(distance.value), error, class_="number"), el("td", f"{number(times, 2)}×", class_="number")]


def fad_table(found: Findings) -> Markup:
    """Table 2, with the paper's column beside ours."""
    real = found.rows[0]
    ears = list(found.facts.embeddings)
    head = [_head("Songs"), _head("Onsets", "a second", class_="number")]
    for ear in ears:
        head += [_head("FAD", ear, class_="number"), _head("÷ real", ear, class_="number")]
    head.append(_head("The paper’s FAD", paper.FAD_ABOUT, class_="number paper"))
    rows = []
    for row in found.rows:
        printed = _paper_fad(row)
        cells = [cell for ear in ears for cell in _measured(row.distances[ear], real.distances[ear])]
        theirs = (number(printed[1], 4), el("small", printed[0])) if printed else _DASH
        kind = "real" if row.key == "real" else "baseline" if row.key in ("shuffled", "noise") else "model"
        rows.append(
            el(
                "tr",
                el("th", row.name, scope="row"),
                el("td", number(row.onsets_a_second, 2), class_="number"),
                cells,
                el("td", theirs, class_="number paper"),
                class_=kind,
            )
        )
    songs = found.facts
    caption = (
        f"Fréchet audio distance to the reference; lower is nearer. {songs.songs} songs of {songs.song_seconds:g} s in "
        "every set, ± standard error over songs."
    )
    return _table(caption, head, rows)


def stem_table(found: Findings) -> Markup:
    """Each stem by itself."""
    ears = list(next(iter(found.stems.values()))["real"])
    head = [_head("Stem")]
    for ear in ears:
        head += [_head(who, ear, class_="number") for who in ("Real", found.facts.model)]
        head.append(_head("÷ real", ear, class_="number"))
    rows = []
    for stem, both in found.stems.items():
        cells = []
        for ear in ears:
            real, model = both["real"][ear], both["model"][ear]
            cells += [el("td", number(real.value), class_="number"), *_measured(model, real)]
        rows.append(el("tr", el("th", stem, scope="row"), cells))
    return _table("Fréchet audio distance of each stem to the same stem of the reference.", head, rows)


def tempo_table(found: Findings) -> Markup:
    """Tempo asked for and heard."""
    head = [
        _head("Asked"),
        _head("Heard", "of each song"),
        _head("Right", "within 1 %", class_="number"),
        _head("Beats off by", "median of those", class_="number"),
    ]
    rows = [
        el(
            "tr",
            el("th", f"{clip.asked_bpm:g} bpm", scope="row"),
            el("td", ", ".join(tempo(bpm) for bpm in clip.heard_bpm)),
            el("td", f"{clip.right} of {len(clip.heard_bpm)}", class_="number"),
            el("td", f"{number(clip.error_ms, 2)} ms" if clip.right else _DASH, class_="number"),
        )
        for clip, _ in found.tempo
    ]
    return _table("Tempo heard, and distance of the beats heard to the grid asked for.", head, rows)


def tempo(bpm: float) -> str:
    """A tempo heard."""
    return f"{bpm:.1f} bpm" if math.isfinite(bpm) else "no beat"


def speed_table(found: Findings) -> Markup:
    """Table 1: here, and as printed."""
    counts = list(found.speeds[0].factors)
    head = [
        _head("Faster than real time"),
        *(_head("CPU", f"{n} thread{'s'[: n > 1]}", class_="number") for n in counts),
    ]
    head.append(_head("GPU", class_="number"))
    here = [_speed_row(row, counts, "model" if place == 0 else "") for place, row in enumerate(found.speeds)]
    printed = [
        el(
            "tr",
            el("th", row.name, scope="row"),
            [el("td", _DASH, class_="number") for _ in counts[:-1]],
            el("td", f"{row.cpu}×", class_="number"),
            el("td", f"{row.gpu}×", class_="number"),
            class_="paper",
        )
        for row in paper.SPEEDS
    ]
    border = el(
        "tr", el("th", f"As the paper printed it: {paper.SPEED_HARDWARE}", colspan=len(counts) + 2, scope="rowgroup")
    )
    facts = found.facts
    trials = "one trial" if facts.trials == 1 else f"median of {facts.trials} trials"
    caption = f"Generating and decoding {facts.speed_seconds:g} s, {trials} on {facts.cores} cores ({facts.processor})."
    return _table(caption, head, [*here, border, *printed])


def _speed_row(row: SpeedRow, counts: Sequence[int], kind: str) -> Markup:
    return el(
        "tr",
        el("th", row.name, scope="row"),
        [el("td", f"{number(row.factors[count])}×", class_="number") for count in counts],
        el("td", _DASH, class_="number"),
        class_=kind or None,
    )
