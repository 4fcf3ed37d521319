"""The plug-in, built once, and instances of it in hosts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.clap_host import ClapHost

DPF = Path("/usr/share/dpf")
CLAP = "Musika DAW.clap"


@pytest.fixture(scope="session")
def bundles() -> Path:
    """The folder of the three bundles: the one that MUSIKA_DAW_BUNDLES names, or built here; a build that is there
    already only takes what has changed."""
    from musika_daw.plugin.build import build, built_folder

    if there := os.environ.get("MUSIKA_DAW_BUNDLES"):
        return Path(there)
    if shutil.which("cmake") is None or shutil.which("c++") is None or not DPF.is_dir():
        pytest.skip(f"the plug-in is built with cmake, a C++ compiler and the sources of DPF in {DPF} (dpf-source)")
    folder = built_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build(folder)


@pytest.fixture(scope="session")
def engine_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the plug-in looks for this program."""
    from musika_daw.plugin.install import ENGINE_FILE_VARIABLE, write_engine_file

    path = tmp_path_factory.mktemp("engine") / "engine.txt"
    write_engine_file(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENGINE_FILE_VARIABLE, str(path))
        yield path


@pytest.fixture(scope="module")
def engine(bundles: Path, engine_file: Path) -> Iterator[None]:
    """An instance that nobody plays: as long as it is there, the engine need not be started again."""
    with ClapHost(bundles / CLAP):
        yield


@pytest.fixture
def instance(bundles: Path, engine: None, tiny_model: Path) -> Iterator[Callable[..., ClapHost]]:
    """Makes instances that play the tiny model, offline; all are closed in the end."""
    with contextlib.ExitStack() as stack:
        before = segments()

        def make(rate: float = 44100.0, text: str = "", offline: bool = True) -> ClapHost:
            host = stack.enter_context(ClapHost(bundles / CLAP, rate))
            host.load(with_text(host.save(), f'model = "{tiny_model}"\n{text}'))
            host.offline(offline)
            return host

        yield make
    assert sorted(segments()) == sorted(before)


def with_text(state: bytes, text: str) -> bytes:
    """A saved state of which the project's text is this one."""
    key = b"song\0"
    before, _, rest = state.partition(key)
    _, _, after = rest.partition(b"\0")
    return before + key + text.encode() + b"\0" + after


def segments(process: int = 0) -> list[str]:
    """Shared memory of a process's instances, of this one by default."""
    return [path.name for path in Path("/dev/shm").glob(f"musika-daw-{process or os.getpid()}-*")]


def newest_segment() -> Path:
    """Shared memory of the instance of this process that was made last."""
    return Path("/dev/shm") / max(segments(), key=lambda name: int(name.rpartition("-")[2]))
