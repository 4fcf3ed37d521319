"""Messages over real UDP: questions, settings, errors, patterns, bundles, time tags."""

import itertools
import time

import pytest
from pythonosc.udp_client import SimpleUDPClient

from musika_daw.control.osc.thread import ControlThread
from musika_daw.controls.move import Move
from musika_daw.controls.target import Target, parse_target, target_of
from osc_protocol import Client, ProtocolError
from tests.support.controller import Controller, built, bundle, message
from tests.support.memory_instrument import PARAMETER, MemoryInstrument


def test_our_client_plays_it(control: ControlThread) -> None:
    with Client(port=control.osc_port, timeout_seconds=10) as client:
        client.set("/musika/density", 0.25)
        client.set("/musika/anchor/b", "fathom")
        client.set("/musika/seed", 2**40)
        client.sync()
        assert client.query("/musika/density") == (0.25,)
        assert client.query("/musika/anchor/b") == ("fathom",)
        assert client.query("/musika/seed") == (2**40,)
        assert client.query("/musika/status")[4:6] == ("internal", "techno")
        assert client.query("/musika/preset/list") == ("fathom", "ember")
        assert client.query("/musika/scene/list") == ()
        with pytest.raises(ProtocolError, match="is not there"):
            client.query("/musika/stem/flute/gain")


def test_python_osc_plays_it(control: ControlThread) -> None:
    client = SimpleUDPClient("127.0.0.1", control.osc_port)
    client.send_message("/musika/density", 0.25)
    client.send_message("/musika/morph", [1, 0.5])
    client.send_message("/musika/stem/bass/mute", True)
    for address in ("/musika/density", "/musika/morph", "/musika/stem/bass/mute"):
        client.send_message(address, [])
        (answer,) = itertools.islice(client.get_messages(10), 1)
        assert answer.address == address
    assert answer.params == [True]


@pytest.mark.parametrize(
    ("address", "sent", "move"),
    [
        # Pure Data has no other numbers than floats, nor booleans.
        ("/musika/seed", (7.0,), (7,)),
        ("/musika/anchor/a", (12.0,), (12,)),
        ("/musika/stem/bass/mute", (1.0,), (True,)),
        ("/musika/record", (0.0,), (False,)),
        ("/musika/play", (1.0,), ()),
        # TouchOSC sends 0 and 1, Max whole numbers for floats.
        ("/musika/stem/bass/solo", (1,), (True,)),
        ("/musika/density", (1,), (1.0,)),
        ("/musika/morph", (0, 0.5), (0.0, 0.5)),
        ("/musika/loop", (16, 32.0), (16.0, 32.0)),
        ("/musika/play", (), ()),
        ("/musika/record", ("chorus",), ("chorus",)),
        ("/musika/scene/recall", ("drop", 4), ("drop", 4.0)),
        (PARAMETER, (440,), (440.0,)),
    ],
)
def test_what_controllers_send_arrives_as_the_table_has_it(
    controller: Controller, instrument: MemoryInstrument, address: str, sent: tuple[object, ...], move: tuple[object]
) -> None:
    assert controller.ask(address, *sent) == []
    (posted,) = instrument.moves
    assert posted == Move.of(target_of(address), *move)
    assert [type(value) for value in posted.values] == [type(value) for value in move]


@pytest.mark.parametrize("address", ["/musika/play", "/musika/stop", "/musika/continue", "/musika/quit"])
@pytest.mark.parametrize("released", [0, 0.0, False])
def test_a_button_let_go_does_nothing(
    controller: Controller, instrument: MemoryInstrument, address: str, released: object
) -> None:
    assert controller.ask(address, released) == []
    assert instrument.posts == []


