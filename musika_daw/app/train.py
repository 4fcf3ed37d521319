"""`musika-daw train`: one command per network; their options are the fields of its settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from musika_daw.app.command import PROGRAM, Command, Group
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.app.report import print_report

_Settings = TypeVar("_Settings")


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
    from musika_daw.train.mine import MineSettings, train_mine

    return _trainer(
        "Train a model of your own music and install it under a name. Started again, it goes on where it was.",
        "mine music --name mine --hours 8",
        MineSettings,
        lambda settings: train_mine(settings, Progress),
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
        "piano": ("a piano model's GAN, which learns to obey its density", _piano),
    },
)
