"""The recipe of GAN trainings that take minutes or hours instead of the paper's days."""

from __future__ import annotations

from dataclasses import dataclass, field

from musika_daw.train.official.gan_task import PaperGanSettings


@dataclass(frozen=True)
class ShortGanSettings(PaperGanSettings):
    """Options of `train paper gan`, with other defaults."""

    guidance: float = field(default=10.0, metadata={"help": "weight of the conditioning that is read in what is made"})
    # For short trainings on a processor; rebuilding the critic's input would be nearly all of the critic's loss there.
    base: int = field(default=32, metadata={"help": "width of generator and critic; the paper's is 128"})
    batch: int = field(default=4, metadata={"help": "windows per step, of all processes together"})
    # Slower, what is asked for is not heard for hundreds of steps: density is one channel among many.
    lr: float = field(default=2e-3, metadata={"help": "learning rate of both networks"})
    one_centred: bool | None = field(default=False, metadata={"help": "the penalty draws slopes to one, not to zero"})
    adaptive: bool | None = field(default=True, metadata={"help": "the penalty follows how sure the critic is"})
    beta1: float | None = field(default=0.5, metadata={"help": "beta1 of Adam"})
    reconstruction: float | None = field(
        default=0.0, metadata={"help": "weight of rebuilding latents from the critic's features"}
    )
    # About the longest gradients while all goes well.
    clip: float = field(default=20.0, metadata={"help": "length that gradients are shortened to; 0: never"})
    anneal: bool = field(default=True, metadata={"help": "the learning rate falls to a twentieth in the end"})
    keep_best: bool = field(default=True, metadata={"help": "the model is that of the best validation"})
    average: float = field(default=0.99, metadata={"help": "share of the running average that stays each step"})
