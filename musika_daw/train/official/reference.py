"""Compares a step of training with a reference step of the official code (see `model.official.reference`)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.official.keras_arrays import KerasArray, all_arrays
from musika_daw.model.official.keras_names import keras_layers
from musika_daw.model.official.layers import AddNoise
from musika_daw.model.official.reference import CHECKS, Check, Comparison, Reference, compare, from_keras
from musika_daw.train.official.coordinates import split_patches
from musika_daw.train.official.gan import GanSettings, LatentGan

_WEIGHT_LIMIT = 1e-5
# Our name of a figure, and the reference's.
_LOSSES = (
    ("critic_real", "loss_dtr"),
    ("critic_made", "loss_dtf"),
    ("penalty", "loss_gp"),
    ("critic", "loss_d"),
    ("generator", "loss_g"),
)


def _trainable(network: nn.Module) -> list[tuple[int, KerasArray, bool]]:
    """Place, array, and whether it is the weight of noise, in the order of the official trainable weights."""
    arrays = [
        (array, isinstance(layer.module, AddNoise))
        for layer, array in all_arrays(keras_layers(network))
        if isinstance(array.tensor, nn.Parameter) and array.tensor.requires_grad
    ]
    return [(place, array, noise) for place, (array, noise) in enumerate(arrays)]


def _slope(array: KerasArray) -> Tensor:
    assert array.tensor.grad is not None
    turned = KerasArray(array.name, array.tensor.grad, array.axes, array.leading)
    return torch.from_numpy(turned.read())


def _worst(output: str, parts: list[Comparison]) -> Comparison:
    return Comparison(output, max(part.difference for part in parts), parts[0].limit)


@torch.enable_grad()
def check_step(reference: Reference) -> list[Comparison]:
    """Scores, losses, gradients and weights of one step.

    Gradients of the noise's weights depend on numbers that the reference drew at random: they are left out.
    """
    z = reference.arrays("train_step")
    gan = LatentGan(reference.size, GanSettings.for_family(reference.size))
    for network in (gan.generator, gan.critic):
        network.to(reference.dtype)
    gan.generator.load_state_dict(reference.network("gen").state_dict())
    gan.critic.load_state_dict(reference.network("critic").state_dict())
    gan.restart()
    inputs = split_patches(z["z"].transpose(1, 2))
    real = from_keras(z["a"])
    scores = gan.critic(real)
    figures = gan.gradients(real, inputs, noise=None)
    losses = [compare(own, torch.tensor(figures[own]), z[name]) for own, name in _LOSSES]
    slopes, weights = [], []
    networks = ("critic", gan.critic), ("gen", gan.generator)
    for name, network in networks:
        for place, array, noise in _trainable(network):
            if not noise:
                slopes.append(compare(f"{name} {place}", _slope(array), z[f"grad_{name}_{place}"]))
    gan.critic_adam.step()
    gan.generator_adam.step()
    for name, network in networks:
        for place, array, noise in _trainable(network):
            if not noise:
                now = torch.from_numpy(array.read())
                weights.append(compare(f"{name} {place}", now, z[f"after_{name}_{place}"], _WEIGHT_LIMIT))
    return [
        compare("scores", scores.detach(), z["ca"][:, 0]),
        _worst("losses", losses),
        compare("switch", torch.tensor(gan.adaptive_r1.value), z["switch"]),
        _worst("gradients", slopes),
        _worst("weights after a step", weights),
    ]


ALL_CHECKS: dict[str, Check] = {**CHECKS, "train_step": check_step}
