"""`train records pack`: which records are packed, and where to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from musika_daw.errors import UserError
from musika_daw.model.universal.codec_file import load_codec
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.train.records.corpus import PARTS, open_records
from musika_daw.train.records.packed import pack_records

Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
_SHORTEST_SECONDS = 20.0


@dataclass(frozen=True)
class PackSettings:
    """Options of `train records pack`."""

    codec: Path = field(metadata={"help": "trained codec ('train records autoencoder')"})
    out: Path = field(metadata={"help": "file to write"})
    records: Path = field(default=Path("records"), metadata={"help": "corpus of records, or any folder of music"})
    part: str = field(
        default="all", metadata={"help": "all, or what the packed records are for", "choices": ("all", *PARTS)}
    )


def run(settings: PackSettings, progress: Progress) -> dict[str, Any]:
    """Pack records; returns how much they are.

    Raises:
        UserError: there are none of that part, or the codec cannot be read.
    """
    chosen = [
        record
        for record in open_records(settings.records)
        if record.seconds >= _SHORTEST_SECONDS and settings.part in ("all", record.part)
    ]
    if not chosen:
        raise UserError(f"{settings.records} has no records of {_SHORTEST_SECONDS:g} s for {settings.part}")
    codec = load_codec(settings.codec)
    with progress("pack") as shown:
        packed = pack_records(chosen, codec, settings.out, shown)
    hours = len(packed.latents) * FRAME / SAMPLE_RATE / 3600
    megabytes = settings.out.stat().st_size / 2**20
    return {"records": len(chosen), "hours": round(hours, 2), "megabytes": round(megabytes, 1)}
