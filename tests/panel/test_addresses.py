"""What the window sends is in the table: a button whose address is misspelt does nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import musika_daw.panel
from osc_protocol.types import find

QML = Path(musika_daw.panel.__file__).parent / "qml"
SENT = [
    (path.name, address)
    for path in sorted(QML.rglob("*.qml"))
    for address in re.findall(r'link\.send\([^"]*"(/musika/[^"]+)"', path.read_text())
]


@pytest.mark.parametrize(("file", "address"), SENT)
def test_it_is_sent_to_an_address_that_acts(file: str, address: str) -> None:
    assert find(address).row.access.writable, f"{file} sends {address}"


def test_they_are_found() -> None:
    assert {"/musika/tap", "/musika/bus", "/musika/cue"} <= {address for _, address in SENT}
