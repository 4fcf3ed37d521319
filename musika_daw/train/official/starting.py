"""What a training of the official family starts from: an earlier run, or a model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.model_file import list_models
from musika_daw.model.official.codec import Encoders
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.official_file import load_official, read_size, stored_networks
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.storage.files import write_text
from musika_daw.train.checkpoints import load_modules

_SIZE_FILE = "size.json"
Weights = Mapping[str, Tensor]


def note_size(run: Path, size: OfficialSize) -> None:
    """Note the size of a run's networks in its folder.

    Raises:
        UserError: the run that is there has another.
    """
    if (run / _SIZE_FILE).exists():
        if find_size(str(run)) != size:
            raise UserError(f"{run} trains networks of another size: choose another --run, or the options it had")
        return
    run.mkdir(parents=True, exist_ok=True)
    write_text(run / _SIZE_FILE, json.dumps(asdict(size)) + "\n")


def find_size(start: str) -> OfficialSize:
    """The size of the networks of a run's folder or of a model.

    Raises:
        UsageError, UserError: it is neither.
    """
    if not _is_run(start):
        return read_size(start)
    try:
        return OfficialSize(**json.loads((Path(start) / _SIZE_FILE).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"{start} is no run of 'train paper' ({error}): expected one, or a model") from error


def load_start(start: str, networks: Mapping[str, nn.Module]) -> None:
    """Bring the networks of a run or a model into those given, by name.

    Raises:
        UserError: one is missing there.
    """
    if _is_run(start):
        load_modules(Path(start) / "checkpoint.safetensors", networks)
        return
    stored = stored_networks(start)
    if missing := _missing(networks, stored):
        raise UserError(f"model {start} has no network {missing}: expected a model that was imported with it")
    model = load_official(start, tuple(networks))
    for name, network in networks.items():
        network.load_state_dict(model.networks[name].state_dict())


def load_encoders(start: str) -> Encoders:
    """Both encoders of a run or a model, to encode with.

    Raises:
        UsageError, UserError: it has none.
    """
    size = find_size(start)
    networks = {name: make_network(name, size) for name in ("enc", "enc2")}
    load_start(start, networks)
    for network in networks.values():
        network.requires_grad_(False).eval()
    return Encoders(size, networks["enc"], networks["enc2"])


def _missing(wanted: Iterable[str], there: Iterable[str]) -> str:
    return " nor ".join(name for name in wanted if name not in set(there))


def _is_run(start: str) -> bool:
    """Whether it is a folder, and none that only has the name of a model, as a corpus may."""
    return (Path(start) / _SIZE_FILE).exists() or (
        Path(start).is_dir() and start not in {path.stem for path in list_models()}
    )
