"""DAWproject 1.0: the exchange format of Bitwig, Studio One, Cubase and others, as `take.dawproject`.

A zip archive of two XML files; the audio stays beside it, by relative path. Element names and their order are those of
the published schema (bitwig/dawproject, Project.xsd).
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from musika_daw import __version__
from musika_daw.engine.project_files.arrangement import Arrangement, Track
from musika_daw.engine.project_files.automation import CHANNEL, TRACK_NAME
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM
from musika_daw.storage.files import replace_file

_STAMP = (2026, 1, 1, 0, 0, 0)  # of the archive's members: the same take gives the same file
_BEATS, _SECONDS = "beats", "seconds"
_LONGEST_SCENE_BEATS = 64 * BEATS_PER_BAR


def write_dawproject(path: Path, arrangement: Arrangement) -> None:
    """Writes the archive.

    Raises:
        UserError: the disk refuses it.
    """
    members = {"project.xml": _project(arrangement), "metadata.xml": _metadata(arrangement)}
    with replace_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in members.items():
            ET.indent(root)
            content = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)


class _Ids:
    """Numbers the elements that others refer to."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count()

    def next(self) -> str:
        return f"id{next(self._numbers)}"


def _project(arrangement: Arrangement) -> ET.Element:
    ids = _Ids()
    root = ET.Element("Project", version="1.0")
    ET.SubElement(root, "Application", name="Musika DAW", version=__version__)
    tempo_id = _transport(root, arrangement, ids)
    structure = ET.SubElement(root, "Structure")
    master_id = ids.next()
    audio_ids = {track.name: _audio_track(structure, track, master_id, ids) for track in arrangement.tracks}
    with_notes = [track for track in arrangement.tracks if track.notes]
    note_ids = {track.name: _note_track(structure, track, master_id, ids) for track in with_notes}
    controls_id = _controls_track(structure, master_id, ids) if arrangement.automation else ""
    master = _element(structure, "Track", ids.next(), contentType="audio notes", loaded="true", name="Master")
    _channel(master, ids, channel_id=master_id, role="master")
    timeline = _element(root, "Arrangement", ids.next())
    lanes = _element(timeline, "Lanes", ids.next(), timeUnit=_BEATS)
    for track in arrangement.tracks:
        _audio_clip(_clips(lanes, audio_ids[track.name], ids), arrangement, track, ids)
    for track in with_notes:
        _note_clip(_clips(lanes, note_ids[track.name], ids), arrangement, track, ids)
    if arrangement.automation:
        _controls_clip(_clips(lanes, controls_id, ids), arrangement, ids)
    _markers(timeline, arrangement, ids)
    _tempo_automation(timeline, arrangement, tempo_id, ids)
    _scenes(root, arrangement, audio_ids, note_ids, ids)
    return root


def _metadata(arrangement: Arrangement) -> ET.Element:
    root = ET.Element("MetaData")
    ET.SubElement(root, "Title").text = arrangement.name
    if arrangement.key is not None:
        ET.SubElement(root, "Comment").text = f"Key: {arrangement.key}"
    return root


def _transport(root: ET.Element, arrangement: Arrangement, ids: _Ids) -> str:
    transport = ET.SubElement(root, "Transport")
    bpm = arrangement.tempo_map.bpm_at(arrangement.first_beat)
    tempo_id = ids.next()
    limits = {"max": _number(MAX_BPM), "min": _number(MIN_BPM)}
    _element(transport, "Tempo", tempo_id, **limits, unit="bpm", value=_number(bpm), name="Tempo")
    _element(transport, "TimeSignature", ids.next(), denominator="4", numerator=str(BEATS_PER_BAR))
    return tempo_id


def _audio_track(parent: ET.Element, track: Track, master_id: str, ids: _Ids) -> str:
    track_id = ids.next()
    element = _element(
        parent, "Track", track_id, contentType="audio", loaded="true", name=track.name, color=track.colour
    )
    _channel(element, ids, destination=master_id, muted=track.muted)
    return track_id