@pytest.mark.parametrize(
    ("address", "values", "code", "reason"),
    [
        ("/musika/nothing", (1.0,), "address", "is not known"),
        ("/musika/densitty", (1.0,), "address", "did you mean /musika/density? /musika/densitty is not known"),
        ("/musika/stem/bas/gain", (1.0,), "address", "did you mean /musika/stem/bass/gain?"),
        ("/musika/bpm", (120.0,), "address", "did you mean /musika/tempo?"),
        ("/musika/density", (1.5,), "range", "expected 0 to 1"),
        ("/musika/density", ("much",), "type", "expected 0 to 1"),
        ("/musika/density", (0.5, 0.5), "count", "expected 1"),
        ("/musika/density", (float("nan"),), "range", "nan"),
        ("/musika/density", (b"blob",), "type", "wrong type"),
        ("/musika/status", (1,), "access", "ask for it without arguments"),
        ("/musika/beat", (1.0,), "access", "only the generator sends it"),
        ("/musika/stem/flute/mute", (1,), "address", "is not there"),
        ("/musika/stem/flute/mute", (), "address", "is not there"),
        ("/musika/preset", ("nothing",), "range", "no preset"),
        (PARAMETER, (5.0,), "range", "expected 20 to 20000"),
        ("/musika/stem/*/nothing", (1.0,), "address", "stands for nothing"),
        ("/musika/stem/{bass/mute", (1.0,), "address", "not closed"),
        ("/musika/{play,stop}", (), "access", "nothing that can be asked for"),
        ("/musika/model/{list}", (1,), "access", "nothing that can be set"),
        ("/musika/[s]tatus", (1,), "access", "nothing that can be set"),
        ("/musika/{density,seed}", (0.5,), "type", "/musika/seed: seed 0.5"),
    ],
)
def test_what_is_not_possible_is_answered_and_changes_nothing(
    controller: Controller,
    instrument: MemoryInstrument,
    address: str,
    values: tuple[object, ...],
    code: str,
    reason: str,
) -> None:
    before = dict(instrument.values)
    ((answered, (named, given, text)),) = controller.ask(address, *values)
    assert (answered, named, given) == ("/musika/error", address, code)
    assert isinstance(text, str) and reason in text
    assert instrument.values == before and instrument.posts == []


def test_bytes_that_are_no_osc_are_answered_too(controller: Controller) -> None:
    ((_, (address, code, text)),) = controller.ask_raw(b"hello")
    assert (address, code) == ("", "type") and "not an OSC packet" in str(text)


def test_errors_of_others_are_not_answered(controller: Controller) -> None:
    assert controller.ask("/musika/error", "/a", "type", "no") == []


def test_errors_come_at_a_bounded_rate_and_count_those_held_back(controller: Controller) -> None:
    for _ in range(200):
        controller.send("/musika/nothing")
    assert 40 <= len(controller.sync()) < 100
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        (answers,) = [controller.ask("/musika/nothing")]
        if answers:
            break
    assert "more errors before" in str(answers[0][1][2])


def test_patterns_set_and_ask_for_everything_they_stand_for(
    controller: Controller, instrument: MemoryInstrument
) -> None:
    assert controller.ask("/musika/stem/*/mute", 1) == []
    assert len(instrument.posts) == 1, "all of them together"
    assert [move.target for move in instrument.moves] == [Target("mute", stem) for stem in instrument.stems]
    assert controller.ask("/musika/stem/{bass,lead}/mute") == [
        ("/musika/stem/bass/mute", [True]),
        ("/musika/stem/lead/mute", [True]),
    ]
    assert controller.ask("/musika/anchor/[a-c]", 3.0) == []
    assert [instrument.get(parse_target(f"anchor/{corner}")) for corner in "abcd"] == [(3,), (3,), (3,), (7,)]
    answers = controller.ask("/musika/*")
    assert len(instrument.posts) == 2, "a pattern presses no buttons"
    assert ("/musika/density", [pytest.approx(0.7)]) in answers
    assert "/musika/status.reply" in [address for address, _ in answers]


def test_a_bundle_lands_as_one(controller: Controller, instrument: MemoryInstrument) -> None:
    nested = bundle(built("/musika/key", "Am"), bundle(built("/musika/stem/bass/gain", -6)))
    packet = bundle(built("/musika/density", 0.5), nested, built("/musika/density"), built("/musika/play", 0))
    assert controller.ask_raw(packet) == [("/musika/density", [0.5])], "its questions see what it sets"
    assert instrument.posts == [(Move.of("density", 0.5), Move.of("key", "Am"), Move.of("stem/bass/gain", -6.0))]


@pytest.mark.parametrize(
    ("culprit", "code"),
    [
        (built("/musika/tempo", 300), "range"),
        (built("/musika/nothing"), "address"),
        (built("/musika/stem/flute/mute", 1), "address"),
        (built("/musika/stem/{flute,bass}/fx/0/cutoff_hz", 5.0), "range"),
    ],
)
def test_a_bundle_with_one_impossible_message_does_nothing(
    controller: Controller, instrument: MemoryInstrument, culprit: object, code: str
) -> None:
    packet = bundle(built("/musika/density", 0.5), built("/musika/subscribe"), culprit, built("/musika/density"))  # type: ignore[arg-type]
    ((address, (named, given, _)),) = controller.ask_raw(packet)
    assert (address, named, given) == ("/musika/error", culprit.address, code)  # type: ignore[attr-defined]
    assert instrument.posts == []


