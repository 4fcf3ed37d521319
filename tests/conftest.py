"""What every test may use. Nothing heavy is imported before a test asks for it: pure tests start without torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from musika_daw.model.model_file import Networks

pytest_plugins = ("tests.support.side_by_side", "tests.support.leaks")


@pytest.fixture(scope="session")
def tiny_networks() -> Networks:
    """A whole model of tiny untrained networks."""
    from tests.support.tiny_networks import make_tiny_networks

    return make_tiny_networks()


@pytest.fixture(scope="session")
def tiny_model(tiny_networks: Networks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that model."""
    from musika_daw.model.model_file import save_networks

    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    save_networks(path, tiny_networks)
    return path
