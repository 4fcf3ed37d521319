"""The editor under a real X server: what it shows, and what the mouse moves."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plugin.conftest import CLAP, with_text
from tests.support.clap_editor import Editor, EditorHost
from tests.support.played_host import Player

pytestmark = pytest.mark.slow
DRUMS, LEAD = (242, 110, 95), (105, 207, 120)
"""Colours of meters."""


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A screen without hardware."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("editors are shown with Xvfb and moved with xdotool")
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1300x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as told:
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        yield
        server.terminate()


@pytest.fixture
def host(bundles: Path, engine: None, tiny_model: Path) -> Iterator[EditorHost]:
    with EditorHost(bundles / CLAP) as made:
        if not made.extension(b"clap.gui"):
            pytest.skip("the plug-in was built without an editor: libx11-dev and libgl-dev are needed")
        made.load(with_text(made.save(), f'model = "{tiny_model}"\n'))
        yield made


def share(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    """How much of a picture has a colour."""
    return float((np.abs(picture.astype(int) - colour).max(axis=2) < 6).mean())


def test_meters_show_what_is_heard_at_any_size(screen: None, host: EditorHost) -> None:
    player = Player(host)
    player.stand(3.0)
    for width, height, scale in ((0, 0, 1.0), (1120, 652, 2.0)):
        with Editor(host, width, height, scale) as editor:
            assert editor.size == ((width, height) if width else (560, 326))
            host.block(player.beat, 64, playing=False)
            editor.idle(2.0)
            still = editor.picture()
            assert share(still, (24, 26, 31)) > 0.3 and np.unique(still.reshape(-1, 3), axis=0).shape[0] > 50
            for _ in range(40):
                player.play(0.2)
                editor.idle(0.05)
                if share(editor.picture(), DRUMS) > 4 * share(still, DRUMS) + 1e-4:
                    break
            else:
                pytest.fail("the drums' meter did not move")


def test_the_mouse_moves_faders_and_morph(screen: None, host: EditorHost) -> None:
    numbers = {name: number for number, name, *_ in host.parameters()}
    with Editor(host, 0, 0) as editor:
        drag((285, 200), (285, 110))
        editor.idle(0.5)
        drag((124, 170), (25, 269))
        editor.idle(0.5)
        host.block(0.0, 64, playing=False)
        assert host.value(numbers["Drums density +/-"]) == pytest.approx(1 - (110 - 62) / 194 - 0.7, abs=0.02)
        assert host.value(numbers["Morph X"]) == pytest.approx(0.0, abs=0.02)
        assert host.value(numbers["Morph Y"]) == pytest.approx(1.0, abs=0.02)
        host.block(0.0, 64, playing=False, moves=[(numbers["Lead density +/-"], -0.7)])
        editor.idle(0.5)
        faded = editor.picture()[62:256, 484:518]
    assert share(faded, (38, 41, 48)) > 0.9  # what the host moves is shown


def drag(begin: tuple[int, int], end: tuple[int, int]) -> None:
    (x, y), (to_x, to_y) = begin, end
    words = f"mousemove {x} {y} mousedown 1 mousemove {(x + to_x) // 2} {(y + to_y) // 2} mousemove {to_x} {to_y}"
    subprocess.run(["xdotool", *words.split(), "mouseup", "1"], check=True)
