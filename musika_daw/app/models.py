"""`musika-daw models`: what models there are, what one says of itself, and a new one from finished trainings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.report import print_report
from musika_daw.app.values import parse_seed
from musika_daw.errors import UsageError, UserError


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_info(parser: Parser) -> None:
    parser.add_argument("model", metavar="NAME", help="a shipped model or the path of one")
    _add_json(parser)


def _add_export(parser: Parser) -> None:
    for network in ("drums", "pitched", "pattern", "generator"):
        parser.add_argument(
            f"--{network}", type=Path, required=True, metavar="RUN", help=f"finished run of the {network} network"
        )
    parser.add_argument("--corpus-seed", type=parse_seed, required=True, metavar="N", help="seed of the corpus")
    parser.add_argument("--training", type=Path, metavar="FILE.json", help="what the model shall say of its training")
    parser.add_argument("--out", type=Path, required=True, metavar="NAME.safetensors", help="model file to write")


def _list(options: argparse.Namespace) -> None:
    from musika_daw.model.model_file import list_models, read_info

    infos = [read_info(str(path)) for path in list_models()]
    if options.json:
        print(json.dumps([info.to_json() for info in infos], indent=2))
        return
    for info in infos:
        print(f"{info.name:<16} {info.family}, {info.sample_rate} Hz, {', '.join(info.stems)}, {info.licence}")


def _info(options: argparse.Namespace) -> None:
    from musika_daw.model.model_file import read_info

    print_report(read_info(options.model).to_json(), options.json)


def _export(options: argparse.Namespace) -> None:
    if options.out.suffix != ".safetensors":
        raise UsageError(f"{options.out} is not a name of a model file: expected NAME.safetensors")
    training = _read_training(options.training) if options.training else {}
    from musika_daw.train.assemble import assemble

    print(
        assemble(
            options.out,
            options.drums,
            options.pitched,
            options.pattern,
            options.generator,
            options.corpus_seed,
            training,
        )
    )


def _read_training(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(content, dict):
        raise UserError(f"{path} holds no JSON object: expected e.g. {{'recipe': '...'}}")
    return content


GROUP = Group(
    "What models there are.",
    f"{PROGRAM} models info techno",
    {
        "list": (
            "list the shipped models",
            lambda: Command("List the shipped models.", f"{PROGRAM} models list", _add_json, _list),
        ),
        "info": (
            "what a model says of itself",
            lambda: Command("What a model says of itself.", f"{PROGRAM} models info techno", _add_info, _info),
        ),
        "export": (
            "write a model file from finished trainings",
            lambda: Command(
                "Write a model file from finished trainings.",
                f"{PROGRAM} models export --drums runs/drums --pitched runs/pitched --pattern runs/pattern "
                "--generator runs/generator --corpus-seed 1 --out mine.safetensors",
                _add_export,
                _export,
            ),
        ),
    },
)
