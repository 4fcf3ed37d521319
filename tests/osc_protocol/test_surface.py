"""Patches for controllers hold every control, and are what their programs open."""

import json
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from osc_protocol.controller_files import controller_files
from osc_protocol.max_device import device_patch, max_device
from osc_protocol.max_patch import max_patch
from osc_protocol.open_stage_control import open_stage_control_session
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
    places = [box["patching_rect"] for box in boxes.values()]
    for i, (x, y, width, height) in enumerate(places):
        for x2, y2, width2, height2 in places[i + 1 :]:
            assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y, "they lie apart"
    assert all(("text" in box) == (box["maxclass"] in ("newobj", "message", "comment")) for box in boxes.values())


def test_the_device_for_live_has_parameters_that_are_sent() -> None:
    packed = max_device(STEMS, 7001)
    assert packed[:12] == b"ampf\x04\0\0\0aaaa" and packed[12:16] == b"meta" and packed[24:28] == b"ptch"
    assert struct.unpack_from("<I", packed, 28)[0] == len(packed) - 32
    document = json.loads(packed[32:].rstrip(b"\0"))
    assert document == device_patch(STEMS, 7001)
    patch = document["patcher"]
    boxes = {each["box"]["id"]: each["box"] for each in patch["boxes"]}
    lines = [each["patchline"] for each in patch["lines"]]
    parameters = {box["varname"]: name for name, box in boxes.items() if "varname" in box}
    assert {"density", "morph x", "bass mute", "drums gain", "play", "quantize"} <= set(parameters)
    assert not {"cue", "fade", "seed", "key"} & set(parameters), "menus tell their choice when a set is loaded"
    assert {name for name in patch["parameters"] if name != "parameterbanks"} == set(parameters.values())
    (network,) = [name for name, box in boxes.items() if box.get("text") == "udpsend 127.0.0.1 7001"]
    after = {line["source"][0]: line["destination"][0] for line in lines}
    for label, name in parameters.items():
        way = [name]
        while way[-1] != network:
            way.append(after[way[-1]])
        (address,) = [
            boxes[step]["text"].split()[1] for step in way if boxes[step].get("text", "").startswith("prepend")
        ]
        row, facts = find(address).row, boxes[name]["saved_attribute_attributes"]["valueof"]
        if facts["parameter_type"] < 2 and label not in ("morph x", "morph y"):
            for end in ("parameter_mmin", "parameter_mmax"):
                assert convert_arguments(row, [facts[end]])
    for line in lines:
        (source, outlet), (sink, inlet) = line["source"], line["destination"]
        assert outlet < boxes[source]["numoutlets"] and inlet < boxes[sink]["numinlets"]
    shown = [box["presentation_rect"] for box in boxes.values() if "presentation_rect" in box]
    assert all(y + height <= 169 and x + width <= patch["devicewidth"] for x, y, width, height in shown)


def test_the_files_in_the_repository_are_current() -> None:
    folder = Path(__file__).resolve().parents[2] / "presets" / "controllers" / "osc"
    expected = controller_files(("drums", "bass", "chords", "lead"))
    write = "musika-daw protocol --controllers presets/controllers/osc"
    assert {path.name for path in folder.iterdir()} == set(expected), write
    for name, content in expected.items():
        kept = (folder / name).read_bytes()
        if name.endswith(".tosc"):  # compressed, not by every version of zlib alike
            kept, content = zlib.decompress(kept), zlib.decompress(content)
        assert kept == content, f"{name}: {write}"


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


def test_the_open_stage_control_session_has_a_widget_for_every_control() -> None:
    session = open_stage_control_session(STEMS)
    assert json.loads(json.dumps(session)) == session and session["type"] == "session"
    tabs = {tab["id"]: tab["widgets"] for tab in session["content"]["tabs"]}
    assert list(tabs) == ["song", *STEMS, "set-up"]
    widgets = {widget["id"]: widget for page in tabs.values() for widget in page}
    assert len(widgets) == sum(map(len, tabs.values())), "widgets of one id would move together"
    kinds = {address: widget["type"] for address, widget in widgets.items() if "address" in widget}
    assert set(kinds) == {control.address for control in controls(STEMS)} | {"/musika/subscribe"}
    wanted = {
        "density": "fader",
        "morph": "xy",
        "quantize": "switch",
        "play": "button",
        "seed": "input",
        "stem/bass/mute": "button",
    }
    assert {name: kinds[f"/musika/{name}"] for name in wanted} == wanted
    for address, widget in widgets.items():
        if widget["type"] not in ("fader", "switch", "xy"):
            continue
        row = find(address).row
        ends = [[widget[k][end] for k in ("range", "rangeX", "rangeY") if k in widget] for end in ("min", "max")]
        for values in [[each] for each in widget["values"]] if "values" in widget else ends:
            assert len(convert_arguments(row, values)) == len(values), "the engine takes what the widget sends"
    for page in tabs.values():
        boxes = [(w["left"], w["top"], w["width"], w["height"]) for w in page]
        for i, (x, y, w, h) in enumerate(boxes):
            assert x + w <= 1280 and y + h <= 640
            for x2, y2, w2, h2 in boxes[i + 1 :]:
                assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y, "they lie beside each other"


def test_the_pure_data_patch_sends_every_control_and_has_no_loose_ends() -> None:
    lines = pure_data_patch(STEMS, 7001).splitlines()
    assert all(line.endswith(";") and line.count(";") == 1 for line in lines)
    first, last = (lines.index(line) for line in lines if "wiring" in line)
    front, inside = lines[1:first], lines[first + 1 : last]
    assert not any("connect" in line for line in front), "lines lie in the subpatch"
    objects = [line for line in inside if not line.startswith("#X connect")]
    wires = [tuple(map(int, line.rstrip(";").split()[2:])) for line in inside if line.startswith("#X connect")]
    assert "connect localhost 7001;" in " ".join(objects)
    assert all(max(source, sink) < len(objects) for source, _, sink, _ in wires)
    used = {end for source, _, sink, _ in wires for end in (source, sink)}
    assert used == set(range(len(objects))), "everything is connected"
    for control in controls(STEMS):
        name = f"oscformat {control.address[1:].replace('/', ' ')};"
        (place,) = [i for i, line in enumerate(objects) if line.endswith(name)]
        assert any(sink == place for _, _, sink, _ in wires)
        assert any(f"out{control.address}" in line for line in front), control.address


def test_what_lies_in_front_of_the_pure_data_patch_does_not_overlap() -> None:
    seen = set()
    for line in pure_data_patch(STEMS, 7001).splitlines()[1:]:
        if line.startswith("#N canvas"):
            break
        kind, x, y = line.split()[1:4]
        assert (x, y) not in seen, f"{kind} at {x}, {y}"
        seen.add((x, y))
