"""The shared memory, described once."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from musika_daw.plugin import build, layout
from musika_daw.plugin.parameters import parameters


def test_cpp_agrees_to_the_byte(tmp_path: Path) -> None:
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("there is no C++ compiler")
    source = tmp_path / "layout.cpp"
    source.write_text(layout.cpp_header())
    subprocess.run([compiler, "-std=c++17", "-fsyntax-only", "-w", str(source)], check=True)


def test_a_header_that_differs_is_not_compiled(tmp_path: Path) -> None:
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("there is no C++ compiler")
    source = tmp_path / "layout.cpp"
    source.write_text(layout.cpp_header().replace("    double quarters;\n", ""))
    done = subprocess.run([compiler, "-std=c++17", "-fsyntax-only", "-w", str(source)], capture_output=True, text=True)
    assert done.returncode != 0 and "static assertion" in done.stderr


def test_parts_do_not_overlap() -> None:
    assert ctypes.sizeof(layout.Header) <= layout.HEADS_OFFSET
    assert layout.HEADS_OFFSET + layout.SLOTS * ctypes.sizeof(layout.SlotHead) <= layout.AUDIO_OFFSET
    assert layout.AUDIO_OFFSET + 4 * layout.SLOTS * layout.SLOT_FLOATS == layout.SEGMENT_BYTES


def test_words_that_are_read_atomically_are_aligned() -> None:
    for structure in (layout.Header, layout.Transport, layout.SlotHead, layout.Accepted):
        for name, kind in structure._fields_:
            assert getattr(structure, name).offset % ctypes.alignment(kind) == 0


def test_there_is_room_for_all_parameters() -> None:
    assert len(parameters()) <= layout.MAX_PARAMETERS


def test_other_sources_are_built_into_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(layout.LAYOUT_VERSION) in layout.cpp_header()
    folder, changed = build.built_folder(), layout.cpp_header().replace("quarters", "beats")
    monkeypatch.setattr(layout, "cpp_header", lambda: changed)
    assert build.built_folder() != folder and build.built_folder().parent == folder.parent
