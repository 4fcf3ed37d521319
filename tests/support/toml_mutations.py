"""TOML as people mistype it: other values, keys and places."""

from __future__ import annotations

import random

VALUES = (
    *("inf", "nan", "-inf", "-1", "1e400", "9" * 400, "9" * 5000, "-0.0", "1e-320", "0x7fffffffffffffffffff", "true"),
    *(
        '""',
        r'"\u0000"',
        r'"C:\tools"',
        r'"C:\Users"',
        '"""a\nb"""',
        "'~'",
        '"all"',
        '"Am"',
        '"off"',
        '"drums"',
        '"123"',
    ),
    *("[]", "{}", '["drums", "drums"]', '[1, "a", true]', "[0.5, 0.5]", "{a = {b = {c = 1}}}", "[" * 200 + "]" * 200),
    *("1979-05-27T07:32:00Z", "07:32:00", "5", "0.5"),
)
_KEYS = ("bpm", "tempo", "style", "morph", "seed", "x", "stems", "model", "fx", "levels", "source", "to", "values")


def mistyped(text: str, chance: random.Random) -> str:
    """The same with one to three lines changed, doubled, renamed or left out."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        key, equals, value = lines[at].partition("=")
        choice = chance.randrange(6)
        if equals and choice < 3:
            lines[at] = f"{key}= {chance.choice(VALUES)}"
        elif choice == 3:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif equals and choice == 4:
            lines[at] = f"{chance.choice(_KEYS)} ={value}"
        else:
            del lines[at]
            lines = lines or ["a = 1"]
    return "\n".join(lines)
