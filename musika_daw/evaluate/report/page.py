"""The page: one HTML file beside its sounds and pictures, needing nothing else."""

from __future__ import annotations

from pathlib import Path

from musika_daw.evaluate.report import paper
from musika_daw.evaluate.report.charts import Level, Point, chart
from musika_daw.evaluate.report.findings import Facts, Findings
from musika_daw.evaluate.report.html import Markup, el
from musika_daw.evaluate.report.player import density_player, player
from musika_daw.evaluate.report.tables import fad_table, number, speed_table, stem_table, tempo, tempo_table

_HERE = Path(__file__).parent
_ENOUGH_SONGS = 16
_SHARED_BELOW = 0.9  # of the processor's time; figures of speed are then too low


def _head(title: str) -> Markup:
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("link", rel="icon", href="data:,"),
        el("style", _asset("page.css")),
    )


def page(found: Findings) -> str:
    """The whole document."""
    title = f"{found.facts.model}: evaluation report"
    parts = [
        ("listen", "Listen", _listen(found)),
        ("distance", "Distance to real music", _distance(found)),
        ("control", "Control", _control(found)),
        ("speed", "Speed", _speed(found)),
        ("method", "How it was measured", _method(found)),
    ]
    document = el(
        "html",
        _head(title),
        el(
            "body",
            el("a", "Skip to the sounds", href="#listen", class_="skip"),
            el(
                "header",
                el("p", "Musika DAW · evaluation report", class_="kicker"),
                el("h1", found.facts.model),
                el("p", _summary(found), class_="lead"),
                _headline(found),
                el(
                    "nav",
                    el("ul", [el("li", el("a", name, href=f"#{key}")) for key, name, _ in parts]),
                    aria_label="Parts",
                ),
            ),
            el("main", [el("section", el("h2", name), body, id=key) for key, name, body in parts]),
            el("footer", el("p", f"Made {found.facts.made} by musika-daw {found.facts.versions['musika-daw']}.")),
            el("script", _asset("page.js")),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{document}\n"


def _asset(name: str) -> Markup:
    return Markup((_HERE / name).read_text(encoding="utf-8"))


def _summary(found: Findings) -> str:
    facts = found.facts
    stems = f"{len(facts.stems)} stems generated together" if len(facts.stems) > 1 else "one stereo stem"
    return (
        f"A model of the family {facts.family}, {stems}. What “Musika! Fast Infinite Waveform Music Generation” "
        f"(Pasini & Schlüter, ISMIR 2022) measured in its tables 1 and 2 and shows in its figure 3, done again "
        f"with this model. Real music here is {facts.reference}."
    )


def _headline(found: Findings) -> Markup:
    """The few figures that tell most."""
    real, model = found.rows[0], found.rows[1]
    facts = []
    for ear in found.facts.embeddings:
        times = model.distances[ear].value / real.distances[ear].value
        facts.append((f"{number(times, 2)}×", f"FAD ÷ that of real music, {ear}"))
    if found.density_rho is not None:
        facts.append((number(found.density_rho, 2), "ρ of density asked and onsets heard"))
    heard = sum(songs.right for songs, _ in found.tempo)
    facts.append(
        (f"{heard} of {sum(len(songs.heard_bpm) for songs, _ in found.tempo)}", "songs heard at the tempo asked")
    )
    fastest = max(found.speeds[0].factors.values())
    facts.append((f"{number(fastest, 2)}×", "faster than real time, CPU"))
    return el("dl", [el("div", el("dt", name), el("dd", value)) for value, name in facts], class_="headline")


def _listen(found: Findings) -> list[Markup]:
    note = el("p", "All at one loudness, lossless. A click on a spectrogram plays from there.", class_="hint")
    groups = [
        el("section", el("h3", name), el("div", [player(clip, "small") for clip in clips], class_="clips"))
        for name, clips in found.listen.items()
    ]
    return [note, *groups]


def _distance(found: Findings) -> list[Markup | None]:
    told = found.density_rho is not None
    return [
        el(
            "p",
            "The paper’s table 2. The first row is what a perfect model would get: real songs against other real "
            "songs, as many as in every other row. The baselines show what the measure hears: real music dealt out "
            "anew in half seconds has all of its sound and none of its order.",
        ),
        _few(found),
        fad_table(found),
        el(
            "p",
            "The paper’s own column was measured with other music and another embedding: compare how it goes, not how "
            "high it is.",
            class_="hint",
        ),
        _density_charts(found)
        if told
        else el("p", "The model does not know density: no constant values.", class_="hint"),
        (el("h3", "Stem by stem"), stem_table(found)) if found.stems else None,  # type: ignore[list-item]
    ]


def _few(found: Findings) -> Markup | None:
    songs = found.facts.songs
    if songs >= _ENOUGH_SONGS:
        return None
    return el(
        "p",
        f"With {songs} songs in a set, which songs they are counts for more than what made them: this was a trial. The "
        f"distances begin to tell something from {_ENOUGH_SONGS} songs on.",
        class_="warning",
    )


def _density_charts(found: Findings) -> Markup:
    charts = []
    constant = [row for row in found.rows if row.density is not None]
    by_key = {row.key: row for row in found.rows}
    for ear in found.facts.embeddings:
        points = [Point(row.density or 0.0, row.distances[ear].value, row.distances[ear].error) for row in constant]
        levels = [
            Level(name, by_key[key].distances[ear].value, kind)
            for key, name, kind in (("real", "real music", "real"), ("random", "random", "model"))
        ]
        charts.append(_panel(ear, chart(f"FAD by density, {ear}", points, levels, "density", "FAD")))
    theirs = [Point(density, fad) for density, fad in paper.FAD_CONSTANT.items()]
    level = [
        Level("random", paper.FAD_RANDOM, "paper"),
        Level("unconditional", paper.FAD_UNCONDITIONED, "paper"),
    ]
    charts.append(
        _panel("The paper: piano, VGGish", chart("FAD by density, the paper", theirs, level, "density", "FAD", "paper"))
    )
    return el("div", charts, class_="charts")


def _onset_chart(found: Findings) -> Markup:
    rates = [Point(row.density, row.onsets_a_second) for row in found.rows if row.density is not None]
    real = [Level("real music", found.rows[0].onsets_a_second, "real")]
    drawing = chart("Onsets a second by density", rates, real, "density asked", "onsets a second, mean over songs")
    return el("div", _panel("Onsets heard", drawing), class_="charts")


def _panel(title: str, drawing: Markup) -> Markup:
    return el("figure", el("figcaption", title), drawing, class_="panel")


def _control(found: Findings) -> list[object]:
    parts: list[object] = [el("p", "The paper’s figure 3: log-mel spectrograms of songs that were told what to do.")]
    if found.density:
        rho = number(found.density_rho or 0.0, 2)
        parts += [
            el("h3", "Density"),
            el(
                "p",
                el("span", class_="key asked-key"),
                " asked for, a random walk with a step every bar; ",
                el("span", class_="key heard-key"),
                " heard: onsets a second on the scale of the reference. Over songs of constant density, asked and "
                f"heard have a rank correlation of {rho}.",
            ),
            [density_player(*both) for both in found.density],
            _onset_chart(found),
        ]
    told = (
        "The model is told tempo and beat."
        if found.tempo_known
        else ("The model does not know tempo: the engine finds its beats and moves them.")
    )
    parts += [
        el("h3", "Tempo"),
        el("p", told),
        [player(clip, "wide", None, f"heard: {tempo(songs.heard_bpm[0])}") for songs, clip in found.tempo],
        tempo_table(found),
    ]
    return parts


def _speed(found: Findings) -> list[Markup | None]:
    share = found.speeds[0].processor_share
    busy = share is not None and share < _SHARED_BELOW
    return [
        el("p", "The paper’s table 1: seconds of music made in a second."),
        el(
            "p",
            f"Other programs used the processor meanwhile: this one had {share or 0:.0%} of a core’s time. The figures "
            "measured here are too low.",
            class_="warning",
        )
        if busy
        else None,
        speed_table(found),
    ]


def _procedure(facts: Facts) -> list[str]:
    return [
        f"Each set has {facts.songs} songs of {facts.song_seconds:g} s from their beginnings, stereo, 44.1 kHz, "
        "without effects, brought to one loudness. The reference is a set by itself.",
        "Songs of the model: seed, style, tempo, key, brightness and density are drawn as the corpus draws them; with "
        "constant density, density alone is held. Imported models play at their own pace.",
        "FAD: Gaussians over windows of about a second, |m₁ − m₂|² + tr(C₁ + C₂ − 2(C₁C₂)^½). With so few windows all "
        "values are too high, that of real music too; hence the column “÷ real”. report.json also holds the value "
        "extrapolated to endless windows (fad_infinity).",
        "± is the standard error of a grouped jackknife over songs.",
        f"Onsets: where levels of quarter tones rise, by more than {facts.onset_threshold:g} of the strongest. Beats: "
        "autocorrelation and dynamic programming (Ellis 2007).",
        "FAD hears a second at a time, silent ones left out. It says nothing of form, and little of harmony: listen.",
    ]


def _method(found: Findings) -> list[Markup]:
    facts = found.facts
    ears = [(el("dt", name), el("dd", f"{about}.")) for name, about in facts.embeddings.items()]
    missing = (
        None
        if "MusiCNN" in facts.embeddings
        else el(
            "p",
            "A third embedding, MusiCNN, is used where its weights are installed: ",
            el("code", "pip install --no-deps musicnn"),
            class_="hint",
        )
    )
    return [
        el("h3", "Embeddings"),
        el("dl", ears, class_="terms"),
        el("div", missing),
        el("h3", "Procedure"),
        el("ul", [el("li", step) for step in _procedure(facts)]),
        el("h3", "Made again by"),
        el("pre", el("code", facts.command)),
        el(
            "p",
            "All figures but the speed are the same again. ",
            el("a", "report.json", href="report.json"),
            " holds them. Versions: ",
            ", ".join(f"{name} {version}" for name, version in facts.versions.items()),
            f". Licence of the weights: {facts.licence}.",
        ),
    ]
