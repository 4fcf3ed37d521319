"""Plug-ins that were tried are noted in a folder of the tests'."""

from __future__ import annotations

import pytest

from musika_daw.engine.fx.trial import TRIED_VARIABLE


@pytest.fixture(autouse=True, scope="session")
def tried_plugins(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TRIED_VARIABLE, str(tmp_path_factory.mktemp("tried")))
        yield
