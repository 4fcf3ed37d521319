"""Patches for controllers hold every control, and are what their programs open."""

import json

from osc_protocol.max_patch import max_patch
from osc_protocol.pure_data import pure_data_patch
from osc_protocol.surface import controls
from osc_protocol.types import find

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
