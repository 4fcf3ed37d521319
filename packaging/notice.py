"""The licences of what is really in a bundle, as one text: `NOTICE`."""

from __future__ import annotations

import importlib.metadata as metadata
from collections.abc import Iterable, Iterator
from pathlib import Path

_TEXTS = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
_OWN = "musika-daw"


def distributions_of(sources: Iterable[Path]) -> list[metadata.Distribution]:
    """The installed packages that files belong to, by name."""
    owners: dict[Path, metadata.Distribution] = {}
    for distribution in metadata.distributions():
        for file in distribution.files or ():
            owners[Path(str(distribution.locate_file(file))).resolve()] = distribution
    found = {d.name.lower(): d for source in sources if (d := owners.get(source.resolve())) is not None}
    return [found[name] for name in sorted(found) if name != _OWN]


def notice(sources: Iterable[Path], own_licence: Path) -> str:
    """Our licence first, then each package with its version, its licence's name, where it comes from and its texts."""
    parts = [f"Musika DAW\n\n{own_licence.read_text(encoding='utf-8')}"]
    for distribution in distributions_of(sources):
        facts = distribution.metadata
        name = facts.get("License-Expression") or _first_line(facts.get("License")) or _classifier(facts) or "see below"
        home = facts.get("Home-page") or next(iter(facts.get_all("Project-URL") or ()), "")
        parts.append("\n\n".join([f"{facts['Name']} {distribution.version}: {name}\n{home}", *_texts(distribution)]))
    return f"\n\n{'-' * 100}\n\n".join(parts) + "\n"


def _texts(distribution: metadata.Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file)))
        if path.name.upper().startswith(_TEXTS) and path.suffix in ("", ".txt", ".md", ".rst") and path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace").strip()


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0] if (text or "").strip() else ""


def _classifier(facts: metadata.PackageMetadata) -> str:
    kinds = (line for line in facts.get_all("Classifier") or () if line.startswith("License"))
    return next((line.rpartition("::")[2].strip() for line in kinds), "")
