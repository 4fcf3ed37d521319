"""TouchOSC's file format: nodes with properties, values and messages, as XML packed by zlib.

What is left out has TouchOSC's own defaults. After layouts that its editor writes; there is no published description.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

Color = tuple[float, float, float]
Setting = bool | int | float | str | Color


@dataclass(frozen=True)
class Frame:
    """A place in points, from the upper left corner of the node around it."""

    x: float
    y: float
    width: float
    height: float

    def column(self, index: int, count: int, gap: float) -> Frame:
        """One of several parts side by side."""
        width = self.width / count
        return Frame(self.x + width * index, self.y, width - (gap if index + 1 < count else 0), self.height)


@dataclass(frozen=True)
class Sent:
    """One argument of a message.

    Attributes:
        value: what is always sent, or the name of the node's value (`x`, `y`, `text`).
        kind: `FLOAT`, `INTEGER` or `STRING`.
        constant: whether it is always the same.
        low, high: what 0 and 1 of the node's value stand for.
    """

    value: str
    kind: str = "FLOAT"
    constant: bool = False
    low: float = 0.0
    high: float = 1.0


class Layout:
    """A tree of nodes; every method that adds one returns it."""

    def __init__(self, width: float, height: float) -> None:
        self._document = Xml.Element("lexml", version="3")
        self._nodes = 0
        self.root = self._node(self._document, "GROUP", "musika", Frame(0, 0, width, height))

    def packed(self) -> bytes:
        """The content of the file."""
        return zlib.compress(Xml.tostring(self._document, encoding="UTF-8", xml_declaration=True))

    def add(self, parent: Xml.Element, kind: str, name: str, frame: Frame, **settings: Setting) -> Xml.Element:
        """A node, e.g. `FADER`; `settings` are properties by TouchOSC's names."""
        children = parent.find("children")
        assert children is not None, "only groups hold nodes"
        return self._node(children, kind, name, frame, **settings)

    def label(self, parent: Xml.Element, text: str, frame: Frame) -> Xml.Element:
        """Text that nobody can move."""
        node = self.add(parent, "LABEL", text, frame, background=False, outline=False, interactive=False)
        value = Xml.SubElement(Xml.SubElement(node, "values"), "value")
        for tag, content in (("key", "text"), ("locked", "0"), ("default", text), ("defaultPull", "0")):
            Xml.SubElement(value, tag).text = content
        return node

    def _node(self, parent: Xml.Element, kind: str, name: str, frame: Frame, **settings: Setting) -> Xml.Element:
        self._nodes += 1
        place = uuid.uuid5(uuid.NAMESPACE_URL, f"musika-daw {self._nodes} {name}")  # the same in every run
        node = Xml.SubElement(parent, "node", ID=str(place), type=kind)
        properties = Xml.SubElement(node, "properties")
        _property(properties, "name", "s", name)
        value = _property(properties, "frame", "r", None)
        for tag, number in (("x", frame.x), ("y", frame.y), ("w", frame.width), ("h", frame.height)):
            Xml.SubElement(value, tag).text = f"{number:g}"
        for key, setting in settings.items():
            _set(properties, key, setting)
        if kind in ("GROUP", "PAGER"):
            Xml.SubElement(node, "children")
        return node


def send(
    node: Xml.Element,
    address: str,
    arguments: Sequence[Sent],
    watched: Sequence[str] = ("x",),
    when: str = "ANY",
    sends: bool = True,
    receives: bool = True,
) -> None:
    """Lets a node send an OSC message whenever one of its values changes, and follow those that come."""
    message = Xml.SubElement(Xml.SubElement(node, "messages"), "osc")
    switches = {"enabled": True, "send": sends, "receive": receives, "feedback": False, "noDuplicates": False}
    for tag, on in switches.items():
        Xml.SubElement(message, tag).text = str(int(on))
    Xml.SubElement(message, "connections").text = "11111"
    triggers = Xml.SubElement(message, "triggers")
    for name in watched:
        trigger = Xml.SubElement(triggers, "trigger")
        Xml.SubElement(trigger, "var").text = name
        Xml.SubElement(trigger, "condition").text = when
    _partial(Xml.SubElement(message, "path"), Sent(address, "STRING", constant=True))
    parts = Xml.SubElement(message, "arguments")
    for argument in arguments:
        _partial(parts, argument)


def _partial(parent: Xml.Element, sent: Sent) -> None:
    partial = Xml.SubElement(parent, "partial")
    Xml.SubElement(partial, "type").text = "CONSTANT" if sent.constant else "VALUE"
    Xml.SubElement(partial, "conversion").text = sent.kind
    Xml.SubElement(partial, "value").text = sent.value
    Xml.SubElement(partial, "scaleMin").text = f"{sent.low:g}"
    Xml.SubElement(partial, "scaleMax").text = f"{sent.high:g}"


def _set(properties: Xml.Element, key: str, setting: Setting) -> None:
    if isinstance(setting, bool):
        _property(properties, key, "b", str(int(setting)))
    elif isinstance(setting, str):
        _property(properties, key, "s", setting)
    elif isinstance(setting, int):
        _property(properties, key, "i", str(setting))
    elif isinstance(setting, float):
        _property(properties, key, "f", f"{setting:g}")
    else:
        value = _property(properties, key, "c", None)
        for tag, share in zip("rgba", (*setting, 1.0), strict=True):
            Xml.SubElement(value, tag).text = f"{share:g}"


def _property(properties: Xml.Element, key: str, kind: str, text: str | None) -> Xml.Element:
    element = Xml.SubElement(properties, "property", type=kind)
    Xml.SubElement(element, "key").text = key
    value = Xml.SubElement(element, "value")
    value.text = text
    return value
