"""ICU's data as the window needs it: Qt is linked to 32 MB of it, for all languages and encodings there are.

Qt has tables of its own for languages; it asks ICU for sorting by language and for names of time zones. What is kept
serves those; where an item is missing, ICU takes the one of `root`.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\xda\x27"
_FORMAT = b"CmnD"  # a package of items
_DROPPED = re.compile(
    r"(brkitr|translit|unit|curr|lang|region|rbnf)/.*|.*\.cnv|unames\.icu|confusables\.cfu"
    r"|(?:(?:coll|zone)/)?(?!(?:root|en|de|pool|res_index|tzdbNames)\.)[a-z]{2,3}(?:_\w+)*\.res"
)
_ALIGNED = 16


def small_icu(library: Path, target: Path) -> None:
    """Writes `libicudata.so.NN` anew with fewer items, by the C compiler."""
    version = library.name.rpartition(".")[2]
    data = target.with_name("icudata.dat")
    data.write_bytes(subset(library.read_bytes()))
    source = target.with_name("icudata.c")
    symbol = f"icudt{version}_dat"
    source.write_text(
        f'__asm__(".section .rodata\\n.balign 16\\n.global {symbol}\\n.type {symbol}, @object\\n"\n'
        f'        "{symbol}:\\n.incbin \\"{data}\\"\\n.size {symbol}, . - {symbol}\\n");\n',
        encoding="utf-8",
    )
    words = ["gcc", "-shared", "-fPIC", f"-Wl,-soname,{library.name}", "-o", str(target), str(source)]
    subprocess.run(words, check=True)  # noqa: S603  the compiler, on a file of ours


def subset(library: bytes) -> bytes:
    """The package within a library, without what is dropped."""
    start = next(
        found.start() - 2
        for found in re.finditer(re.escape(_MAGIC), library)
        if _is_package(library, found.start() - 2)
    )
    (header,) = struct.unpack_from("<H", library, start)
    base = start + header
    kept = [
        (name, content) for name, content in _items(library, base) if not _DROPPED.fullmatch(name.partition("/")[2])
    ]
    return library[start:base] + _table(kept)


def _is_package(library: bytes, start: int) -> bool:
    return library[start + 12 : start + 16] == _FORMAT


def _items(library: bytes, base: int) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from("<I", library, base)
    places = [struct.unpack_from("<II", library, base + 4 + 8 * i) for i in range(count)]
    ends = [*(at for _, at in places[1:]), None]
    for (name_at, at), end in zip(places, ends, strict=True):
        name = library[base + name_at : library.index(b"\0", base + name_at)].decode("ascii")
        yield name, library[base + at : len(library) if end is None else base + end]


def _table(items: list[tuple[str, bytes]]) -> bytes:
    """Count, places of names and contents, names, contents."""
    names = [name.encode("ascii") + b"\0" for name, _ in items]
    at = 4 + 8 * len(items)
    table = struct.pack("<I", len(items))
    name_at, content_at = at, _aligned(at + sum(map(len, names)))
    for name, (_, content) in zip(names, items, strict=True):
        table += struct.pack("<II", name_at, content_at)
        name_at, content_at = name_at + len(name), _aligned(content_at + len(content))
    out = bytearray(table + b"".join(names))
    for _, content in items:
        out += b"\0" * (_aligned(len(out)) - len(out)) + content
    return bytes(out)


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED
