"""A model of a musician's own music, start to end: autoencoder, latents, labels, GAN, figures, installed under a name.

Every part is a run of its own in one folder, so whatever stops it, the same command goes on.
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from musika_daw.errors import UsageError, UserError
from musika_daw.model.model_file import FAMILY_RECORDS, own_models_folder
from musika_daw.model.official.official_file import load_official, read_any_info
from musika_daw.model.official.sizes import FAMILY_22K, OfficialSize
from musika_daw.music.notes import MIX
from musika_daw.resources import own_folder
from musika_daw.storage.files import replace_file
from musika_daw.train.distributed import launched_processes
from musika_daw.train.labelling import label_songs
from musika_daw.train.labels import LABEL_ENDING, read_labels
from musika_daw.train.loop import LoopSettings
from musika_daw.train.multitracks import find_multitracks, stem_names
from musika_daw.train.music_folder import find_music
from musika_daw.train.official.autoencoder import PaperAutoencoderSettings
from musika_daw.train.official.autoencoder import run as train_autoencoder
from musika_daw.train.official.coordinates import random_inputs
from musika_daw.train.official.encoding import encode_songs
from musika_daw.train.official.fidelity import official_fidelity
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.gan_task import run as train_gan
from musika_daw.train.official.obedience import obedience
from musika_daw.train.official.short_training import ShortGanSettings
from musika_daw.train.official.starting import find_size, load_encoders
from musika_daw.train.records.mine import OwnRecords, train_own_records
from musika_daw.train.songs import Material, plain_songs
from musika_daw.train.verdict import verdict

LEAST_MINUTES = 10.0
GOOD_MINUTES = 120.0
AUTO, NONE, OWN = "auto", "none", "own"
SHIPPED_AUTOENCODER = "piano"
SHIPPED_EARS = "electronic"  # a model of records: what one of whole songs starts from
_OWN_HOURS = 2.0  # from here on an autoencoder of one's own gets more training than the shipped one had
TRAININGS_VARIABLE = "MUSIKA_DAW_TRAININGS"
# Level, phase, share of the time of the autoencoder; the phases that make sound take the longest.
_STAGES = ((1, 1, 0.25), (1, 2, 0.35), (2, 1, 0.15), (2, 2, 0.25))
_AUTOENCODER_SHARE = 0.5  # of all time, where one is trained
_RATES = {1: 1e-3, 2: 3e-4}  # higher than the paper's: there is less time
_START_RATE = 2e-4  # of a GAN that plays already and is not to forget it
_PAPER_STEPS, _PAPER_BATCH = 1_500_000, 32
_CODING_SPEED = 15.0  # seconds of music encoded and labelled a second, seen on one core
_EARS_SPEED = 12.0  # the same of the universal codec
_MAX_HOURS = 10_000.0
Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]


@dataclass(frozen=True)
class MineSettings:
    """Options of `train mine`."""

    music: Path = field(metadata={"help": "folder of music", "argument": "FOLDER"})
    name: str = field(metadata={"help": "name of the model"})
    hours: float = field(metadata={"help": "how long to train; the more the better"})
    autoencoder: str = field(
        default=AUTO,
        metadata={
            "help": f"model whose autoencoder to use, e.g. an imported one; {OWN}: one is trained, too, in half of the "
            f"time; {AUTO}: {OWN} from {_OWN_HOURS:g} hours on, else the one of {SHIPPED_AUTOENCODER}"
        },
    )
    start: str | None = field(default=None, metadata={"help": "model (with its critic) whose GAN to start from"})
    stems: str = field(
        default=AUTO,
        metadata={
            "help": "auto: multitracks are found by the names of files; none: each file is a song; or their names, "
            "e.g. drums,bass,vocals"
        },
    )
    hop: int = field(default=128, metadata={"help": "size of an autoencoder that is trained; the paper's is 256"})
    base: int = field(default=32, metadata={"help": "width of generator and critic; the paper's is 128"})
    batch: int = field(default=4, metadata={"help": "excerpts per step"})
    seed: int = field(default=0, metadata={"help": "seed of everything"})
    device: str = field(default="auto", metadata={"help": "auto, cpu, cuda or mps"})
    threads: int = field(default=2, metadata={"help": "CPU threads"})


def train_mine(settings: MineSettings, progress: Progress) -> dict[str, Any]:
    """Train a model of a folder of music and install it; returns what was measured of it.

    Args:
        progress: makes a progress report of a name.

    Raises:
        UsageError, UserError: the music is too little, or the name is taken.
    """
    if launched_processes() > 1:
        raise UsageError("'train mine' runs in one process: under torchrun use 'train paper', step by step")
    material = find_material(settings)
    _check(settings, material)
    folder = own_folder("trainings", TRAININGS_VARIABLE) / settings.name
    _tell(expectation(settings, material))
    ears = _ears(settings, material)
    figures = (
        _on_ears(settings, material, folder, ears, progress)
        if ears
        else _official(settings, material, folder, progress)
    )
    for line in verdict(figures):
        _tell(line)
    return {**figures, "model": str(_install(Path(figures["model"]), settings.name))}


def _ears(settings: MineSettings, material: Material) -> str | None:
    """The model of records that this training starts from; None: it trains networks of the official family."""
    if material.stems != (MIX,) or settings.autoencoder != AUTO:
        return None
    start = settings.start or SHIPPED_EARS
    return start if read_any_info(start).family == FAMILY_RECORDS else None


def _on_ears(settings: MineSettings, material: Material, folder: Path, ears: str, progress: Progress) -> dict[str, Any]:
    own = OwnRecords(settings.music, folder, ears, settings.name, minutes=60 * settings.hours, **_common(settings))
    return train_own_records(own, material.songs, progress)


def _official(settings: MineSettings, material: Material, folder: Path, progress: Progress) -> dict[str, Any]:
    """Networks of the official family, which make stems together, too."""
    coder = _given_autoencoder(settings) or _autoencoder(settings, folder)
    latents = folder / "latents"
    with progress("encode") as share:
        left_out = encode_songs(material.songs, material.stems, latents, load_encoders(coder), share)
    for line in left_out:
        _tell(f"skipped: {line}")
    with progress("label") as share:
        label_songs(material.songs, latents, share)
    report = train_gan(_gan_settings(settings, folder, coder))
    model = load_official(report["model"])
    bpm = _usual_bpm(latents)
    if bpm is None:
        _tell("no steady beat in this music: the model was trained without beat phase")
    kept = official_fidelity(material.songs, load_encoders(coder), model.decoders())
    return {**report, "bpm": bpm, **kept, **obedience(model, bpm or 120.0)}


def find_material(settings: MineSettings) -> Material:
    """The songs of the folder, and their stems if it holds multitracks.

    Raises:
        UsageError: there cannot be stems of these names. UserError: there is no music, or none of them.
    """
    music = find_music(settings.music)
    broken = tuple(f"skipped: {line}" for line in music.left_out())
    if settings.stems != NONE:
        found = find_multitracks(music, settings.music, () if settings.stems == AUTO else stem_names(settings.stems))
        if found is not None:
            return replace(found, remarks=(*broken, *found.remarks))
    return Material((MIX,), plain_songs(music, settings.music), broken)


def expectation(settings: MineSettings, music: Material) -> str:
    """What is going to happen, how long it takes here, and what to expect of it."""
    stems = "" if music.stems == (MIX,) else f" of {len(music.stems)} stems ({', '.join(music.stems)})"
    lines = [f"{len(music.songs)} songs{stems}, {music.seconds / 60:.0f} minutes of music", *music.remarks]
    if music.seconds < GOOD_MINUTES * 60:
        lines.append(f"more music gives more variety: {GOOD_MINUTES / 60:.0f} hours of one kind are a good amount")
    ears = _ears(settings, music)
    if ears is not None:
        coding = music.seconds / _EARS_SPEED / 3600
        lines.append(
            f"this takes {settings.hours + coding:.1f} h: encoding and labelling about {coding:.1f} h, then a "
            f"generator that starts from {ears} learns from your songs for {settings.hours:g} h; when it is stopped, "
            "the same command goes on"
        )
        return "\n".join(lines)
    own = settings.hours * _own_share(settings)
    coding = music.seconds * len(music.stems) / _CODING_SPEED / 3600
    given = _given_autoencoder(settings)
    told = f"that of {given}" if given else f"{own:.1f} h"
    lines.append(
        f"this takes {settings.hours + coding:.1f} h: autoencoder {told}, encoding and labelling about "
        f"{coding:.1f} h, GAN {settings.hours - own:.1f} h; when it is stopped, the same command goes on"
    )
    steps = (settings.hours - own) * 3600 / gan_step_seconds(settings, len(music.stems))
    share = steps * settings.batch / (_PAPER_STEPS * _PAPER_BATCH)
    quality = "textures and the rhythm, not finished sound" if share < 0.01 else "music that gets better with time"
    lines.append(
        f"the GAN gets about {steps:,.0f} steps of {settings.batch} here, {share:.2%} of what the paper's had: "
        f"expect {quality}"
    )
    return "\n".join(lines)


def gan_step_seconds(settings: MineSettings, stems: int) -> float:
    """How long a step of the GAN takes on this machine, tried out."""
    size = _size(settings, stems)
    plan = LoopSettings(Path(), device=settings.device)
    torch.set_num_threads(settings.threads)
    device = plan.torch_device()
    gan = LatentGan(size, replace(GanSettings.for_family(size), reconstruction=0.0), device)
    random = torch.Generator().manual_seed(0)
    real = torch.randn(settings.batch, size.latent_channels, 2 * size.patch, generator=random).to(device)
    inputs = random_inputs(settings.batch, size, random).to(device)
    times = []
    for _ in range(3):
        started = time.monotonic()
        gan.step(real, inputs, noise=None)
        times.append(time.monotonic() - started)
    return min(times)


def _check(settings: MineSettings, music: Material) -> None:
    if not re.fullmatch(r"[\w][\w .+-]{0,99}", settings.name):
        raise UsageError(f"model name {settings.name!r} is not possible: expected letters, digits, '-' and '_'")
    if not 0 < settings.hours <= _MAX_HOURS:
        raise UsageError(f"hours {settings.hours:g} is out of range: expected more than 0, {_MAX_HOURS:g} at most")
    minutes = music.seconds / 60
    if minutes < LEAST_MINUTES:
        raise UserError(
            f"{settings.music} holds {minutes:.1f} minutes of music: expected {LEAST_MINUTES:.0f} at least, better "
            f"{GOOD_MINUTES / 60:.0f} hours; add songs of the same kind, whole ones rather than loops"
        )
    if _place(settings.name).exists():
        raise UserError(f"{_place(settings.name)} is already there: choose another name, or remove it")


def _given_autoencoder(settings: MineSettings) -> str | None:
    """Whose autoencoder is used; None: one is trained."""
    if settings.autoencoder == AUTO:
        return SHIPPED_AUTOENCODER if settings.hours < _OWN_HOURS else None
    return None if settings.autoencoder == OWN else settings.autoencoder


def _own_share(settings: MineSettings) -> float:
    """Share of the time in which an autoencoder is trained."""
    return 0.0 if _given_autoencoder(settings) else _AUTOENCODER_SHARE


def _place(name: str) -> Path:
    return own_models_folder() / f"{name}.safetensors"


def _size(settings: MineSettings, stems: int) -> OfficialSize:
    """Of the networks that will be trained."""
    given = _given_autoencoder(settings)
    coded = find_size(given) if given else OfficialSize(FAMILY_22K, settings.hop)
    return replace(coded, base=settings.base, extra_inputs=0, conditions=0, stems=stems)


def _common(settings: MineSettings) -> dict[str, Any]:
    return {"seed": settings.seed, "device": settings.device, "threads": settings.threads, "batch": settings.batch}


def _autoencoder(settings: MineSettings, folder: Path) -> str:
    """Train an autoencoder of this music; returns its last run."""
    before: str | None = None
    for level, phase, share in _STAGES:
        run = folder / f"autoencoder level {level} phase {phase}"
        stage = PaperAutoencoderSettings(
            run,
            minutes=60 * settings.hours * _AUTOENCODER_SHARE * share,
            music=settings.music,
            family=FAMILY_22K,
            hop=settings.hop,
            level=level,
            phase=phase,
            start=before,
            lr=_RATES[phase],
            critic_width=16,
            **_common(settings),
        )
        train_autoencoder(stage)
        before = str(run)
    assert before is not None
    return before


def _gan_settings(settings: MineSettings, folder: Path, coder: str) -> ShortGanSettings:
    plan = ShortGanSettings(
        folder / "gan",
        minutes=60 * settings.hours * (1 - _own_share(settings)),
        latents=folder / "latents",
        autoencoder=coder,
        start=settings.start,
        base=settings.base,
        **_common(settings),
    )
    return plan if settings.start is None else replace(plan, lr=_START_RATE)


def _usual_bpm(latents: Path) -> float | None:
    """The median tempo of what is locked."""
    found = [read_labels(path) for path in sorted(latents.rglob(f"*{LABEL_ENDING}"))]
    tempos = [stretch.bpm for labels in found for stretch in labels.locked]
    return float(np.median(tempos)) if tempos else None


def _install(model: Path, name: str) -> Path:
    place = _place(name)
    with replace_file(place) as partial:
        shutil.copyfile(model, partial)
    return place


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
