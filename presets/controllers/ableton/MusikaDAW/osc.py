"""OSC messages over UDP, as much of it as Musika DAW speaks: numbers, texts and booleans; nothing ever waits."""

import contextlib
import socket
import struct

_LARGEST_PACKET = 65535


def encode(address, *values):
    """The packet of a message.

    Args:
        values: bool, int (32 bit), float or str.
    """
    types, data = ",", b""
    for value in values:
        if isinstance(value, bool):
            types += "T" if value else "F"
        elif isinstance(value, int):
            types, data = types + "i", data + struct.pack(">i", value)
        elif isinstance(value, float):
            types, data = types + "f", data + struct.pack(">f", value)
        else:
            types, data = types + "s", data + _padded(str(value))
    return _padded(address) + _padded(types) + data


def decode(packet):
    """Every message of a packet, bundles unpacked: a list of (address, values).

    Raises:
        ValueError: it is no OSC.
    """
    try:
        if packet.startswith(b"#bundle\0"):
            return _bundle(packet[16:])
        address, rest = _text(packet)
        types, rest = _text(rest)
        values = []
        for kind in types[1:]:
            value, rest = _value(kind, rest)
            values.append(value)
        return [(address, tuple(values))]
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("damaged OSC packet") from error


class Port:
    """A UDP port to Musika DAW. `poll` is called from Live's own timer, so no call may block."""

    def __init__(self, host, port):
        self._to = (host, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))

    def send(self, address, *values):
        """Sends a message; a program that is not there is no error."""
        with contextlib.suppress(OSError):
            self._socket.sendto(encode(address, *values), self._to)

    def poll(self, most=200):
        """The messages that have come, at most so many; what is no OSC is passed over."""
        messages = []
        for _ in range(most):
            try:
                packet, sender = self._socket.recvfrom(_LARGEST_PACKET)
            except ConnectionError:  # Windows tells here that nobody listened to what was sent
                continue
            except OSError:
                break
            if sender == self._to:
                try:
                    messages.extend(decode(packet))
                except ValueError:
                    continue
        return messages

    def close(self):
        """Closes the port."""
        self._socket.close()


def _bundle(rest):
    messages = []
    while rest:
        (size,) = struct.unpack(">i", rest[:4])
        if not 0 < size <= len(rest) - 4:
            raise ValueError("damaged OSC bundle")
        messages.extend(decode(rest[4 : 4 + size]))
        rest = rest[4 + size :]
    return messages


def _value(kind, rest):
    if kind in "TF":
        return kind == "T", rest
    if kind == "i":
        return struct.unpack(">i", rest[:4])[0], rest[4:]
    if kind == "h":
        return struct.unpack(">q", rest[:8])[0], rest[8:]
    if kind == "f":
        return struct.unpack(">f", rest[:4])[0], rest[4:]
    if kind == "d":
        return struct.unpack(">d", rest[:8])[0], rest[8:]
    if kind == "s":
        return _text(rest)
    raise ValueError(f"OSC type {kind} is not spoken here")


def _padded(text):
    data = text.encode("utf-8") + b"\0"
    return data + b"\0" * (-len(data) % 4)


def _text(data):
    end = data.index(b"\0") if b"\0" in data else len(data)
    return data[:end].decode("utf-8"), data[(end + 4) // 4 * 4 :]
