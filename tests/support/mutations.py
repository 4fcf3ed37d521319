"""Files as bad disks, cut downloads and broken programs leave them."""

from __future__ import annotations

import random

_LENGTHS = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80", b"\xff", b"\x7f")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same with one to eight places changed, cut out, doubled, swapped or filled, or cut off."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(out) + 1), chance.randint(1, 16)
        match chance.randrange(8):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 2:
                del out[at : at + size]
            case 3:
                out[at:at] = bytes(out[at : at + size])
            case 4:
                out[at:at] = bytes(chance.randrange(256) for _ in range(size))
            case 5:
                length = chance.choice(_LENGTHS)
                out[at : at + len(length)] = length
            case 6 if chance.random() < 0.3:
                del out[at:]
            case _:
                other = chance.randrange(len(out) + 1)
                out[at : at + size], out[other : other + size] = out[other : other + size], out[at : at + size]
    return bytes(out)
