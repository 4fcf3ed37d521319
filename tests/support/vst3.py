"""Real VST3 plug-ins, built from the sources of DPF."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DPF = Path("/usr/share/dpf")


def build_vst3(source: Path, folder: Path, *flags: str) -> str:
    """The bundle's path; skips the test where none can be built.

    Args:
        source: a C++ file with a DistrhoPluginInfo.h beside it.
        flags: further ones for the compiler.
    """
    compiler = shutil.which("g++")
    if not sys.platform.startswith("linux") or compiler is None or not DPF.is_dir():
        pytest.skip(f"a VST3 to test with is built on Linux with g++ and the sources of DPF in {DPF} (dpf-source)")
    name = "".join(word.capitalize() for word in source.stem.split("_"))
    bundle = folder / f"{name}.vst3"
    target = bundle / "Contents" / "x86_64-linux" / f"{name}.so"
    target.parent.mkdir(parents=True)
    fixed = ["-std=gnu++17", "-O1", "-w", "-fPIC", "-shared", "-fvisibility=hidden", "-DDISTRHO_PLUGIN_TARGET_VST3"]
    includes = [f"-I{source.parent}", f"-I{DPF / 'distrho'}", f"-I{DPF}"]
    command = [compiler, *fixed, *flags, *includes, str(source), "-o", str(target)]
    subprocess.run(command, check=True, timeout=300)
    return str(bundle)
