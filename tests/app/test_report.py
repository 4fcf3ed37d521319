"""Figures beside those of an earlier run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musika_daw.app.report import ratios_to, read_report
from musika_daw.errors import UserError


def test_ratios_of_what_both_runs_measured() -> None:
    earlier = {"model": "techno", "factor": {"median": 20.0, "lowest": 0.0}, "threads": 2, "gone": 1}
    now = {"model": "piano", "factor": {"median": 30.0, "lowest": 5.0}, "threads": 2, "new": 3, "fine": True}
    wanted = {"model": "piano (earlier techno)", "factor": {"median": 1.5}, "threads": 1.0}
    assert ratios_to(now, earlier) == wanted


def test_a_report_comes_back_as_it_was_printed(tmp_path: Path) -> None:
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps({"factor": 2.5}), encoding="utf-8")
    assert read_report(path) == {"factor": 2.5}


@pytest.mark.parametrize(("content", "told"), [(None, "cannot read"), ("{", "is no JSON"), ("[1]", "holds no figures")])
def test_what_is_no_report_is_refused_in_one_line(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "earlier.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=told) as error:
        read_report(path)
    assert "\n" not in str(error.value)
