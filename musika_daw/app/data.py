"""`musika-daw data`: corpora to train on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.progress import Progress
from musika_daw.app.values import parse_number, parse_seed, parse_whole

_MOST_HOURS = 1000.0


def _add_workers(parser: Parser) -> None:
    parser.add_argument(
        "--workers",
        type=lambda text: parse_whole("workers", text, 1, 256),
        default=2,
        metavar="N",
        help="processes to do it with (default 2)",
    )


def _add_make(parser: Parser) -> None:
    parser.add_argument(
        "--hours",
        type=lambda text: parse_number("hours", text, 0.01, _MOST_HOURS),
        required=True,
        metavar="H",
        help="how much music to make",
    )
    parser.add_argument("--seed", type=parse_seed, default=1, metavar="N", help="which music (default 1)")
    _add_workers(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="folder for the corpus, not there yet"
    )


def _make(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.make import make_corpus

    with Progress("corpus") as progress:
        folder = make_corpus(options.out, options.hours, options.seed, progress, options.workers)
    print(folder)


def _add_encode(parser: Parser) -> None:
    parser.add_argument("--corpus", type=Path, required=True, metavar="FOLDER", help="corpus to encode")
    parser.add_argument("--drums", type=Path, required=True, metavar="RUN", help="finished autoencoder run, drums")
    parser.add_argument("--pitched", type=Path, required=True, metavar="RUN", help="finished autoencoder run, pitched")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder for the latents")
    _add_workers(parser)


def _encode(options: argparse.Namespace) -> None:
    from musika_daw.train.assemble import load_autoencoders
    from musika_daw.train.corpus.make import Corpus
    from musika_daw.train.latents import encode_corpus

    corpus = Corpus(options.corpus)
    drums, pitched = load_autoencoders(options.drums, options.pitched)
    with Progress("encode") as progress:
        encode_corpus(corpus, options.out, drums, pitched, progress, options.workers)
    print(options.out)


def _add_picture(parser: Parser) -> None:
    parser.add_argument("--seed", type=parse_seed, default=1, metavar="N", help="which music (default 1)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png", help="picture to write")


def _picture(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.picture import draw_genres

    draw_genres(options.out, options.seed)
    print(options.out)


def _add_mixes(parser: Parser) -> None:
    parser.add_argument("--corpus", type=Path, required=True, metavar="FOLDER", help="corpus")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="new folder for the files")


def _mixes(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.make import Corpus
    from musika_daw.train.corpus.mixes import write_mixes

    with Progress("mixes") as progress:
        write_mixes(Corpus(options.corpus), options.out, progress)
    print(options.out)


_MIXES = Command(
    "Write the mix of every track of a corpus as a sound file: music to try a training on.",
    f"{PROGRAM} data mixes --corpus corpus --out music",
    _add_mixes,
    _mixes,
)


def _add_label(parser: Parser) -> None:
    parser.add_argument("music", type=Path, metavar="FOLDER", help="folder of music")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where its latents are")


def _label(options: argparse.Namespace) -> None:
    import torch

    from musika_daw.train.distributed import join_world
    from musika_daw.train.labelling import label_folder
    from musika_daw.train.music_folder import find_music

    music = find_music(options.music)
    with join_world(torch.device("cpu")) as world, Progress("label") as progress:
        label_folder(music, options.out, options.music, progress if world.leads else lambda share: None, world)
        if world.leads:
            for path, reason in music.skipped:
                print(f"skipped: {path} {reason}", file=sys.stderr)
            print(options.out)


_LABEL = Command(
    "Label music: its onsets, and its beats where it has a steady one. A labelling that was stopped goes on.",
    f"{PROGRAM} data label music --out latents",
    _add_label,
    _label,
)
_PICTURE = Command(
    "Draw spectrograms of every genre of the corpus side by side.",
    f"{PROGRAM} data picture --seed 1 --out corpus.png",
    _add_picture,
    _picture,
)
_MAKE_TECHNO = Command(
    "Compose and synthesise four-stem techno with its notes and labels.",
    f"{PROGRAM} data make techno --hours 2 --seed 1 --out corpus",
    _add_make,
    _make,
)
_MAKE = Group("Make a corpus.", _MAKE_TECHNO.example, {"techno": ("synthesised techno", lambda: _MAKE_TECHNO)})
_ENCODE = Command(
    "Encode a corpus with trained autoencoders, for training the generator.",
    f"{PROGRAM} data encode --corpus corpus --drums runs/drums --pitched runs/pitched --out latents",
    _add_encode,
    _encode,
)
GROUP = Group(
    "Corpora to train on.",
    _MAKE_TECHNO.example,
    {
        "make": ("make a corpus", lambda: _MAKE),
        "label": ("onsets and beats of any music", lambda: _LABEL),
        "mixes": ("the mixes of a corpus as sound files", lambda: _MIXES),
        "picture": ("spectrograms of every genre", lambda: _PICTURE),
        "encode": ("encode a corpus with trained autoencoders", lambda: _ENCODE),
    },
)
