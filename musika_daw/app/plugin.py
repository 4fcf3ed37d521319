"""`musika-daw plugin`: the generator as a VST3, CLAP and LV2 plug-in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.paths import user_path


def _add_to(parser: Parser) -> None:
    parser.add_argument(
        "--to", type=user_path, metavar="FOLDER", help="a folder for all three, in place of the usual ones"
    )


def _build(options: argparse.Namespace) -> None:
    from musika_daw.plugin.build import build

    print(build(options.to))


def _install(options: argparse.Namespace) -> None:
    from musika_daw.plugin.build import BUNDLES, build, built_folder
    from musika_daw.plugin.install import engine_file, install, plugin_folders, write_engine_file

    built = built_folder()
    if not all((built / bundle).exists() for bundle in BUNDLES):
        build(built)
    folders = plugin_folders() if options.to is None else dict.fromkeys(BUNDLES, options.to)
    for path in install(built, folders):
        print(path)
    write_engine_file(engine_file())


def _info(options: argparse.Namespace) -> None:
    from musika_daw.plugin.build import BUNDLES, built_folder
    from musika_daw.plugin.install import engine_file, plugin_folders
    from musika_daw.plugin.layout import SEGMENT_BYTES
    from musika_daw.plugin.parameters import parameters

    for bundle, folder in plugin_folders().items():
        print(f"{bundle}: {folder / bundle if (folder / bundle).exists() else f'not in {folder}'}")
    built = all((built_folder() / bundle).exists() for bundle in BUNDLES)
    print(f"built: {built_folder() if built else 'no'}")
    print(f"engine file: {engine_file() if engine_file().is_file() else 'not written'}")
    print(f"{len(parameters())} parameters, {SEGMENT_BYTES / 1e6:.0f} MB of shared memory an instance at most")


def _serve(options: argparse.Namespace) -> None:
    import os
    from tempfile import gettempdir

    import torch

    from musika_daw.engine.offline.renderer import usable_cores
    from musika_daw.plugin.serve.server import Server, sweep, wake_without_host

    wake_without_host()
    torch.set_num_threads(1)  # stems are decoded side by side
    for folder in ("/dev/shm", gettempdir()):  # noqa: S108
        sweep(Path(folder))
    Server(usable_cores()).serve(sys.stdin)
    sys.stdout.flush()
    os._exit(0)  # threads that make windows are not waited for


def _nothing(parser: Parser) -> None:
    pass


_EXAMPLE = f"{PROGRAM} plugin install"

GROUP = Group(
    "The generator as an instrument in a DAW: VST3, CLAP and LV2.",
    _EXAMPLE,
    {
        "build": (
            "compile it, with CMake",
            lambda: Command("Compile the plug-in.", f"{PROGRAM} plugin build", _add_to, _build),
        ),
        "install": (
            "put it where DAWs look, built if need be",
            lambda: Command("Put the plug-in where DAWs of this user look.", _EXAMPLE, _add_to, _install),
        ),
        "info": (
            "where it is",
            lambda: Command("Say where the plug-in is.", f"{PROGRAM} plugin info", _nothing, _info),
        ),
        "serve": (
            "what the plug-in starts",
            lambda: Command(
                "Serve a host's instances; the plug-in starts this.", f"{PROGRAM} plugin serve", _nothing, _serve
            ),
        ),
    },
)