def test_a_time_tag_to_come_waits_for_its_time(controller: Controller, instrument: MemoryInstrument) -> None:
    began = time.monotonic()
    controller.send_raw(bundle(built("/musika/density", 0.5), built("/musika/density"), due=time.time() + 0.4))
    assert controller.sync() == [] and instrument.posts == []
    assert controller.receive() == ("/musika/density", [0.5])
    assert time.monotonic() - began >= 0.35
    assert len(instrument.posts) == 1


def test_a_time_tag_of_the_past_is_done_at_once(controller: Controller, instrument: MemoryInstrument) -> None:
    assert controller.ask_raw(bundle(built("/musika/density", 0.5), due=time.time() - 5)) == []
    assert instrument.moves == [Move.of("density", 0.5)]


def test_more_than_a_minute_ahead_is_refused(controller: Controller, instrument: MemoryInstrument) -> None:
    controller.send_raw(bundle(built("/musika/density", 0.5), due=time.time() + 55))
    assert [address for address, _ in controller.sync()] == ["/musika/told"]  # that it waits, and for how long
    nested = bundle(built("/musika/key", "Am"), due=time.time() + 70)
    ((address, (_, code, text)),) = controller.ask_raw(bundle(built("/musika/density", 0.5), nested))
    assert (address, code) == ("/musika/error", "refused") and "expected at most 60 s" in str(text)
    assert instrument.posts == []


def test_what_waits_is_bounded(controller: Controller, instrument: MemoryInstrument) -> None:
    packet = bundle(*[built("/musika/density", 0.5)] * 512, due=time.time() + 50)
    for _ in range(8):
        assert all(address == "/musika/told" for address, _ in controller.ask_raw(packet))
    ((_, (_, code, text)),) = controller.ask_raw(packet)
    assert code == "refused" and "scheduled already" in str(text)
    assert controller.ask("/musika/density", 0.25) == [], "what is meant for now still goes through"


def test_a_flood_of_a_fader_is_thinned_but_ends_where_the_fader_ends(
    controller: Controller, instrument: MemoryInstrument
) -> None:
    for step in range(1000):
        controller.send("/musika/density", step / 1000)
        if step % 100 == 99:
            controller.sync()  # the socket holds only so many
    controller.send("/musika/stem/flute/gain", 0.0)
    controller.send("/musika/density", 0.125)
    ((_, (named, code, _)),) = controller.sync()
    assert (named, code) == ("/musika/stem/flute/gain", "address"), "one that is refused spoils none of the others"
    assert instrument.get(parse_target("density")) == (0.125,)


def test_choices_between_fader_moves_are_not_thinned(controller: Controller, instrument: MemoryInstrument) -> None:
    for grid in ("bar", "now"):
        controller.send("/musika/quantize", grid)
        controller.send("/musika/density", 0.5)
    controller.sync()
    order = [move.values[0] for move in instrument.moves]
    assert order == ["bar", 0.5, "now", 0.5]


def test_an_instrument_that_fails_is_reported_and_the_server_lives(
    controller: Controller, instrument: MemoryInstrument, caplog: pytest.LogCaptureFixture
) -> None:
    instrument.post = lambda moves: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    ((_, (named, code, text)),) = controller.ask("/musika/density", 0.5)
    assert (named, code) == ("/musika/density", "failed") and "ZeroDivisionError" in str(text)
    ((_, (named, code, _)),) = controller.ask("/musika/play")
    assert (named, code) == ("/musika/play", "failed")
    assert controller.ask("/musika/density") == [("/musika/density", [pytest.approx(0.7)])]


def test_two_senders_get_their_own_answers(control: ControlThread, controller: Controller) -> None:
    with Controller(control.osc_port) as other:
        other.send("/musika/density")
        assert controller.ask("/musika/tempo") == [("/musika/tempo", [128.0])]
        assert other.receive() == ("/musika/density", [pytest.approx(0.7)])


def test_messages_of_any_kind_fit_one_after_the_other(controller: Controller) -> None:
    """Padded and unpadded strings, an empty datagram between."""
    controller.send_raw(b"")
    ((_, (_, code, _)),) = controller.ask_raw(message("/musika/key", ""))[:1]
    assert code == "type"
