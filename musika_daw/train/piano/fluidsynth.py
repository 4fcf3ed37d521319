"""FluidSynth as a program: a MIDI file to sound, with a soundfont."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.train.piano.performance import Performance

SAMPLE_RATE = 44100
PROGRAM = "fluidsynth"
# Soundfonts whose licence allows everything, by the beginnings of their names.
LICENCES = {"FluidR3": "MIT", "MuseScore_General": "MIT"}
_FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts",
)
_INSTALL = {
    "linux": "apt install fluidsynth fluid-soundfont-gm",
    "darwin": "brew install fluid-synth, and give a soundfont with --soundfont",
    "win32": "choco install fluidsynth, and give a soundfont with --soundfont",
}
_TICKS = 5000  # a second
_GAIN = 0.6
_REVERB = {"level": 0.35, "room-size": 0.35, "damp": 0.3, "width": 0.6}
_SUSTAIN = 64


@dataclass(frozen=True)
class SoundFont:
    """A file of sampled instruments, the first of which is a piano."""

    path: Path
    licence: str

    def sha256(self) -> str:
        """Of the file."""
        with self.path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()


def find_program() -> str:
    """
    Raises:
        UserError: FluidSynth is not there.
    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise UserError(f"FluidSynth is not there: install it ({_how()})")
    return found


def find_soundfont(given: Path | None) -> SoundFont:
    """The soundfont that is given, or one of those that are free and installed.

    Raises:
        UserError: there is none.
    """
    if given is not None:
        if not given.is_file():
            raise UserError(f"soundfont {given} is not there: expected a .sf2 or .sf3 file")
        return SoundFont(given, _licence(given))
    for folder in map(Path, _FOLDERS):
        for path in sorted(folder.glob("*.sf[23]")):
            if path.stem.startswith(tuple(LICENCES)) and "GS" not in path.stem:
                return SoundFont(path, _licence(path))
    raise UserError(f"no free soundfont is installed: install one ({_how()}), or give one with --soundfont FILE.sf2")


def render(performance: Performance, program: str, font: SoundFont, folder: Path) -> NDArray[np.float32]:
    """Sound of a performance, `[samples, 2]` at 44.1 kHz; `folder` takes the files on the way.

    Raises:
        UserError: FluidSynth fails.
    """
    midi, sound = folder / "performance.mid", folder / "performance.wav"
    write_midi(midi, performance)
    reverb = [part for name, value in _REVERB.items() for part in ("-o", f"synth.reverb.{name}={value}")]
    options = ["-n", "-i", "-q", "-r", str(SAMPLE_RATE), "-g", str(_GAIN), "-C", "0", *reverb]
    done = subprocess.run(  # noqa: S603 - the program found on the path, no shell
        [program, *options, "-O", "float", "-T", "wav", "-F", str(sound), str(font.path), str(midi)],
        capture_output=True,
        text=True,
        check=False,
    )
    # It says so on stderr alone when a soundfont is none, and renders silence.
    if done.returncode or not sound.is_file() or "fluidsynth: error" in done.stderr:
        reason = " ".join(done.stderr.split())[:200]
        raise UserError(f"FluidSynth could not play {font.path} ({reason}): expected a soundfont with a piano")
    audio, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    return np.asarray(audio[: round(performance.seconds * SAMPLE_RATE)], np.float32)


def write_midi(path: Path, performance: Performance) -> None:
    """A performance as a MIDI file."""
    events: list[tuple[float, int, mido.Message]] = []
    for note in performance.notes:
        events.append((note.start, 2, mido.Message("note_on", note=note.pitch, velocity=note.velocity)))
        events.append((note.end, 0, mido.Message("note_off", note=note.pitch)))
    for seconds, down in performance.pedal:
        events.append((seconds, 1, mido.Message("control_change", control=_SUSTAIN, value=127 if down else 0)))
    events.append((performance.seconds, 3, mido.Message("control_change", control=_SUSTAIN, value=0)))
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000), mido.Message("program_change", program=0)])
    track.extend(_with_deltas(sorted(events, key=lambda event: event[:2])))
    file = mido.MidiFile(ticks_per_beat=_TICKS)
    file.tracks.append(track)
    file.save(path)


def _with_deltas(events: Sequence[tuple[float, int, mido.Message]]) -> list[mido.Message]:
    at, timed = 0, []
    for seconds, _, message in events:
        tick = round(seconds * _TICKS)
        timed.append(message.copy(time=tick - at))
        at = tick
    return timed


def _licence(path: Path) -> str:
    for name, licence in LICENCES.items():
        if path.stem.startswith(name):
            return licence
    return "not known; see where it came from"


def _how() -> str:
    return _INSTALL.get(sys.platform, _INSTALL["linux"])
