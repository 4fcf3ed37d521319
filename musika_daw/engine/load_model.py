"""A model of any family, ready to play."""

from __future__ import annotations

from musika_daw.engine.official.model import OfficialModel
from musika_daw.engine.own_model import OwnModel
from musika_daw.engine.playable import PlayedModel
from musika_daw.model.model_file import FAMILY, load_networks
from musika_daw.model.official.official_file import load_official, read_any_info


def load_model(name_or_path: str) -> PlayedModel:
    """Load a shipped, installed or imported model.

    Raises:
        UsageError: there is no such model. UserError: the file is damaged or foreign.
    """
    if read_any_info(name_or_path).family == FAMILY:
        return OwnModel(load_networks(name_or_path))
    return OfficialModel(load_official(name_or_path, ("gen", "dec2", "dec")))
