"""Everything that controllers open, as the files of one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from osc_protocol.max_device import max_device
from osc_protocol.max_patch import max_patch
from osc_protocol.open_stage_control import open_stage_control_session
from osc_protocol.pure_data import pure_data_patch
from osc_protocol.touchosc import touchosc_layout


def controller_files(stems: Sequence[str]) -> Mapping[str, bytes]:
    """Name of each file -> its content."""
    return {
        "musika.pd": pure_data_patch(stems).encode(),
        "musika.maxpat": _json(max_patch(stems)),
        "musika.amxd": max_device(stems),
        "musika.tosc": touchosc_layout(stems),
        "musika_open_stage_control.json": _json(open_stage_control_session(stems)),
    }


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()
