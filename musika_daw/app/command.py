"""What a command is, and the parser they share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from musika_daw.errors import UsageError
from musika_daw.near_names import did_you_mean

PROGRAM = "musika-daw"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, and whose help ends with an example.

    Attributes:
        reasons: options that are not there, and why.
    """

    def __init__(self, name: str, summary: str, example: str) -> None:
        super().__init__(
            prog=name,
            description=summary,
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.reasons: dict[str, str] = {}

    def error(self, message: str) -> NoReturn:
        if unknown := re.match(r"unrecognized arguments: (--[\w-]+)", message):
            if unknown[1] in self.reasons:
                raise UsageError(f"{unknown[1]} is no option here: {self.reasons[unknown[1]]}")
            options = [option for action in self._actions for option in action.option_strings]
            message += f"; {did_you_mean(unknown[1], options).rstrip()}".rstrip("; ")
        raise UsageError(f"{message}; '{self.prog} --help' shows what is possible")


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        add_arguments: fills the parser; here and in `run`, not before, heavy modules are imported.
    """

    summary: str
    example: str
    add_arguments: Callable[[Parser], None]
    run: Callable[[argparse.Namespace], None]


@dataclass(frozen=True)
class Group:
    """Commands under one name, each with a summary for the list; an entry is loaded when it is called.

    Attributes:
        usual: the entry that is meant where options follow at once, or nothing does.
    """

    summary: str
    example: str
    entries: Mapping[str, tuple[str, Callable[[], Command | Group]]]
    usual: str | None = None


def group_help(name: str, group: Group) -> str:
    """What `--help` prints of a group."""
    width = max(map(len, group.entries)) + 2
    lines = [f"usage: {name} COMMAND ...", "", group.summary, "", "commands:"]
    lines += [f"  {entry:<{width}}{summary}" for entry, (summary, _) in group.entries.items()]
    lines += ["", f"'{name} COMMAND --help' shows the options of a command", "", "example:", f"  {group.example}"]
    return "\n".join(lines)


def run_command(name: str, node: Command | Group, arguments: list[str]) -> None:
    """Follows the arguments through groups to a command and runs it.

    Raises:
        UsageError: there is no such command, or its arguments are not possible.
    """
    found = find_command(name, node, arguments)
    if found is not None:
        command, options = found
        command.run(options)


def find_command(name: str, node: Command | Group, arguments: list[str]) -> tuple[Command, argparse.Namespace] | None:
    """The command that the arguments name, and what they say; None if they asked for help, which is printed.

    Raises:
        UsageError: there is no such command, or its arguments are not possible.
    """
    while isinstance(node, Group):
        word = arguments[0] if arguments else "--help"
        if node.usual and (not arguments or (word[0] == "-" and word not in ("-h", "--help"))):
            word, arguments = node.usual, [node.usual, *arguments]
        if word in ("-h", "--help"):
            print(group_help(name, node))
            return None
        if word not in node.entries:
            hint = did_you_mean(word, node.entries)
            raise UsageError(f"command {word!r} is not known: {hint}expected one of {', '.join(node.entries)}")
        node, arguments, name = node.entries[word][1](), arguments[1:], f"{name} {word}"
    parser = Parser(name, node.summary, node.example)
    node.add_arguments(parser)
    return node, parser.parse_args(arguments)
