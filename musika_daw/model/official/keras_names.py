"""How the officials' `.h5` files call and order the layers of a network.

Keras writes layers by their distance from the output, so parallel branches interleave, and names those without a name
`kind`, `kind_1`, `kind_2` in the order they were made. What is read is mapped by place and shape, never by name: the
numbers in names depend on what else their author's program had made before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from torch import nn

from musika_daw.model.official import (
    autoencoder_22k,
    autoencoder_44k,
    critic_44k,
    generator_22k,
    generator_44k,
)
from musika_daw.model.official.layers import AddNoise, NoisyConv, StyledConv

_KINDS: tuple[tuple[type[nn.Module], str], ...] = (
    (nn.ConvTranspose1d, "conv2d_transpose"),
    (nn.Conv1d, "conv2d"),
    (nn.Linear, "dense"),
    (nn.BatchNorm1d, "batch_normalization"),
    (AddNoise, "add_noise"),
)


@dataclass(frozen=True)
class KerasLayer:
    """A layer with weights: its name in the file, and the module they belong to."""

    name: str
    module: nn.Module


def keras_layers(network: nn.Module) -> list[KerasLayer]:
    """The layers of a network in the order of its file."""
    match network:
        case autoencoder_44k.Decoder():
            return _decoder_44k(network)
        case autoencoder_44k.Decoder2() | autoencoder_22k.Decoder2():
            return _numbered(_leaves(network), last="cout")
        case autoencoder_44k.Encoder2() | autoencoder_22k.Encoder2():
            return _numbered(_leaves(network), last="cbottle")
        case generator_44k.Generator():
            return _generator_44k(network)
        case generator_22k.Generator():
            return _numbered(_generator_22k_order(network))
        case critic_44k.Critic():
            return _critic_44k(network)
        case _:
            return _numbered(_leaves(network))


def _leaves(*modules: nn.Module) -> list[nn.Module]:
    """The layers with weights in the order they were made in: for straight networks that of the file."""
    kinds = tuple(kind for kind, _ in _KINDS)
    return [leaf for module in modules for leaf in module.modules() if isinstance(leaf, kinds)]


def _kind(module: nn.Module) -> str:
    return next(name for kind, name in _KINDS if isinstance(module, kind))


def _numbered(modules: Iterable[nn.Module], last: str = "") -> list[KerasLayer]:
    """Names as Keras gives them; the officials name the last layer of some networks themselves."""
    layers, counts = list(modules), Counter[str]()
    named = []
    for module in layers:
        kind = _kind(module)
        named.append(KerasLayer(f"{kind}_{counts[kind]}" if counts[kind] else kind, module))
        counts[kind] += 1
    if last:
        named[-1] = KerasLayer(last, layers[-1])
    return named


def _decoder_44k(network: autoencoder_44k.Decoder) -> list[KerasLayer]:
    """Magnitude and phase branch side by side, magnitude first. Their shapes are equal: only the order tells them."""
    pairs: list[Sequence[NoisyConv]] = [[step] for step in [*network.down, network.up[0]]]
    pairs += [[network.up[1], network.phase_up[0]], [network.up[2], network.phase_up[1]]]  # type: ignore[list-item]
    order: list[nn.Module] = []
    for steps in pairs:
        order += [step.conv for step in steps] + [step.noise for step in steps]
    # Layers the officials make but never use leave gaps in the numbers.
    names = ["conv2d", "add_noise"]
    names += [f"{kind}_{i}" for i in (1, 2, 3) for kind in ("conv2d", "add_noise")]
    names += ["conv2d_transpose_1", "add_noise_6"]
    names += ["conv2d_transpose_2", "conv2d_transpose_4", "add_noise_7", "add_noise_9"]
    names += ["conv2d_transpose_3", "conv2d_transpose_5", "add_noise_8", "add_noise_10"]
    names += ["conv2d_5", "conv2d_6"]
    order += [network.magnitude, network.phase]
    return [KerasLayer(name, module) for name, module in zip(names, order, strict=True)]


def _styled(step: StyledConv) -> list[nn.Module]:
    return [step.conv, step.noise, step.norm.scale]


def _generator_44k(network: generator_44k.Generator) -> list[KerasLayer]:
    named = [("00d", network.dense), ("00n", network.noise), ("00ai", network.norm.scale)]
    for index, block in enumerate(network.blocks):
        assert isinstance(block, generator_44k.Block)
        small = "_small" if block.flat else ""
        for number, step in ((2 * index, block.first), (2 * index + 1, block.second)):
            tails = zip(("c", "r", "ai"), _styled(step), strict=True)
            named += [(f"{number}{small}{tail}", module) for tail, module in tails]
        named.append((f"res{index + 1}c{small}", block.skip))
    named += list(zip(("8c", "8r", "8ai"), _styled(network.up), strict=True))
    named.append(("9c", network.last))
    return [KerasLayer(name, module) for name, module in named]


def _generator_22k_order(network: generator_22k.Generator) -> list[nn.Module]:
    """Each step followed by the excitation that is applied to it."""
    order: list[nn.Module] = [network.dense, network.noise, network.norm.scale]
    for index, up in enumerate(network.ups):
        order += _leaves(up)
        if index in (2, 3):
            order += _leaves(network.excite_ups[index - 2])
        if index < len(network.convs):
            order += _leaves(network.convs[index])
            if index in (2, 3):
                order += _leaves(network.excite_convs[index - 2])
    return [*order, network.last]


def _critic_44k(network: critic_44k.Critic) -> list[KerasLayer]:
    named: list[tuple[str, nn.Module]] = [("1c", network.first)]
    for number, block in enumerate(network.blocks, 2):
        assert isinstance(block, critic_44k.CriticBlock)
        named += [(f"{number}c0", block.first), (f"{number}c1", block.second)]
        if block.skip is not None:
            named.append((f"{number}c3", block.skip))
    named += [("7c", network.last), ("7d", network.dense)]
    return [KerasLayer(name, module) for name, module in named]
