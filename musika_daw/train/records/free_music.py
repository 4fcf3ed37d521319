"""Free records: the soundtracks of four games, as Debian packages them (10 hours), with artists and licences.

`apt-get download` needs no rights, `dpkg -x` unpacks without installing. A `.pk3` is a zip file. Licences are read from
the packages' copyright files, artists and titles from tags, from Warzone's album files, or from the names of files.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import soundfile

from musika_daw.errors import UserError
from musika_daw.train.records.corpus import TEST, TRAIN, VALIDATION, Record, write_manifest

_ENDINGS = (".ogg", ".opus", ".flac", ".wav")


@dataclass(frozen=True)
class Package:
    """A package of music.

    Attributes:
        licence: of what its copyright file does not name by itself.
        part: what its artists' music is for.
    """

    name: str
    licence: str
    part: str


PACKAGES = (
    Package("ufoai-music", "GPL-2+", TRAIN),
    Package("warzone2100-music", "CC-BY-SA-3.0+ or GPL-2+", TRAIN),
    Package("nexuiz-music", "GPL-2+", TEST),
    Package("singularity-music", "CC-BY-SA-3.0", VALIDATION),
)
_HELD_OUT = {'Christian "Crystan" Hoffmann': TEST}
_ARTISTS = {
    r"Psymong": "Simon Green (Psymong)",
    r"Crystan": 'Christian "Crystan" Hoffmann',
    r"David\d": "David Reeves (Destructavator)",
    r"van_": 'Manuel "Vanethian" Marino',
    r"Marine": '"Marine" Baklund',
    r"azrael": "azrael1322",
    r"(brainsuk|breakdown|calling|chaos|infight|neuronal|subcities|thru)": "Gerd (elysis) Raudenbusch",
    r"TheThings": "Slippycurb",
    r"AlexFightmare": "Alex Parker",
    r"(alBasrah|greece|turinItaly)": "Golgotha",
    r"karlmacklin": "Karl Macklin",
}
"""By the beginning of a file's name, where no tag says it."""


def fetch_free_music(out: Path, progress: Callable[[float], None], cache: Path | None = None) -> list[Record]:
    """Bring the packages' music into a new or half-made corpus; returns its records.

    Args:
        cache: folder where packages (`.deb`) may lie already, and where they are kept.

    Raises:
        UserError: this system has no apt, or the packages cannot be had.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept = cache or out / "packages"
    kept.mkdir(parents=True, exist_ok=True)
    records: list[Record] = []
    for count, package in enumerate(PACKAGES, 1):
        folder = out / package.name
        if not folder.is_dir():
            _unpack(_package_file(package.name, kept), folder)
        records += describe(folder, package)
        progress(count / len(PACKAGES))
    write_manifest(out, records)
    return records


def _package_file(name: str, folder: Path) -> Path:
    """The package in a folder, downloaded if it is not there."""
    there = sorted(folder.glob(f"{name}_*.deb"))
    if not there:
        if shutil.which("apt-get") is None:
            raise UserError(
                f"{name} cannot be fetched, as this system has no apt-get: expected Debian or Ubuntu; "
                "elsewhere give a folder of music of your own to --records"
            )
        done = _run(["apt-get", "download", name], folder)
        there = sorted(folder.glob(f"{name}_*.deb"))
        if done.returncode or not there:
            said = (done.stderr.strip().splitlines() or ["apt-get said nothing"])[-1]
            raise UserError(f"{name} cannot be fetched ({said}): expected a network and apt's lists (apt-get update)")
    return there[-1]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that the system has, as `shutil.which` found it."""
    found = shutil.which(command[0]) or command[0]
    return subprocess.run(  # noqa: S603 - a program found on the path, no shell
        [found, *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    )


def _unpack(package: Path, folder: Path) -> None:
    """Sound, copyright file and album files of a package, flat, into a folder that is whole or not there."""
    raw, flat = folder.with_name(f"{folder.name}.unpacked"), folder.with_name(f"{folder.name}.partial")
    for each in (raw, flat, folder):
        shutil.rmtree(each, ignore_errors=True)
    if shutil.which("dpkg") is None:
        raise UserError(f"{package} cannot be unpacked: expected the program dpkg")
    done = _run(["dpkg", "-x", str(package), str(raw)], folder.parent)
    if done.returncode:
        raise UserError(f"{package} cannot be unpacked ({done.stderr.strip()}): delete it and fetch it again")
    for archive in raw.rglob("*.pk3"):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(archive.parent)
    flat.mkdir()
    for path in sorted(raw.rglob("*")):
        if path.is_file() and (path.suffix in (*_ENDINGS, ".json") or path.name == "copyright"):
            name = f"{path.parent.name}.json" if path.suffix == ".json" else path.name
            path.rename(flat / name)
    flat.rename(folder)
    shutil.rmtree(raw, ignore_errors=True)


def describe(folder: Path, package: Package) -> list[Record]:
    """The records of an unpacked package."""
    licences, albums = dict(_licences(folder / "copyright")), dict(_albums(folder))
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in _ENDINGS:
            continue
        try:
            record = _describe_file(path, package, licences, albums)
        except soundfile.LibsndfileError as error:
            raise UserError(f"{path} cannot be read ({error.error_string.rstrip('.')}): delete {folder}") from error
        found.append(replace(record, part=_HELD_OUT.get(record.artist, package.part)))
    return found


def _describe_file(
    path: Path, package: Package, licences: dict[str, str], albums: dict[str, tuple[str, str]]
) -> Record:
    with soundfile.SoundFile(path) as opened:
        tags, seconds = opened.copy_metadata(), opened.frames / opened.samplerate
    artist, title = albums.get(path.name, (tags.get("artist", ""), tags.get("title", "")))
    by_name = [name for start, name in _ARTISTS.items() if re.match(start, path.name)]
    artist = by_name[0] if by_name else artist.strip(" <>")
    licence = licences.get(path.name, package.licence)
    if not artist or artist == "Unknown":
        artist = f"{package.name}, artist not named"
    return Record(path, artist, title or path.stem, licence, package.name, package.part, seconds)


def _licences(path: Path) -> Iterator[tuple[str, str]]:
    """Names of sound files and their licences, from a machine-readable copyright file (DEP-5); of others nothing."""
    if not path.is_file():
        return
    for paragraph in re.split(r"\n\s*\n", path.read_text("utf-8", "replace")):
        files = re.search(r"^Files:(.*?)^(?:Copyright|License):", paragraph, re.DOTALL | re.MULTILINE)
        licence = re.search(r"^License:[ \t]*(\S.*)$", paragraph, re.MULTILINE)
        if files and licence:
            for name in files.group(1).split():
                if name.endswith(_ENDINGS):
                    yield Path(name).name, licence.group(1).strip()


def _albums(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """File name, artist and title of each track, from Warzone's album files."""
    for path in sorted(folder.glob("*.json")):
        try:
            tracks = json.loads(path.read_text("utf-8"))["tracks"]
            yield from ((track["filename"], (track["author"], track["title"])) for track in tracks)
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is no album file ({error}): delete {folder} and fetch it again") from error
