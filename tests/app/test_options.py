"""Options made of dataclass fields."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from musika_daw.app.command import Parser
from musika_daw.app.options import add_dataclass_options, from_options
from musika_daw.errors import UsageError


@dataclass(frozen=True)
class Base:
    run: Path = field(metadata={"help": "100 % of the folder"})
    steps: int = field(default=3, metadata={"help": "how many"})


@dataclass(frozen=True)
class Settings(Base):
    learning_rate: float = 0.5
    start: Path | None = None
    stem: str = field(default="drums", metadata={"choices": ("drums", "pitched")})
    quiet: bool = False
    seeds: int = field(default_factory=lambda: 4)


def parse(*words: str) -> Settings:
    parser = Parser("x", "", "x")
    add_dataclass_options(parser, Settings)
    assert "100 % of the folder" in parser.format_help()
    return from_options(Settings, parser.parse_args(words))


def test_what_is_not_given_keeps_its_default() -> None:
    assert parse("--run", "r") == Settings(Path("r"))


def test_every_kind_of_field_arrives() -> None:
    words = [
        "--run",
        "r",
        "--steps",
        "-2",
        "--learning-rate",
        "1e-3",
        "--start",
        "s",
        "--stem",
        "pitched",
        "--quiet",
        "--seeds",
        "8",
    ]
    assert parse(*words) == Settings(Path("r"), -2, 1e-3, Path("s"), "pitched", True, 8)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "required: --run"),
        ("--run r --steps 1.5", "--steps '1.5' is not a whole number"),
        ("--run r --learning-rate nan", "--learning-rate 'nan' is not a number"),
        ("--run r --stem bass", "--stem 'bass' is not known: expected one of drums, pitched"),
    ],
)
def test_refusals(words: str, expected: str) -> None:
    with pytest.raises(UsageError, match=expected.replace("[", r"\[")):
        parse(*words.split())


def test_other_types_are_a_mistake_of_the_program() -> None:
    @dataclass
    class Odd:
        values: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="cannot be an option"):
        add_dataclass_options(Parser("x", "", "x"), Odd)
