"""Patches for controllers hold every control, and are what their programs open."""

import json
import zlib
from xml.etree import ElementTree as Xml

import pytest

from osc_protocol.max_patch import max_patch
from osc_protocol.pure_data import pure_data_patch
from osc_protocol.surface import controls
from osc_protocol.touchosc import touchosc_layout
from osc_protocol.types import convert_arguments, find

STEMS = ("drums", "bass")


def test_a_surface_has_everything_that_hands_can_play() -> None:
    addresses = [control.address for control in controls(STEMS)]
    assert len(set(addresses)) == len(addresses)
    for address in ("/musika/play", "/musika/density", "/musika/anchor/d", "/musika/stem/bass/mute", "/musika/morph"):
        assert address in addresses
    assert all(find(address).row.access.writable for address in addresses)
    assert not any("/fx/" in address or "subscribe" in address for address in addresses)


def test_the_max_patch_connects_every_control_to_the_network() -> None:
    document = max_patch(STEMS, 7001)
    assert json.loads(json.dumps(document)) == document
    boxes = {each["box"]["id"]: each["box"] for each in document["patcher"]["boxes"]}
    lines = [each["patchline"] for each in document["patcher"]["lines"]]
    (network,) = [name for name, box in boxes.items() if box.get("text") == "udpsend 127.0.0.1 7001"]
    sending = {line["source"][0] for line in lines if line["destination"][0] == network}
    assert {boxes[name]["text"] for name in sending} == {f"prepend {control.address}" for control in controls(STEMS)}
    fed = {line["destination"][0] for line in lines}
    assert sending <= fed
    for line in lines:
        (source, outlet), (sink, inlet) = line["source"], line["destination"]
        assert outlet < boxes[source]["numoutlets"] and inlet < boxes[sink]["numinlets"]
    assert all(("text" in box) == (box["maxclass"] in ("newobj", "message", "comment")) for box in boxes.values())


def test_the_touchosc_layout_reads_back_with_every_control_that_a_tablet_can_move() -> None:
    document = Xml.fromstring(zlib.decompress(touchosc_layout(STEMS)))
    nodes = list(document.iter("node"))
    assert len({node.get("ID") for node in nodes}) == len(nodes)
    assert {name.text for node in nodes if node.get("type") == "GROUP" for name in node[0].iter("value")} >= {
        "song",
        *STEMS,
    }
    sent: dict[str, list[Xml.Element]] = {}
    for node in nodes:
        for message in node.iterfind("messages/osc[send='1']"):
            sent.setdefault(str(message.findtext("path/partial/value")), []).append(message)
    for control in controls(STEMS):
        texts_or_wide = any("f" not in a.types or (a.high or 0) > 1000 for a in control.needed) or not control.needed
        choosable = len(control.needed) == 1 and (control.needed[0].choices or control.needed[0].types[0] == "T")
        if control.is_button or choosable or not texts_or_wide:
            assert control.address in sent, control.address
    for address, messages in sent.items():
        row = find(address).row
        for message in messages:
            arguments = message.findall("arguments/partial")
            for low in (True, False):
                values = [_touched(partial, low) for partial in arguments]
                assert len(convert_arguments(row, values)) == len(values), address
    (tempo,) = sent["/musika/tempo"]
    assert [tempo.findtext(f"arguments/partial/{end}") for end in ("scaleMin", "scaleMax")] == ["40", "240"]
    assert [m.findtext("arguments/partial/value") for m in sent["/musika/quantize"]] == ["now", "beat", "bar", "phrase"]


def _touched(partial: Xml.Element, low: bool) -> object:
    """What TouchOSC sends for an argument at one end of its control."""
    value, kind = str(partial.findtext("value")), partial.findtext("conversion")
    if partial.findtext("type") == "CONSTANT":
        return int(value) if kind == "INTEGER" else value
    return float(str(partial.findtext("scaleMin" if low else "scaleMax")))


def test_a_library_for_touchosc_finds_nothing_wrong_with_the_layout() -> None:
    py2tosc = pytest.importorskip("py2tosc")
    assert py2tosc.loads(touchosc_layout(STEMS)).validate() == []


def test_the_pure_data_patch_has_an_object_per_address_and_no_loose_ends() -> None:
    lines = pure_data_patch(STEMS, 7001).splitlines()
    objects = [line for line in lines if not line.startswith(("#N", "#X connect"))]
    assert all(line.endswith(";") and line.count(";") == 1 for line in lines)
    assert "#X msg 10 34 connect localhost 7001;" in objects
    for control in controls(STEMS):
        name = f"oscformat {control.address[1:].replace('/', ' ')};"
        (place,) = [i for i, line in enumerate(objects) if line.endswith(name)]
        assert any(line.startswith("#X connect") and line.split()[4] == str(place) for line in lines)
    for line in lines:
        if line.startswith("#X connect"):
            source, _, sink, _ = map(int, line.rstrip(";").split()[2:])
            assert max(source, sink) < len(objects)
