"""A tiny model of records, as a model file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.records_model import write_records_model


@pytest.fixture(scope="session")
def records_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "tiny.safetensors"
    write_records_model(path)
    return path
