"""Puts a take into the set: per stem an audio and a MIDI clip on named, coloured tracks, where it sounded.

Live's calls differ between versions (an arrangement clip is made at once or by way of a session slot), so each step
tries the newest call first, and what cannot be done is named instead of failing the rest.
"""

import Live

_LONGEST_SEGMENT_BPM, _SHORTEST_SEGMENT_BPM = 5.0, 999.0  # Live refuses warp markers outside
_SAME_PLACE = 1e-6


def place(song, take):
    """Places everything in the arrangement.

    Returns:
        What could not be done, one line each; empty when all is there.
    """
    return _placed(song, take, _InArrangement(take))


def place_in_scene(song, take):
    """Places everything in the first scene that is free on all of the take's tracks, made if there is none.

    Returns:
        Number of the scene from 1, and what could not be done.
    """
    where = _InScene(song, take)
    return where.number, _placed(song, take, where)


def _placed(song, take, where):
    missing = []
    song.begin_undo_step()
    try:
        _attempt(missing, "scene", where.prepare)
        for name, path in take.stems.items():
            colour = take.colours.get(name)
            _attempt(missing, f"{name} audio", lambda: _audio(song, take, where, name, path, colour))  # noqa: B023
            notes = take.notes(name)
            if notes:
                _attempt(missing, f"{name} MIDI", lambda: _midi(song, take, where, name, notes, colour))  # noqa: B023
    finally:
        song.end_undo_step()
    return missing


class _InArrangement:
    """Clips at the beat where the take sounded."""

    def __init__(self, take):
        self._take = take

    def prepare(self):
        """Nothing: the arrangement is always there."""

    def audio(self, track, path):
        return _arrangement_audio(track, path, self._take.first_beat)

    def midi(self, track):
        return _arrangement_midi(track, self._take.first_beat, self._take.length_beats)

    def finish(self, clip):
        """Nothing: it plays once."""


class _InScene:
    """Clips beside each other in a scene, which loop.

    Attributes:
        number: of the scene, from 1.
    """

    def __init__(self, song, take):
        self._song, self._take = song, take
        names = {track for name in take.stems for track in (_audio_name(name), _midi_name(name))}
        tracks = [track for track in song.tracks if track.name in names]
        rows = len(song.scenes)
        free = (row for row in range(rows) if not any(track.clip_slots[row].has_clip for track in tracks))
        self._row = next(free, rows)
        self.number = self._row + 1

    def prepare(self):
        """The scene, with the take's name and tempo; a ramp is left to the set."""
        if self._row == len(self._song.scenes):
            self._song.create_scene(-1)
        scene = self._song.scenes[self._row]
        scene.name = self._take.name
        if self._take.steady_bpm is not None and hasattr(scene, "tempo"):
            scene.tempo = self._take.steady_bpm
            if hasattr(scene, "tempo_enabled"):
                scene.tempo_enabled = True

    def audio(self, track, path):
        slot = track.clip_slots[self._row]
        slot.create_audio_clip(path)
        return slot.clip

    def midi(self, track):
        slot = track.clip_slots[self._row]
        slot.create_clip(self._take.length_beats)
        return slot.clip

    def finish(self, clip):
        """It goes round over the whole take."""
        clip.looping = True
        clip.loop_end = self._take.length_beats


def _audio_name(stem):
    return f"Musika {stem}"


def _midi_name(stem):
    return f"Musika {stem} MIDI"


def _attempt(missing, what, step):
    try:
        step()
    except Exception as error:  # whatever Live raises: the other clips are still placed
        missing.append(f"{what}: {error}")


def _audio(song, take, where, name, path, colour):
    track = _track(song, _audio_name(name), colour, audio=True)
    clip = where.audio(track, path)
    clip.name = f"{take.name} {name}"
    if colour is not None:
        clip.color = colour
    warp(clip, take)
    if take.has_beat:
        where.finish(clip)


def _midi(song, take, where, name, notes, colour):
    track = _track(song, _midi_name(name), colour, audio=False)
    clip = where.midi(track)
    clip.name = f"{take.name} {name}"
    if colour is not None:
        clip.color = colour
    specification = Live.Clip.MidiNoteSpecification
    clip.add_new_notes(
        tuple(
            specification(pitch=pitch, start_time=start, duration=length, velocity=velocity)
            for pitch, start, length, velocity in notes
        )
    )
    where.finish(clip)


def warp(clip, take):
    """Warps an audio clip so that its beats lie on Live's: a new arrangement clip is not warped, or by a guess."""
    if not take.has_beat:
        clip.warping = False
        return
    clip.warping = True
    before = (0.0, 0.0)  # Live's own first marker, which is the start of the take as well
    for beat, second in take.markers[1:]:
        bpm = 60.0 * (beat - before[0]) / max(second - before[1], 1e-9)
        if _LONGEST_SEGMENT_BPM < bpm < _SHORTEST_SEGMENT_BPM:
            clip.add_warp_marker(Live.Clip.WarpMarker(second, beat))
            before = (beat, second)
    for marker in list(clip.warp_markers)[:-1]:  # the last one is Live's own, and cannot be removed
        if not any(abs(marker.beat_time - beat) < _SAME_PLACE for beat, _ in take.markers):
            clip.remove_warp_marker(marker.beat_time)


def _track(song, name, colour, audio):
    """The track of that name and kind, made if it is not there."""
    for track in song.tracks:
        if track.name == name and track.has_audio_input == audio:
            return track
    (song.create_audio_track if audio else song.create_midi_track)(-1)
    track = song.tracks[-1]
    track.name = name
    if colour is not None:
        track.color = colour
    return track


def _arrangement_audio(track, path, beat):
    if hasattr(track, "create_audio_clip"):
        return _made(track, beat, track.create_audio_clip(path, beat))
    slot = _free_slot(track)
    slot.create_audio_clip(path)
    return _moved(track, slot, beat)


def _arrangement_midi(track, beat, length):
    if hasattr(track, "create_midi_clip"):
        return _made(track, beat, track.create_midi_clip(beat, length))
    slot = _free_slot(track)
    slot.create_clip(length)
    return _moved(track, slot, beat)


def _moved(track, slot, beat):
    """A session clip moved to the arrangement."""
    try:
        return _made(track, beat, track.duplicate_clip_to_arrangement(slot.clip, beat))
    finally:
        slot.delete_clip()


def _made(track, beat, clip):
    """The clip that a call made: some versions return it, others have to be asked for it."""
    if clip is not None:
        return clip
    for other in track.arrangement_clips:
        if abs(other.start_time - beat) < _SAME_PLACE:
            return other
    raise RuntimeError("Live made no clip")


def _free_slot(track):
    for slot in track.clip_slots:
        if not slot.has_clip:
            return slot
    raise RuntimeError("no free clip slot")
