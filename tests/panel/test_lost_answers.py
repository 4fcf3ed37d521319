"""Answers that get lost on the way, as UDP may do: they are asked for again, a few times."""

from __future__ import annotations

from musika_daw.panel.window import Window
from tests.panel.conftest import Wait

QUESTION = "/musika/stem/bass/effects"


def test_a_question_without_an_answer_is_asked_again(window: Window, wait: Wait) -> None:
    asked: list[str] = []
    send = window.link._client.request

    def lossy(address: str) -> None:
        if address != QUESTION:
            send(address)
            return
        asked.append(address)
        if len(asked) == 3:
            send(address)

    wait(lambda: not window.link._asked)
    window.link._client.request = lossy  # type: ignore[method-assign]
    heard: list[object] = []
    window.link.received.connect(lambda address, values: heard.append(values) if address == QUESTION else None)
    window.link.request(QUESTION)
    wait(lambda: bool(heard))
    assert len(asked) == 3 and QUESTION not in window.link._asked


def test_what_is_never_answered_is_given_up(window: Window, wait: Wait) -> None:
    wait(lambda: not window.link._asked)
    window.link.request("/musika/stem/tuba/effects")
    wait(lambda: not window.link._asked)
