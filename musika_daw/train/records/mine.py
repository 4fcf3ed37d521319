"""`train mine` on ears that know any music: a model of records goes on learning from a musician's own songs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from musika_daw.analysis.mid_side import left_right, mid_side
from musika_daw.analysis.spectra import Audio
from musika_daw.errors import UserError
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import UniversalGenerator
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.model.universal.model_file import RecordsModel, load_records_model, records_info, save_records_model
from musika_daw.train.loop import run_loop
from musika_daw.train.official.fidelity import fidelity
from musika_daw.train.official.obedience import obedience_of
from musika_daw.train.records.best_step import best_weights
from musika_daw.train.records.corpus import TRAIN, VALIDATION, open_records
from musika_daw.train.records.generator import RecordsGeneratorSettings, RecordsGeneratorTask
from musika_daw.train.records.packed import PackedRecords, pack_records, read_packed, unpack
from musika_daw.train.records.playing import play
from musika_daw.train.songs import Song

Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
LEAST_SECONDS = 20.0  # of a song
_HELD_SONGS = 10  # one of so many is held out
_FEW_SONGS = 5  # fewer: the end of each is held out instead
_HELD_SHARE = 0.15
_LEAST_FRAMES = 200  # of what is held out of a song
_RATE = 3e-4
_STYLE_FRAMES = 300
_LEVELS = 11
_FOLLOWED = 0.4  # rank correlation from which density is offered as a control


@dataclass(frozen=True)
class OwnRecords:
    """What is trained.

    Attributes:
        folder: of everything that is made on the way.
        start: model of records that the training starts from, and whose codec is used.
    """

    music: Path
    folder: Path
    start: str
    name: str
    minutes: float
    batch: int
    seed: int
    device: str
    threads: int


def train_own_records(own: OwnRecords, songs: Sequence[Song], progress: Progress) -> dict[str, Any]:
    """Train, or go on training; returns figures, and under `model` the file that was written.

    Raises:
        UserError: no song is long enough.
    """
    base = load_records_model(own.start)
    packed = _packed(own, base.codec, progress)
    settings = RecordsGeneratorSettings(
        own.folder / "generator",
        minutes=own.minutes,
        packed=own.folder / "packed.safetensors",
        lr=_RATE,
        batch=own.batch,
        seed=own.seed,
        device=own.device,
        threads=own.threads,
    )
    task = RecordsGeneratorTask(settings, packed, base.generator)
    trained = run_loop(task, settings)
    model = _model(own, base, task, packed)
    bpm = _usual_bpm(packed)
    kept = fidelity(songs, lambda sound: _there_and_back(sound, base.codec))
    tempo = bpm or 120.0
    followed = obedience_of(
        lambda seed, densities: play(model, seed, float(densities[0]), tempo),
        model.info.stems,
        tuple(model.info.signals),
        tempo,
    )
    if followed["density_rho"] < _FOLLOWED:
        signals = {name: size for name, size in model.info.signals.items() if name != "density"}
        model = replace(model, info=replace(model.info, signals=signals))
    path = own.folder / f"{own.name}.safetensors"
    save_records_model(path, model)
    _tell_beats(bpm)
    return {**trained, "bpm": bpm, **kept, **followed, "model": str(path)}


def hold_out(packed: PackedRecords) -> PackedRecords:
    """The same with some of it held out: whole songs, or of few songs the end of each."""
    count = len(packed.names)
    if count >= _FEW_SONGS:
        parts = tuple(VALIDATION if k % _HELD_SONGS == _FEW_SONGS - 1 else TRAIN for k in range(count))
        return replace(packed, parts=parts)
    starts: list[int] = [0]
    held_or_not: list[str] = []
    names: list[str] = []
    for first, end, name in zip(packed.starts[:-1], packed.starts[1:], packed.names, strict=True):
        held = max(_LEAST_FRAMES, round((end - first) * _HELD_SHARE))
        if end - first > 2 * held:
            starts, held_or_not, names = [*starts, end - held], [*held_or_not, TRAIN], [*names, name]
        starts, held_or_not, names = [*starts, end], [*held_or_not, VALIDATION], [*names, name]
    return replace(packed, starts=tuple(starts), parts=tuple(held_or_not), names=tuple(names))


def _packed(own: OwnRecords, codec: UniversalCodec, progress: Progress) -> PackedRecords:
    path = own.folder / "packed.safetensors"
    if not path.is_file():
        records = [record for record in open_records(own.music) if record.seconds >= LEAST_SECONDS]
        if not records:
            raise UserError(f"{own.music} has no song of {LEAST_SECONDS:g} s: expected one at least")
        own.folder.mkdir(parents=True, exist_ok=True)
        with progress("encode and label") as shown:
            pack_records(records, codec, path, shown)
    return hold_out(read_packed(path))


def _model(own: OwnRecords, base: RecordsModel, task: RecordsGeneratorTask, packed: PackedRecords) -> RecordsModel:
    best = UniversalGenerator(task.network.size)
    best.load_state_dict(best_weights(own.folder / "generator"))
    best.requires_grad_(False).eval()
    styles, names = _styles(best, packed)
    levels = np.quantile(np.asarray(packed.signals[:, :2], np.float32), np.linspace(0.01, 0.99, _LEVELS), axis=0).T
    hours = len(packed.latents) * FRAME / SAMPLE_RATE / 3600
    training = {"start": base.info.name, "hours_of_music": round(hours, 2), "minutes": own.minutes, "songs": names}
    codec, size = base.codec.autoencoder.size, best.size
    info = records_info(own.name, codec, size, len(styles), training, f"as the songs' own; start: {base.info.licence}")
    return RecordsModel(info, base.codec, best, styles, torch.from_numpy(levels.astype(np.float32)))


@torch.inference_mode()
def _styles(generator: UniversalGenerator, packed: PackedRecords) -> tuple[Tensor, list[str]]:
    """The style of every song, read from half a minute of its inner part."""
    found: dict[str, Tensor] = {}
    for first, end, name in zip(packed.starts[:-1], packed.starts[1:], packed.names, strict=True):
        start = first + round((end - first) * 0.3)
        latents = torch.from_numpy(unpack(packed.latents[start : min(end, start + _STYLE_FRAMES)]).T.copy())[None]
        found.setdefault(name, generator.style(generator.scaled(latents))[0])
    return torch.stack(list(found.values())), list(found)


def _usual_bpm(packed: PackedRecords) -> float | None:
    """The median tempo of what has a beat."""
    tempo = np.asarray(packed.signals[packed.signals[:, 5] > 0, 2], np.float32)
    return float(120 * 2 ** np.median(tempo)) if len(tempo) else None


@torch.inference_mode()
def _there_and_back(original: Audio, codec: UniversalCodec) -> Audio:
    samples = original.shape[1]
    sound = torch.from_numpy(mid_side(np.pad(original, ((0, 0), (0, -samples % FRAME)))))[None]
    return left_right(codec.decode(codec.encode(sound.float()))[0, :, :samples].numpy())


def _tell_beats(bpm: float | None) -> None:
    if bpm is None:
        print("no steady beat in this music: the model knows beats from the one it started from", file=sys.stderr)
