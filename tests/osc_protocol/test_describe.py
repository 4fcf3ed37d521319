"""The documentation is the table: every row and argument is in it."""

import json
from pathlib import Path

from osc_protocol import describe
from osc_protocol.table import TABLE


def test_markdown_has_a_line_per_address() -> None:
    page = describe.markdown()
    for row in TABLE:
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{row.pattern}` |")]
        assert row.help in line
        assert line.count(" | ") == 3, "a cell holds the mark that ends it"
        assert all(argument.name in line for argument in row.arguments)
    assert "40 to 240 bpm (default 128)" in page


def test_json_survives_and_holds_every_argument() -> None:
    document = describe.to_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    by_address = {row["address"]: row for row in document["addresses"]}
    assert list(by_address) == [row.pattern for row in TABLE]
    assert by_address["/musika/tempo"]["arguments"][0]["high"] == 240.0


def test_the_page_in_the_repository_is_current() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "osc.md"
    assert page.read_text(encoding="utf-8") == describe.markdown(), "musika-daw protocol > docs/osc.md"
