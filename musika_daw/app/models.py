"""`musika-daw models`: what models there are, what one says of itself, and new ones from trainings or `.h5` files."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.report import print_report
from musika_daw.app.values import parse_seed
from musika_daw.errors import UsageError, UserError
from musika_daw.paths import user_path

_OTHER_RUNS = ("pitched", "pattern", "generator")


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_info(parser: Parser) -> None:
    parser.add_argument("model", metavar="NAME", help="a shipped model or the path of one")
    _add_json(parser)


def _add_assemble(parser: Parser) -> None:
    parser.add_argument(
        "--drums", type=user_path, required=True, metavar="RUN", help="finished run of the drums network"
    )
    for network in _OTHER_RUNS:
        parser.add_argument(
            f"--{network}", type=user_path, metavar="RUN", help=f"finished run of the {network} network"
        )
    parser.add_argument("--corpus-seed", type=parse_seed, metavar="N", help="seed of the corpus")
    parser.add_argument(
        "--base", metavar="NAME", help="take all but the drums from this model, whose encoder they were trained with"
    )
    parser.add_argument("--training", type=user_path, metavar="FILE.json", help="what the model says of its training")
    parser.add_argument(
        "--bits", type=int, choices=(16, 8), default=16, help="of weights; 8: all but the pattern net's (default 16)"
    )
    parser.add_argument("--out", type=user_path, required=True, metavar="NAME.safetensors", help="model file to write")


def _add_import(parser: Parser) -> None:
    parser.add_argument("places", nargs="+", type=user_path, metavar="DIR_OR_H5", help=".h5 files and folders of them")
    parser.add_argument("--out", required=True, metavar="NAME", help="name of the model, or NAME.safetensors as a path")
    parser.add_argument("--critic", action="store_true", help="keep the critic too, to train on from there")
    parser.add_argument("--licence", default="", metavar="TEXT", help="licence of the weights, for the model file")
    parser.add_argument(
        "--any-order", action="store_true", help="take layers as they come, even where their names speak against it"
    )


def _add_export(parser: Parser) -> None:
    parser.add_argument("model", metavar="NAME", help="an imported model or the path of one")
    parser.add_argument("--out", type=user_path, required=True, metavar="DIR", help="new folder for the .h5 files")


def _add_pack(parser: Parser) -> None:
    parser.add_argument("model", metavar="NAME", help="a model of the official family, or the path of one")
    parser.add_argument("--licence", metavar="TEXT", help="licence of the weights (default: what the model says)")
    parser.add_argument("--training", type=user_path, metavar="FILE.json", help="what to say of its training besides")
    parser.add_argument(
        "--bits", type=int, choices=(16, 8), default=16, help="of weights; 8: autoencoders' (default 16)"
    )
    parser.add_argument("--out", type=user_path, required=True, metavar="NAME.safetensors", help="model file to write")


def _add_verify(parser: Parser) -> None:
    parser.add_argument("folder", type=user_path, metavar="DIR", help="folder of .h5 weights and .npz references")
    _add_json(parser)


def _list(options: argparse.Namespace) -> None:
    from musika_daw.model.model_file import list_models
    from musika_daw.model.official.official_file import read_any_info

    infos = [read_any_info(str(path)) for path in list_models()]
    if options.json:
        print(json.dumps([info.to_json() for info in infos], indent=2))
        return
    for info in infos:
        print(f"{info.name:<16} {info.family}, {info.sample_rate} Hz, {', '.join(info.stems)}, {info.licence}")


def _info(options: argparse.Namespace) -> None:
    from musika_daw.engine.known_controls import known_controls
    from musika_daw.model.official.official_file import read_any_info

    info = read_any_info(options.model)
    print_report({**info.to_json(), "controls": known_controls(info)}, options.json)


def _import(options: argparse.Namespace) -> None:
    from musika_daw.model.official.importer import import_official
    from musika_daw.model.official.official_file import UNKNOWN_LICENCE

    target = _model_path(options.out)
    licence = options.licence or UNKNOWN_LICENCE
    size = import_official(options.places, target, options.critic, options.any_order, licence)
    print(f"{size.family}{', small' if size.small else ''}, {size.sample_rate} Hz", file=sys.stderr)
    print(target)


def _model_path(name: str) -> Path:
    """A path is taken as it is; a name belongs into the folder of installed models."""
    from musika_daw.model.model_file import own_models_folder

    if name.endswith(".safetensors"):
        return Path(name)
    if not re.fullmatch(r"[\w][\w .+-]{0,99}", name):
        raise UsageError(f"model name {name!r} is not possible: expected letters, digits, '-' and '_', or a path")
    return own_models_folder() / f"{name}.safetensors"


def _export(options: argparse.Namespace) -> None:
    from musika_daw.model.official.exporter import export_official

    for path in export_official(options.model, options.out):
        print(path)


def _pack(options: argparse.Namespace) -> None:
    from musika_daw.model.official.packing import pack_official

    _check_file_name(options.out)
    training = _read_training(options.training) if options.training else {}
    pack_official(options.model, options.out, options.licence, training, options.bits)
    print(options.out)


def _verify(options: argparse.Namespace) -> None:
    from musika_daw.model.official.reference import verify
    from musika_daw.train.official.reference import ALL_CHECKS

    found = verify(options.folder, ALL_CHECKS)
    failed = [name for name, parts in found.items() if not all(part.passed for part in parts)]
    if options.json:
        print(json.dumps({name: [asdict(part) for part in parts] for name, parts in found.items()}, indent=2))
    else:
        for name, parts in found.items():
            worst = max(parts, key=lambda part: part.difference / part.limit)
            verdict = "differs" if name in failed else "agrees"
            here = max(part.here for part in parts)
            print(
                f"{name + '.npz':<28}{worst.difference:.1e}  of {worst.limit:.0e}  {verdict} ({worst.output}); "
                f"{here:.1e} in this processor's single precision"
            )
    if failed:
        raise UserError(f"{len(failed)} of {len(found)} files differ more than allowed: {', '.join(failed)}")


def _assemble(options: argparse.Namespace) -> None:
    _check_file_name(options.out)
    training = _read_training(options.training) if options.training else {}
    from musika_daw.train.assemble import assemble, assemble_with_drums

    others = [getattr(options, name) for name in (*_OTHER_RUNS, "corpus_seed")]
    if options.base and all(value is None for value in others):
        print(assemble_with_drums(options.out, options.base, options.drums, training, options.bits))
        return
    if options.base or None in others:
        raise UsageError(
            "expected either --base NAME, or --pitched, --pattern, --generator and --corpus-seed, beside --drums"
        )
    print(
        assemble(
            options.out,
            options.drums,
            options.pitched,
            options.pattern,
            options.generator,
            options.corpus_seed,
            training,
            options.bits,
        )
    )


def _check_file_name(path: Path) -> None:
    if path.suffix != ".safetensors":
        raise UsageError(f"{path} is not a name of a model file: expected NAME.safetensors")


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
        "import": (
            "make a model of the official Musika's .h5 files",
            lambda: Command(
                "Make a model of the official Musika's .h5 files.",
                f"{PROGRAM} models import checkpoints/ae checkpoints/techno --out musika-techno",
                _add_import,
                _import,
            ),
        ),
        "export": (
            "write .h5 files for the official Musika",
            lambda: Command(
                "Write .h5 files for the official Musika.",
                f"{PROGRAM} models export musika-techno --out checkpoints/mine",
                _add_export,
                _export,
            ),
        ),
        "pack": (
            "write a smaller file of a model of the official family",
            lambda: Command(
                "Write a smaller file of a model of the official family: half precision or eight bits, no critic.",
                f"{PROGRAM} models pack musika-techno --out techno-small.safetensors",
                _add_pack,
                _pack,
            ),
        ),
        "verify": (
            "compare with reference outputs of the official Musika",
            lambda: Command(
                "Compare with reference outputs of the official Musika.",
                f"{PROGRAM} models verify references",
                _add_verify,
                _verify,
            ),
        ),
        "assemble": (
            "write a model file from finished trainings",
            lambda: Command(
                "Write a model file from finished trainings.",
                f"{PROGRAM} models assemble --drums runs/drums --pitched runs/pitched --pattern runs/pattern "
                "--generator runs/generator --corpus-seed 1 --out mine.safetensors",
                _add_assemble,
                _assemble,
            ),
        ),
    },
)
