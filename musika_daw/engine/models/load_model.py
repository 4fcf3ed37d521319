"""A model of any family, ready to play."""

from __future__ import annotations

from musika_daw.engine.official.model import OfficialModel
from musika_daw.engine.own.model import OwnModel
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.records.model import PlayedRecords
from musika_daw.model.model_file import FAMILY, FAMILY_RECORDS, load_networks
from musika_daw.model.official.official_file import load_official, read_any_info
from musika_daw.model.precision import inner_precision
from musika_daw.model.universal.model_file import load_records_model


def load_model(name_or_path: str) -> PlayedModel:
    """Load a shipped, installed or imported model.

    Raises:
        UsageError: there is no such model. UserError: the file is damaged or foreign.
    """
    family = read_any_info(name_or_path).family
    if family == FAMILY:
        return OwnModel(load_networks(name_or_path))
    if family == FAMILY_RECORDS:
        records = load_records_model(name_or_path)
        records.play_in(inner_precision())
        return PlayedRecords(records)
    official = load_official(name_or_path, ("gen", "dec2", "dec"))
    official.play_in(inner_precision())
    return OfficialModel(official)
