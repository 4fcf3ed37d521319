"""A model of our own family, and what songs of it share."""

from __future__ import annotations

from musika_daw.engine.own.phrases import PhraseBook
from musika_daw.engine.own.song import Song
from musika_daw.engine.presets.styles import StyleBook
from musika_daw.engine.score import Score
from musika_daw.model.model_file import ModelInfo, Networks


class OwnModel:
    """Makes songs that share phrases and styles: what they have in common is made once."""

    prefetches_corners = True  # the nearest corner's notes are played
    ready_seconds = 0.0  # blocks of what is heard until then are made meanwhile

    def __init__(self, networks: Networks) -> None:
        self.networks = networks
        self.phrases = PhraseBook(networks)
        self._styles = StyleBook(networks.style_bank.numpy())

    @property
    def info(self) -> ModelInfo:
        return self.networks.info

    def song(self, score: Score) -> Song:
        return Song(self.networks, score, self.phrases, self._styles)