def _note_track(parent: ET.Element, track: Track, master_id: str, ids: _Ids) -> str:
    track_id, name = ids.next(), f"{track.name} MIDI"
    element = _element(parent, "Track", track_id, contentType="notes", loaded="true", name=name, color=track.colour)
    _channel(element, ids, destination=master_id)
    return track_id


def _controls_track(parent: ET.Element, master_id: str, ids: _Ids) -> str:
    track_id = ids.next()
    element = _element(parent, "Track", track_id, contentType="notes", loaded="true", name=TRACK_NAME)
    _channel(element, ids, destination=master_id)
    return track_id


def _channel(
    track: ET.Element,
    ids: _Ids,
    *,
    channel_id: str | None = None,
    destination: str | None = None,
    role: str = "regular",
    muted: bool = False,
) -> None:
    to = {} if destination is None else {"destination": destination}
    channel = _element(track, "Channel", channel_id or ids.next(), audioChannels="2", **to, role=role, solo="false")
    _element(channel, "Mute", ids.next(), value=str(muted).lower(), name="Mute")
    _element(channel, "Pan", ids.next(), max="1", min="0", unit="normalized", value="0.5", name="Pan")
    _element(channel, "Volume", ids.next(), max="2", min="0", unit="linear", value="1", name="Volume")


def _clips(lanes: ET.Element, track_id: str, ids: _Ids) -> ET.Element:
    lane = _element(lanes, "Lanes", ids.next(), track=track_id)
    return _element(lane, "Clips", ids.next())


def _scenes(
    root: ET.Element, arrangement: Arrangement, audio_ids: Mapping[str, str], note_ids: Mapping[str, str], ids: _Ids
) -> None:
    """Short takes once more, as a scene whose clips loop; programs without scenes pass over it."""
    scenes = ET.SubElement(root, "Scenes")
    if not arrangement.has_beat or arrangement.last_beat - arrangement.first_beat > _LONGEST_SCENE_BEATS + 0.01:
        return
    lanes = _element(_element(scenes, "Scene", ids.next(), name=arrangement.name), "Lanes", ids.next())
    for track in arrangement.tracks:
        if not track.muted:
            slot = _element(lanes, "ClipSlot", ids.next(), track=audio_ids[track.name], hasStop="true")
            _audio_clip(slot, arrangement, track, ids)
        if track.name in note_ids:
            slot = _element(lanes, "ClipSlot", ids.next(), track=note_ids[track.name], hasStop="true")
            _note_clip(slot, arrangement, track, ids)


def _clip(parent: ET.Element, arrangement: Arrangement, name: str) -> ET.Element:
    """The take's stretch: at its place in the arrangement, going round in a slot."""
    duration = _number(arrangement.last_beat - arrangement.first_beat)
    if parent.tag == "ClipSlot":
        loop = {"loopStart": "0", "loopEnd": duration}
        return ET.SubElement(parent, "Clip", loop, time="0", duration=duration, playStart="0", name=name)
    time = _number(arrangement.first_beat)
    return ET.SubElement(parent, "Clip", time=time, duration=duration, playStart="0", name=name)


def _audio_clip(clips: ET.Element, arrangement: Arrangement, track: Track, ids: _Ids) -> None:
    """A clip of one audio event: wrapped twice, as DAWs write it themselves, and warped where there is a beat."""
    duration = _number(arrangement.last_beat - arrangement.first_beat)
    inner = _element(_clip(clips, arrangement, track.name), "Clips", ids.next())
    if not arrangement.has_beat:
        seconds = _number(arrangement.length_seconds)
        event = ET.SubElement(inner, "Clip", time="0", duration=duration, contentTimeUnit=_SECONDS, playStart="0")
        _audio(event, arrangement, track, seconds, "raw", ids)
        return
    event = ET.SubElement(inner, "Clip", time="0", duration=duration, contentTimeUnit=_BEATS, playStart="0")
    warps = _element(event, "Warps", ids.next(), contentTimeUnit=_SECONDS, timeUnit=_BEATS)
    _audio(warps, arrangement, track, _number(arrangement.length_seconds), "stretch", ids)
    for beat, at in arrangement.beat_markers():
        ET.SubElement(warps, "Warp", time=_number(beat), contentTime=_number(at))


