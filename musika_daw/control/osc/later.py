"""Answers that come later, for those who asked: how a render, a take, a saved preset or a model that loads ended.

Subscribers are told by the feed; here are those who asked without subscribing, so that nothing that was asked for ends
without a word to whoever asked for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from musika_daw.control.osc.peer import Peer
from musika_daw.controls.move import Notice
from musika_daw.controls.target import Target

_MOST = 256  # targets; the one that was asked for longest ago is forgotten
_RENDER, _RECORD = Target("render"), Target("record")
_NAMED = frozenset({"told", "error"})  # of what they are about
_LIST = "/list"  # of devices: they are made after they were asked for
_ENDS = {"done": (_RENDER, _RECORD), "progress": (_RENDER,)}


class Later:
    """Who asked last, by what was asked for."""

    def __init__(self, is_told: Callable[[Peer], bool]) -> None:
        """`is_told`: whether a peer hears everything anyway."""
        self._is_told = is_told
        self._asked: OrderedDict[Target, Peer] = OrderedDict()

    def ask(self, target: Target, peer: Peer) -> None:
        """A peer has moved something whose outcome may come later."""
        self._asked[target] = peer
        self._asked.move_to_end(target)
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)

    def ask_list(self, target: Target, peer: Peer) -> None:
        """A peer has asked for the value of something; only lists have another one soon."""
        if target.control.endswith(_LIST):
            self.ask(target, peer)

    def tell(self, notice: Notice, packet: bytes) -> None:
        """Passes an outcome on."""
        if notice.control in _NAMED:
            about: tuple[Target, ...] = () if notice.about is None else (notice.about,)
        else:
            about = (notice.target,) if notice.control.endswith(_LIST) else _ENDS.get(notice.control, ())
        peers = {self._asked[target].key: self._asked[target] for target in about if target in self._asked}
        for peer in peers.values():
            if not self._is_told(peer):
                peer.send(packet)
