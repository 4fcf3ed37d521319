"""The process that serves a host: told on its standard input which instances there are, gone with the host."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TextIO

from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.errors import UserError
from musika_daw.plugin.serve.dry import Pools
from musika_daw.plugin.serve.player import Player
from musika_daw.plugin.serve.segment import Segment
from musika_daw.plugin.serve.versions import Versions

_BEAT_SECONDS = 0.1
_PARENT_DEATH_SIGNAL = 1  # of prctl
_SEGMENT = re.compile(r"musika-daw-(\d+)-\d+")


class Server:
    """Opens and closes instances as it is told, a line each: `open PATH`, `close PATH`."""

    def __init__(self, threads: int, load: Callable[[str], PlayedModel] = load_model) -> None:
        self._pools = Pools(threads)
        self._load = cache(load)
        self._loading = threading.Lock()
        self._players: dict[Path, Player] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def serve(self, lines: TextIO) -> None:
        """Returns when there are no more lines: the host has ended."""
        threading.Thread(target=self._beat, name="musika-heart", daemon=True).start()
        for line in lines:
            word, _, path = line.strip().partition(" ")
            if word == "open":
                self._open(Path(path))
            elif word == "close":
                self._close(Path(path))
        self._ended.set()
        for segment in list(self._players):
            self._close(segment)
            remove(segment)

    def _model(self, name: str) -> PlayedModel:
        with self._loading:
            return self._load(name)

    def _open(self, path: Path) -> None:
        try:
            player = Player(Segment(path), Versions(self._model), self._pools)
        except UserError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return
        with self._lock:
            self._players[path] = player
        player.start()

    def _close(self, path: Path) -> None:
        with self._lock:
            player = self._players.pop(path, None)
        if player is not None:
            player.close()

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            with self._lock:
                for player in self._players.values():
                    player.segment.beat()


def wake_without_host() -> None:
    """Has the system wake this process when its host ends: one that was stopped would not see it, and stay."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGCONT)


def remove(path: Path) -> None:
    """Removes a segment whose host did not live to do it."""
    if _SEGMENT.fullmatch(path.name):
        with contextlib.suppress(OSError):
            path.unlink()


def sweep(folder: Path) -> None:
    """Removes segments of hosts and engines that were killed together."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        found = _SEGMENT.fullmatch(path.name)
        if found and not _is_alive(int(found[1])):
            remove(path)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
