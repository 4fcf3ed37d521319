"""Scores of music21's corpus that anybody may use.

The corpus has the scores' own notices in their files: what claims rights other than CC-BY or freer is left out, and so
are the folders whose encoders reserve some. Every composer named here died before 1930. Nothing of music21 is run: its
package is the library that the scores are lent from.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from musika_daw.errors import UserError
from musika_daw.train.piano.musicxml import read_xml

FOLDERS = {
    "bach": "Johann Sebastian Bach",
    "beethoven": "Ludwig van Beethoven",
    "corelli": "Arcangelo Corelli",
    "cpebach": "Carl Philipp Emanuel Bach",
    "handel": "George Frideric Handel",
    "haydn": "Joseph Haydn",
    "joplin": "Scott Joplin",
    "mozart": "Wolfgang Amadeus Mozart",
    "schumann_robert": "Robert Schumann",
    "verdi": "Giuseppe Verdi",
}
_ENDINGS = (".mxl", ".xml", ".musicxml")
_NOTICES = re.compile(r"<(?:rights|credit-words)\b[^>]*>([^<]*)<")
_CLAIM = re.compile(r"©|\(c\)|copyright|permission|rights reserved|licen[cs]e", re.IGNORECASE)
_FREE = re.compile(r"public domain|cc0|\(cc-by\)", re.IGNORECASE)


@dataclass(frozen=True)
class ScoreFile:
    """A score, not yet read.

    Attributes:
        name: its place in the corpus, `mozart/k545/movement1_exposition.mxl`.
        notice: what it says of its rights; empty where it says nothing.
    """

    name: str
    path: Path
    composer: str
    notice: str


def find_scores() -> tuple[ScoreFile, ...]:
    """Every score that may be used, by name.

    Raises:
        UserError: music21 is not installed.
    """
    found = importlib.util.find_spec("music21")
    if found is None or found.origin is None:
        raise UserError("the scores of music21 are not there: install them with pip install 'musika-daw[piano]'")
    corpus = Path(found.origin).parent / "corpus"
    return tuple(
        ScoreFile(path.relative_to(corpus).as_posix(), path, composer, notice)
        for folder, composer in FOLDERS.items()
        for path in sorted((corpus / folder).rglob("*"))
        if path.suffix in _ENDINGS and is_free(notice := notice_of(read_xml(path)))
    )


def notice_of(text: str) -> str:
    """What the text of a MusicXML file says of its rights, in one line."""
    claims = (" ".join(found.split()) for found in _NOTICES.findall(text))
    return "; ".join(sorted({claim for claim in claims if _CLAIM.search(claim) or _FREE.search(claim)}))


def is_free(notice: str) -> bool:
    """Whether a notice leaves the score to everybody: none is claimed, or it is given away."""
    return all(_FREE.search(part) for part in notice.split("; ") if part)
