"""Builds the plug-in with CMake and a C++ compiler, into a folder of the user's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from musika_daw import __version__
from musika_daw.compiled import cache_folder
from musika_daw.errors import UserError
from musika_daw.plugin import framework, layout, parameters, programs
from musika_daw.storage.disk_errors import disk_errors

SOURCES = Path(__file__).with_name("source")
BUNDLES = ("Musika DAW.vst3", "Musika DAW.clap", "musika-daw.lv2")
_BUILD_SECONDS = 900


def built_folder() -> Path:
    """Where builds go: another folder for another version, and for other sources of it."""
    made_of = [path.read_bytes() for path in (*sorted(SOURCES.iterdir()), Path(framework.__file__))]
    made_of += [text.encode() for text in _headers().values()]
    digest = sha256(bytes(1).join(made_of)).hexdigest()
    return cache_folder() / "plugin" / f"{__version__}-{digest[:8]}"


def build(target: Path | None = None, options: Sequence[str] = ()) -> Path:
    """Builds VST3, CLAP and LV2; the folder that holds the three bundles.

    Args:
        target: that folder; None: in the user's cache.
        options: further ones for CMake, e.g. a toolchain file.

    Raises:
        UserError: a tool or DPF is missing, or the compiler refused.
    """
    cmake = shutil.which("cmake")
    if cmake is None:
        raise UserError(
            "the plug-in is built with CMake, which is not here: install it (Debian: apt-get install cmake)"
        )
    target = target or built_folder()
    work = target.with_name(f"{target.name}.work")
    generated, made, build_folder = work / "generated", work / "made", work / "build"
    with disk_errors("write", work):
        generated.mkdir(parents=True, exist_ok=True)
        for name, text in _headers().items():
            _write(generated / name, text)
    dpf = framework.prepare(work)
    values = {"GENERATED": generated, "DPF": dpf, "OUT": made, "PROGRAM_VERSION": __version__}
    given = [f"-D{name}={value}" for name, value in values.items()]
    configure = [cmake, "-S", str(SOURCES), "-B", str(build_folder), *given, *options]
    try:
        _run(configure)
    except UserError:
        # CMake remembers where sources were: another checkout, or a folder that was moved.
        shutil.rmtree(build_folder, ignore_errors=True)
        _run(configure)
    cores = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    _run([cmake, "--build", str(build_folder), "--config", "Release", "--parallel", cores])
    for bundle in BUNDLES:
        copy_whole(made / bundle, target / bundle)
    return target


def _headers() -> dict[str, str]:
    """Name -> text of what is described in Python and compiled with the sources."""
    return {f"{each.__name__.rpartition('.')[2]}.hpp": each.cpp_header() for each in (layout, parameters, programs)}


def _write(path: Path, text: str) -> None:
    """Leaves a file alone that says the same: what did not change is not compiled again."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def copy_whole(source: Path, target: Path) -> None:
    """Copies a file or folder beside its place first: who looks meanwhile finds the old one or the new one."""
    fresh = target.with_name(f".{target.name}.new")
    if fresh.is_dir():
        shutil.rmtree(fresh)
    if source.is_dir():
        shutil.copytree(source, fresh)
    else:
        shutil.copy2(source, fresh)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    fresh.replace(target)


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_BUILD_SECONDS, text=True)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"the plug-in cannot be built: {error}") from error
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        wrong = next((line for line in said if "error" in line.lower()), said[-1] if said else "no message")
        raise UserError(f"the plug-in cannot be built ({wrong.strip()}): it needs CMake and a C++17 compiler")