def _audio(parent: ET.Element, arrangement: Arrangement, track: Track, seconds: str, algorithm: str, ids: _Ids) -> None:
    audio = _element(
        parent,
        "Audio",
        ids.next(),
        algorithm=algorithm,
        channels="2",
        duration=seconds,
        sampleRate=str(arrangement.sample_rate),
    )
    ET.SubElement(audio, "File", path=track.audio, external="true")


def _note_clip(clips: ET.Element, arrangement: Arrangement, track: Track, ids: _Ids) -> None:
    """A clip that holds its notes itself: Studio One cannot read MIDI clips that are wrapped twice."""
    length = arrangement.last_beat - arrangement.first_beat
    notes = _element(_clip(clips, arrangement, f"{track.name} MIDI"), "Notes", ids.next())
    for note in sorted(track.notes, key=lambda n: (n.start_beat, n.pitch)):
        start = max(note.start_beat - arrangement.first_beat, 0.0)
        if start < length:
            strength = _number(note.strength)
            ET.SubElement(
                notes,
                "Note",
                time=_number(start),
                duration=_number(min(note.length_beats, length - start)),
                channel=str(track.channel - 1),
                key=str(min(max(note.pitch, 0), 127)),
                vel=strength,
                rel=strength,
            )


def _controls_clip(clips: ET.Element, arrangement: Arrangement, ids: _Ids) -> None:
    """A clip without notes that automates MIDI controllers."""
    duration = _number(arrangement.last_beat - arrangement.first_beat)
    clip = ET.SubElement(
        clips, "Clip", time=_number(arrangement.first_beat), duration=duration, playStart="0", name=TRACK_NAME
    )
    lanes = _element(clip, "Lanes", ids.next())
    for lane in arrangement.automation:
        points = ET.SubElement(lanes, "Points", id=ids.next(), name=lane.name, unit="normalized")
        target = {"channel": str(CHANNEL - 1), "controller": str(lane.controller)}
        ET.SubElement(points, "Target", target, expression="channelController")
        for beat, value in lane.points:
            time = _number(max(beat - arrangement.first_beat, 0.0))
            ET.SubElement(points, "RealPoint", time=time, value=_number(value), interpolation="hold")


def _markers(timeline: ET.Element, arrangement: Arrangement, ids: _Ids) -> None:
    if arrangement.markers:
        markers = _element(timeline, "Markers", ids.next(), timeUnit=_BEATS)
        for marker in arrangement.markers:
            ET.SubElement(markers, "Marker", time=_number(marker.beat), name=marker.name)


def _tempo_automation(timeline: ET.Element, arrangement: Arrangement, tempo_id: str, ids: _Ids) -> None:
    steps = arrangement.tempo_steps(0.0)
    if len(steps) < 2:
        return
    points = _element(timeline, "TempoAutomation", ids.next(), timeUnit=_BEATS, unit="bpm")
    ET.SubElement(points, "Target", parameter=tempo_id)
    for step in steps:
        ET.SubElement(points, "RealPoint", time=_number(step.beat), value=_number(step.bpm), interpolation="hold")


def _element(parent: ET.Element, tag: str, element_id: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes, id=element_id)


def _number(value: float) -> str:
    """Enough digits for a sample in a day, without an exponent, which `xs:double` knows but some readers do not."""
    return f"{value:.9f}".rstrip("0").rstrip(".") or "0"
