"""`musika-daw data`: corpora to train on, and music to latents and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.app.progress import Progress
from musika_daw.app.values import parse_number, parse_seed, parse_switch, parse_whole
from musika_daw.errors import UsageError, UserError
from musika_daw.paths import user_path

_MAX_HOURS = 1000.0


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
        type=lambda text: parse_number("hours", text, 0.01, _MAX_HOURS),
        required=True,
        metavar="H",
        help="how much music to make",
    )
    parser.add_argument("--seed", type=parse_seed, default=1, metavar="N", help="which music (default 1)")
    _add_workers(parser)
    parser.add_argument(
        "--out", type=user_path, required=True, metavar="FOLDER", help="folder for the corpus, not there yet"
    )


def _make(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.make import make_corpus

    with Progress("corpus") as progress:
        folder = make_corpus(options.out, options.hours, options.seed, progress, options.workers)
    print(folder)


def _add_make_piano(parser: Parser) -> None:
    _add_make(parser)
    parser.add_argument(
        "--soundfont",
        type=user_path,
        metavar="FILE",
        help="a .sf2 or .sf3 file (default: a free one of this system)",
    )


def _make_piano(options: argparse.Namespace) -> None:
    from musika_daw.train.piano.make import make_piano

    with Progress("corpus") as progress:
        folder = make_piano(options.out, options.hours, options.seed, progress, options.workers, options.soundfont)
    print(folder)


def _add_encode(parser: Parser) -> None:
    parser.add_argument(
        "folder", type=user_path, metavar="FOLDER", help="music (wav, flac, mp3, ogg, aiff), or a corpus"
    )
    parser.add_argument("--model", metavar="NAME", help="music: an imported model, whose encoders are used")
    parser.add_argument("--drums", type=user_path, metavar="RUN", help="a corpus: finished autoencoder run, drums")
    parser.add_argument("--pitched", type=user_path, metavar="RUN", help="a corpus: finished autoencoder run, pitched")
    parser.add_argument("--out", type=user_path, required=True, metavar="FOLDER", help="folder for the latents")
    _add_workers(parser)


def _encode(options: argparse.Namespace) -> None:
    corpus = options.drums is not None and options.pitched is not None
    if (options.model is None) != corpus or (options.model is not None and (options.drums or options.pitched)):
        raise UsageError("encoders are missing or too many: expected --model NAME, or --drums RUN --pitched RUN")
    if corpus:
        _encode_corpus(options)
    else:
        _encode_music(options)


def _encode_corpus(options: argparse.Namespace) -> None:
    from musika_daw.train.assemble import load_autoencoders
    from musika_daw.train.corpus.make import Corpus
    from musika_daw.train.latents import encode_corpus

    drums, pitched = load_autoencoders(options.drums, options.pitched)
    with Progress("encode") as progress:
        encode_corpus(Corpus(options.folder), options.out, drums, pitched, progress, options.workers)
    print(options.out)


def _encode_music(options: argparse.Namespace) -> None:
    import torch

    from musika_daw.model.official.official_file import load_official
    from musika_daw.train.distributed import join_world
    from musika_daw.train.music_folder import find_music
    from musika_daw.train.official.encoding import encode_folder

    encoders = load_official(options.model, ("enc", "enc2")).encoders()
    music = find_music(options.folder)
    with join_world(torch.device("cpu")) as world, Progress("encode") as progress:
        shown = progress if world.leads else lambda share: None
        left_out = encode_folder(music, options.out, options.folder, encoders, shown, world)
    found_broken = music.left_out() if world.leads else ()
    _tell_skipped([*found_broken, *left_out])
    if len(left_out) == len(music.files):
        raise UserError(f"nothing of {options.folder} could be encoded")
    if world.leads:
        print(options.out)


def _tell_skipped(lines: Sequence[str]) -> None:
    for line in lines:
        print(f"skipped: {line}", file=sys.stderr)


def _add_decode(parser: Parser) -> None:
    parser.add_argument("folder", type=user_path, metavar="FOLDER", help="latents, as 'data encode' writes them")
    parser.add_argument("--model", required=True, metavar="NAME", help="an imported model, whose decoders are used")
    parser.add_argument("--out", type=user_path, required=True, metavar="FOLDER", help="folder for the .wav files")
    parser.add_argument(
        "--noise",
        type=lambda text: parse_switch("noise", text),
        default=True,
        metavar="on|off",
        help="the noise that the decoders were trained with, always the same (default on)",
    )


def _decode(options: argparse.Namespace) -> None:
    from musika_daw.model.official.official_file import load_official
    from musika_daw.train.official.decoding import decode_folder

    decoders = load_official(options.model, ("dec", "dec2")).decoders()
    with Progress("decode") as progress:
        skipped = decode_folder(options.folder, options.out, decoders, 0 if options.noise else None, progress)
    _tell_skipped([f"{path} {reason}" for path, reason in skipped])
    print(options.out)


def _add_picture(parser: Parser) -> None:
    parser.add_argument("--seed", type=parse_seed, default=1, metavar="N", help="which music (default 1)")
    parser.add_argument("--out", type=user_path, required=True, metavar="FILE.png", help="picture to write")


def _picture(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.picture import draw_genres

    draw_genres(options.out, options.seed)
    print(options.out)


def _add_mixes(parser: Parser) -> None:
    parser.add_argument("--corpus", type=user_path, required=True, metavar="FOLDER", help="corpus")
    parser.add_argument("--out", type=user_path, required=True, metavar="FOLDER", help="new folder for the files")


def _mixes(options: argparse.Namespace) -> None:
    from musika_daw.train.corpus.make import Corpus
    from musika_daw.train.corpus.mixes import write_mixes

    with Progress("mixes") as progress:
        write_mixes(Corpus(options.corpus), options.out, progress)
    print(options.out)


def _add_fetch_free(parser: Parser) -> None:
    parser.add_argument(
        "--out", type=user_path, metavar="FOLDER", help="folder of the corpus (default: where corpora are)"
    )
    parser.add_argument(
        "--packages", type=user_path, metavar="FOLDER", help="where packages lie already, or are to be kept"
    )


def _fetch_free(options: argparse.Namespace) -> None:
    from musika_daw.resources import corpora_folder
    from musika_daw.train.records.free_music import fetch_free_music

    out = options.out or corpora_folder() / "records"
    with Progress("records") as progress:
        records = fetch_free_music(out, progress, options.packages)
    hours = sum(record.seconds for record in records) / 3600
    artists = len({record.artist for record in records})
    print(f"{len(records)} records of {artists} artists, {hours:.1f} hours", file=sys.stderr)
    print(out)


_FETCH_FREE = Command(
    "Fetch free records, with artists and licences: the soundtracks of four games that Debian packages (10 hours).",
    f"{PROGRAM} data fetch free --out records",
    _add_fetch_free,
    _fetch_free,
)
_FETCH = Group("Fetch a corpus.", _FETCH_FREE.example, {"free": ("free records", lambda: _FETCH_FREE)})
_MIXES = Command(
    "Write the mix of every track of a corpus as a sound file: music to try a training on.",
    f"{PROGRAM} data mixes --corpus corpus --out music",
    _add_mixes,
    _mixes,
)


def _add_label(parser: Parser) -> None:
    parser.add_argument("music", type=user_path, metavar="FOLDER", help="folder of music")
    parser.add_argument("--out", type=user_path, required=True, metavar="FOLDER", help="where its latents are")


def _label(options: argparse.Namespace) -> None:
    import torch

    from musika_daw.train.distributed import join_world
    from musika_daw.train.labelling import label_folder
    from musika_daw.train.music_folder import find_music

    music = find_music(options.music)
    with join_world(torch.device("cpu")) as world, Progress("label") as progress:
        label_folder(music, options.out, options.music, progress if world.leads else lambda share: None, world)
        if world.leads:
            _tell_skipped(music.left_out())
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
_MAKE_PIANO = Command(
    "Play scores in the public domain with FluidSynth: sound files, their onsets, and what each of them is.",
    f"{PROGRAM} data make piano --hours 2 --seed 1 --out corpus",
    _add_make_piano,
    _make_piano,
)
_MAKE = Group(
    "Make a corpus.",
    _MAKE_TECHNO.example,
    {
        "techno": ("synthesised techno", lambda: _MAKE_TECHNO),
        "piano": ("piano music from scores", lambda: _MAKE_PIANO),
    },
)
_ENCODE = Command(
    "Encode any music to latents with an imported model, or a corpus with trained autoencoders.",
    f"{PROGRAM} data encode music --model musika-techno --out latents",
    _add_encode,
    _encode,
)
_DECODE = Command(
    "Decode latents to sound: one .wav a file, as long as the music was.",
    f"{PROGRAM} data decode latents --model musika-techno --out sound",
    _add_decode,
    _decode,
)
GROUP = Group(
    "Corpora to train on; music to latents and back.",
    _MAKE_TECHNO.example,
    {
        "make": ("make a corpus", lambda: _MAKE),
        "fetch": ("fetch a corpus", lambda: _FETCH),
        "label": ("onsets and beats of any music", lambda: _LABEL),
        "mixes": ("the mixes of a corpus as sound files", lambda: _MIXES),
        "picture": ("spectrograms of every genre", lambda: _PICTURE),
        "encode": ("music or a corpus to latents", lambda: _ENCODE),
        "decode": ("latents to sound", lambda: _DECODE),
    },
)
