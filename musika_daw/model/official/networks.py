"""Which networks an official model has, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn

from musika_daw.model.official import (
    autoencoder_22k,
    autoencoder_44k,
    critic_22k,
    critic_44k,
    generator_22k,
    generator_44k,
)
from musika_daw.model.official.sizes import OfficialSize

# What it takes to play and to encode; critics are for training only.
PLAYING = ("enc", "enc2", "dec", "dec2", "gen")
_Make = Callable[[OfficialSize], nn.Module]
_44K: Mapping[str, _Make] = {
    "enc": autoencoder_44k.Encoder,
    "enc2": autoencoder_44k.Encoder2,
    "dec": autoencoder_44k.Decoder,
    "dec2": autoencoder_44k.Decoder2,
    "gen": generator_44k.Generator,
    "critic": critic_44k.Critic,
}
_22K: Mapping[str, _Make] = {
    "enc": autoencoder_22k.Encoder,
    "enc2": autoencoder_22k.Encoder2,
    "dec": autoencoder_22k.Decoder,
    "dec2": autoencoder_22k.Decoder2,
    "gen": generator_22k.Generator,
    "critic": critic_22k.Critic,
    "critic_rec": critic_22k.Reconstructor,
}


def network_names(size: OfficialSize) -> tuple[str, ...]:
    return tuple(_44K if size.is_44k else _22K)


def make_network(name: str, size: OfficialSize) -> nn.Module:
    """An untrained network, by the name its `.h5` file has."""
    return (_44K if size.is_44k else _22K)[name](size)
