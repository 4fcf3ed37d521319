"""Bytes into messages: what OSC 1.0 says, and every way it can be broken."""

import struct
import time

import pytest

from musika_daw.control.osc.packet import MAX_ARGUMENTS, MAX_BYTES, Group, Message, PacketError, build, parse
from tests.support.controller import built, bundle, message


@pytest.mark.parametrize(
    ("datagram", "expected"),
    [
        (b"/a\0\0", Message("/a")),
        (b"/a\0\0,\0\0\0", Message("/a")),
        (b"/a\0\0,f\0\0" + struct.pack(">f", 0.5), Message("/a", (0.5,))),
        (b"/a\0\0,h\0\0" + struct.pack(">q", 2**40), Message("/a", (2**40,))),
        (b"/a\0\0,d\0\0" + struct.pack(">d", 0.1), Message("/a", (0.1,))),
        (b"/a\0\0,TFN\0\0\0\0", Message("/a", (True, False, None))),
        (b"/a\0\0,is\0" + struct.pack(">i", -1) + b"key\0", Message("/a", (-1, "key"))),
        (b"/a\0\0,s\0\0" + "Äh".encode() + b"\0", Message("/a", ("Äh",))),
        (b"/a\0\0,b\0\0" + struct.pack(">i", 4) + b"abcd", Message("/a", (b"abcd",))),
    ],
)
def test_a_message_is_read(datagram: bytes, expected: Message) -> None:
    assert parse(datagram) == [Group(0.0, (expected,))]


def p(text: bytes) -> bytes:
    return text + bytes(4 - len(text) % 4)


def f(number: float) -> bytes:
    return struct.pack(">f", number)


CAFE = "Café".encode()


@pytest.mark.parametrize(
    ("datagram", "expected"),
    [
        (p(b"/a") + p(b",[ff]") + f(0.5) + f(0.25), Message("/a", (0.5, 0.25))),
        (p(b"/a") + p(b",i[sf]") + f(0.0) + p(b"x") + f(0.25), Message("/a", (0, "x", 0.25))),
        (p(b"/a") + p(b",[]"), Message("/a")),
        (p(b"/a") + p(b",I"), Message("/a", (True,))),
        (p(b"/a") + p(b",S") + p(b"Am"), Message("/a", ("Am",))),
        (p(b"/a") + p(b",c") + b"\0\0\0A", Message("/a", ("A",))),
        # Padded by characters (JUCE), or by UTF-16 units: what follows begins where the sender thinks it does.
        (p(b"/a") + p(b",sf") + CAFE + bytes(4) + f(0.5), Message("/a", ("Café", 0.5))),
        (p(b"/a") + p(b",sf") + "𝄞".encode() + bytes(2) + f(0.5), Message("/a", ("𝄞", 0.5))),
        (p(b"/a") + p(b",s") + CAFE + bytes(4), Message("/a", ("Café",))),
        # Not padded, or not even ended, where the packet ends.
        (p(b"/a") + p(b",s") + b"Am7", Message("/a", ("Am7",))),
        (p(b"/a") + p(b",s") + b"Am\0", Message("/a", ("Am",))),
        (p(b"/a") + p(b",s") + b"Am7b", Message("/a", ("Am7b",))),
        (b"/musika/play", Message("/musika/play")),
        (p(b"/a") + b",T", Message("/a", (True,))),
        (p(b"/a") + p(b",s") + b"caf\xe9\0\0\0\0", Message("/a", ("café",))),
        (p(b"/a") + p(b",f") + f(0.5) + bytes(8), Message("/a", (0.5,))),
    ],
)
def test_what_widespread_programs_send_is_read(datagram: bytes, expected: Message) -> None:
    assert parse(datagram) == [Group(0.0, (expected,))]
    inside = bundle() + struct.pack(">i", len(datagram)) + datagram
    assert parse(inside) == parse(inside + bytes(4)) == [Group(0.0, (expected,))]


def test_nested_bundles_belong_to_the_one_around_unless_they_are_later() -> None:
    now = time.time()
    inner = bundle(built("/inner"))
    later = bundle(built("/later"), due=now + 20)
    earlier = bundle(built("/earlier"), due=now + 5)
    groups = parse(bundle(built("/outer"), inner, later, earlier, due=now + 10))
    assert [[m.address for m in group.messages] for group in groups] == [["/outer", "/inner", "/earlier"], ["/later"]]
    assert [group.due - now for group in groups] == pytest.approx([10, 20], abs=1e-3)


@pytest.mark.parametrize("tag", [0, 1, 2**32])
def test_time_tags_of_long_ago_mean_at_once(tag: int) -> None:
    part = message("/a")
    datagram = b"#bundle\0" + struct.pack(">Q", tag) + struct.pack(">i", len(part)) + part
    assert parse(datagram) == [Group(0.0, (Message("/a"),))]


def test_an_empty_bundle_asks_for_nothing() -> None:
    assert parse(bundle()) == []


def deep(levels: int) -> bytes:
    return bundle(built("/a")) if levels == 1 else bundle(deep(levels - 1))


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", "not an OSC packet"),
        (b"GET / HTTP/1.1\r\n", "not an OSC packet"),
        (b"/", "damaged"),
        (b"/a\0\0,f\0", "damaged"),
        (b"/a\0\0f\0\0\0", "damaged"),
        (b"/a\0\0,i\0\0\0", "damaged"),
        (b"/\xff\xfe\xfd\0\0\0\0", "damaged"),
        (b"/a\0\0,b\0\0" + struct.pack(">i", 2**31 - 1) + b"abcd", "damaged"),
        (b"/a\0\0,x\0\0", "unknown type 'x'"),
        (b"/a\0\0,[[f]]\0\0" + bytes(4), "expected one level"),
        (b"/a\0\0,f]\0" + bytes(4), "expected one level"),
        (b"/a\0\0,[f\0" + bytes(4), "does not end"),
        (b"/a\0\0,c\0\0ab", "damaged"),
        (b"/a\0\0," + b"T" * (MAX_ARGUMENTS + 1) + b"\0\0", "too many arguments"),
        (message("/a", "x" * MAX_BYTES), f"at most {MAX_BYTES}"),
        (b"#bundle\0", "ends within its time tag"),
        (bundle() + struct.pack(">i", -4), "impossible size"),
        (bundle() + struct.pack(">i", -20), "impossible size"),
        (bundle() + struct.pack(">i", 8) + b"/a\0\0", "impossible size"),
        (bundle(built("/a")) + struct.pack(">i", 4) + b"rub\0", "not an OSC packet"),
        (deep(9), "nested too deep"),
    ],
)
def test_what_is_broken_is_refused_whole(datagram: bytes, reason: str) -> None:
    with pytest.raises(PacketError) as caught:
        parse(datagram)
    assert reason in str(caught.value)


def test_an_error_names_the_address_as_far_as_it_was_readable() -> None:
    with pytest.raises(PacketError) as caught:
        parse(message("/musika/key", "x" * MAX_BYTES))
    assert caught.value.address == "/musika/key"


def test_what_is_built_is_read_back() -> None:
    values = (0.5, 7, 2**40, "text", True, False)
    assert parse(build("/a", values)) == [Group(0.0, (Message("/a", values),))]
    with pytest.raises(ValueError, match="not supported"):
        build("/a", [object()])
    with pytest.raises(ValueError, match="too large"):
        build("/a", [1e300])
