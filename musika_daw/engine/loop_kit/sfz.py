"""SFZ maps: by them samplers (sfizz, Sforzando, LinuxSampler, TX16Wx) put the files of a kit on their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from musika_daw.engine.loop_kit.hits import Hit
from musika_daw.music.notes import DRUM_PITCHES

_LOUDEST = 127
_CHOKED = (DRUM_PITCHES["closed_hat"], DRUM_PITCHES["open_hat"])  # one pair of cymbals: each ends the other
_CHOKE_GROUP = 1
FIRST_LOOP_KEY = 36


def drum_map(files: Mapping[Hit, str]) -> str:
    """The drums at their General MIDI keys, harder strokes where keys are struck harder.

    Args:
        files: hit -> its file, from the folder of the map.
    """
    by_pitch: dict[int, list[Hit]] = defaultdict(list)
    for hit in sorted(files, key=lambda hit: (hit.pitch, hit.strength)):
        by_pitch[hit.pitch].append(hit)
    lines = ["// drums at their General MIDI keys", "<group> loop_mode=one_shot"]
    for pitch, hits in by_pitch.items():
        choke = f" group={_CHOKE_GROUP} off_by={_CHOKE_GROUP} off_mode=fast" if pitch in _CHOKED else ""
        # Several strokes hold their own loudness; a single one is turned down by the sampler.
        track = " amp_veltrack=0" if len(hits) > 1 else ""
        for hit, (low, high) in zip(hits, _velocities(hits), strict=True):
            keys = f"key={pitch} pitch_keycenter={pitch} lovel={low} hivel={high}"
            lines.append(f"<region> sample={files[hit]} {keys}{track}{choke}")
    return "\n".join([*lines, ""])


def loop_map(files: Iterable[tuple[str, int]]) -> str:
    """Loops on one key each, upwards from `FIRST_LOOP_KEY`; they go round as long as the key is held.

    Args:
        files: name from the folder of the map, and length in samples.
    """
    lines = ["// a loop on each key", "<group> loop_mode=loop_continuous loop_start=0 amp_veltrack=0"]
    for key, (name, length) in enumerate(files, FIRST_LOOP_KEY):
        lines.append(f"<region> sample={name} key={key} pitch_keycenter={key} loop_end={length - 1}")
    return "\n".join([*lines, ""])


def _velocities(hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Lowest and highest velocity of each: borders lie in the middle between two."""
    low = 1
    for hit, harder in zip(hits, [*hits[1:], None], strict=True):
        high = _LOUDEST if harder is None else round((hit.strength + harder.strength) / 2 * _LOUDEST)
        yield low, high
        low = high + 1
