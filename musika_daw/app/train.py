"""`musika-daw train`: one command per network; their options are the fields of its settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from musika_daw.app.command import PROGRAM, Command, Group
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report

_Settings = TypeVar("_Settings")

# What Apple's GPU lacks is done by the processor; torch asks for this once, when it is loaded.
os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")


def _trainer(
    summary: str, example: str, settings: type[_Settings], run: Callable[[_Settings], dict[str, Any]]
) -> Command:
    return Command(
        summary,
        f"{PROGRAM} train {example}",
        lambda parser: add_dataclass_options(parser, settings),
        lambda options: _report(run(from_options(settings, options))),
    )


def _report(figures: dict[str, Any]) -> None:
    if figures:  # of several processes, one has them
        print_report(figures, as_json=True)


def _autoencoder() -> Command:
    from musika_daw.train.autoencoder import AutoencoderSettings, run

    return _trainer(
        "Train an autoencoder: of the drums, or of the pitched stems. Phase 1 reconstructs; phase 2 keeps the encoder "
        "and trains the decoder against a critic.",
        "autoencoder --stem drums --corpus corpus --run runs/drums --minutes 60",
        AutoencoderSettings,
        run,
    )


def _pattern() -> Command:
    from musika_daw.train.pattern import PatternSettings, run

    return _trainer(
        "Train the pattern net, which makes the notes.",
        "pattern --run runs/pattern --minutes 60",
        PatternSettings,
        run,
    )


def _generator() -> Command:
    from musika_daw.train.generator import GeneratorSettings, run

    return _trainer(
        "Train the generator, which makes the sound, on an encoded corpus.",
        "generator --latents latents --run runs/generator --minutes 120",
        GeneratorSettings,
        run,
    )


def _paper_autoencoder() -> Command:
    from musika_daw.train.official.autoencoder import PaperAutoencoderSettings, run

    return _trainer(
        "Train an autoencoder of the official family on a folder of music, as the paper does: level 1 in two phases, "
        "then level 2 in two phases, each started from the run before.",
        "paper autoencoder --music music --run runs/ae11 --minutes 60",
        PaperAutoencoderSettings,
        run,
    )


def _paper_gan() -> Command:
    from musika_daw.train.official.gan_task import PaperGanSettings, run

    return _trainer(
        "Train the GAN of the official family on encoded music; ends in a model file in the run's folder.",
        "paper gan --latents latents --autoencoder runs/ae22 --run runs/gan --minutes 60",
        PaperGanSettings,
        run,
    )


def _piano() -> Command:
    from musika_daw.train.piano.train import PianoSettings, run

    return _trainer(
        "Train the GAN of a piano model on a corpus that 'data make piano' made; ends in a model file in the run's "
        "folder.",
        "piano --corpus corpus --autoencoder runs/ae22 --run runs/piano --minutes 60",
        PianoSettings,
        run,
    )


def _mine() -> Command:
    from musika_daw.app.progress import Progress
    from musika_daw.train.mine.mine import MineSettings, train_mine

    return _trainer(
        "Train a model of your own music and install it under a name. Started again, it goes on where it was.",
        "mine music --name mine --hours 8",
        MineSettings,
        lambda settings: train_mine(settings, Progress),
    )


def _records_autoencoder() -> Command:
    from musika_daw.app.progress import Progress
    from musika_daw.train.records.autoencoder import RecordsAutoencoderSettings, run

    return _trainer(
        "Train the universal autoencoder on records, of 'data fetch free' or any folder of music; ends in "
        "codec.safetensors and its figures on records that it has not heard.",
        "records autoencoder --records records --run runs/codec --minutes 60",
        RecordsAutoencoderSettings,
        lambda settings: run(settings, Progress),
    )


def _records_pack() -> Command:
    from musika_daw.app.progress import Progress
    from musika_daw.train.records.packing import PackSettings, run

    return _trainer(
        "Encode and label records and pack them into one file, all that the generator is trained on: 60 MB hold six "
        "hours.",
        "records pack --records records --codec runs/codec/codec.safetensors --out packed.safetensors",
        PackSettings,
        lambda settings: run(settings, Progress),
    )


def _records_generator() -> Command:
    from musika_daw.app.progress import Progress
    from musika_daw.train.records.generator import RecordsGeneratorSettings, run

    return _trainer(
        "Train the generator of the universal autoencoder's latents on packed records, and write samples to hear.",
        "records generator --packed packed.safetensors --codec runs/codec/codec.safetensors --run runs/generator",
        RecordsGeneratorSettings,
        lambda settings: run(settings, Progress),
    )


_RECORDS = Group(
    "Train on records: the universal autoencoder, then a generator of its latents.",
    f"{PROGRAM} train records autoencoder --records records --run runs/codec --minutes 60",
    {
        "autoencoder": ("any music to latents and back, 44.1 kHz stereo", _records_autoencoder),
        "pack": ("records as latents in one file", _records_pack),
        "generator": ("the latents", _records_generator),
    },
)
_PAPER = Group(
    "Train the networks of the official Musika, as its paper and its code do. Under torchrun, several processes share "
    "every batch.",
    f"{PROGRAM} train paper autoencoder --music music --run runs/ae11 --minutes 60",
    {
        "autoencoder": ("spectrograms to latents and back", _paper_autoencoder),
        "gan": ("the latents", _paper_gan),
    },
)
GROUP = Group(
    "Train the networks of a model. A run that was stopped goes on where it was when it is started again.",
    f"{PROGRAM} train autoencoder --stem drums --corpus corpus --run runs/drums --minutes 60",
    {
        "autoencoder": ("sound to latents and back", _autoencoder),
        "pattern": ("the notes", _pattern),
        "generator": ("the sound", _generator),
        "mine": ("a model of your own music, start to end", _mine),
        "paper": ("the official Musika's networks", lambda: _PAPER),
        "records": ("the universal autoencoder", lambda: _RECORDS),
        "piano": ("a piano model's GAN, which learns to obey its density", _piano),
    },
)
