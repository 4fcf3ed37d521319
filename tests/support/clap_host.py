"""A host of CLAP plug-ins with a transport that jumps, loops and changes its tempo at will."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import POINTER, byref, c_float, c_void_p
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from tests.support import clap_abi as abi

BUSES = 5


class ClapHost:
    """One instance of the one plug-in of a file; it plays wherever it is told to."""

    def __init__(self, path: Path, rate: float = 44100.0, most_frames: int = 8192) -> None:
        self.rate = rate
        self._library = ctypes.CDLL(str(path))
        entry = abi.Entry.in_dll(self._library, "clap_entry")
        assert entry.init(str(path).encode())
        factory = ctypes.cast(entry.get_factory(b"clap.plugin-factory"), POINTER(abi.Factory))
        self.name = factory.contents.descriptor(factory, 0).contents.name.decode()
        self._host = _host(self.host_extension)
        made = factory.contents.create(
            ctypes.cast(factory, c_void_p),
            ctypes.addressof(self._host),
            factory.contents.descriptor(factory, 0).contents.id,
        )
        self.made = made
        self._plugin = ctypes.cast(made, POINTER(abi.Plugin)).contents
        self._entry = entry
        assert self._plugin.init(made)
        assert self._plugin.activate(made, rate, 1, most_frames)
        assert self._plugin.start_processing(made)
        self._buffers = np.zeros((2 * BUSES, most_frames), np.float32)
        self._outputs = (abi.AudioBuffer * BUSES)()
        pointers = [self._buffers[i].ctypes.data_as(POINTER(c_float)) for i in range(2 * BUSES)]
        self._rows = [(POINTER(c_float) * 2)(*pointers[2 * bus : 2 * bus + 2]) for bus in range(BUSES)]
        for bus, output in enumerate(self._outputs):
            output.data32, output.channels = self._rows[bus], 2
        self.steady = 0
        self.heard: list[tuple[int, bytes]] = []
        """MIDI that came out: sample since the instance was made, message."""

    def __enter__(self) -> ClapHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._plugin.stop_processing(self.made)
        self._plugin.deactivate(self.made)
        self._plugin.destroy(self.made)

    def extension(self, name: bytes) -> int:
        """The address of one of the plug-in's extensions."""
        return int(self._plugin.get_extension(self.made, name))

    def host_extension(self, name: bytes) -> int:
        """The address of one of the host's extensions; 0: there is none of that name."""
        return 0

    def offline(self, on: bool) -> None:
        render = ctypes.cast(self.extension(b"clap.render"), POINTER(abi.Render))
        assert render.contents.set(self.made, int(on))

    def block(
        self,
        beat: float,
        frames: int,
        bpm: float = 128.0,
        playing: bool = True,
        loop: tuple[float, float] | None = None,
        moves: Sequence[tuple[int, float]] = (),
        midi: Sequence[tuple[int, bytes]] = (),
    ) -> NDArray[np.float32]:
        """Plays one block, `[10, frames]`.

        Args:
            moves: numbers of parameters and their values.
            midi: messages that come in, with their frames within the block, in order.
        """
        transport = _transport(beat, bpm, playing, loop)
        events = [*(_param(*move) for move in moves), *(_midi(*message) for message in midi)]
        incoming, outgoing = self._events(events)
        process = abi.Process(
            self.steady,
            frames,
            ctypes.pointer(transport),
            None,
            self._outputs,
            0,
            BUSES,
            ctypes.pointer(incoming),
            ctypes.pointer(outgoing),
        )
        assert self._process(ctypes.addressof(process)) == 1
        self.steady += frames
        return self._buffers[:, :frames].copy()

    def _events(self, events: Sequence[abi.ParamValue | abi.Midi]) -> tuple[abi.InputEvents, abi.OutputEvents]:
        incoming = abi.InputEvents(
            None,
            abi.InputEvents._fields_[1][1](lambda _: len(events)),
            abi.InputEvents._fields_[2][1](lambda _, i: ctypes.addressof(events[i])),
        )
        return incoming, abi.OutputEvents(None, abi.OutputEvents._fields_[1][1](self._hear))

    def _process(self, process: int) -> int:
        return int(self._plugin.process(self.made, process))

    def _hear(self, _: int, event: int) -> bool:
        header = abi.EventHeader.from_address(event)
        if header.type == abi.MIDI:
            self.heard.append((self.steady + header.time, bytes(abi.Midi.from_address(event).data)))
        return True

    def play(
        self,
        beat: float,
        samples: int,
        bpm: float = 128.0,
        frames: int = 512,
        loop: tuple[float, float] | None = None,
        midi: Sequence[tuple[int, bytes]] = (),
    ) -> NDArray[np.float32]:
        """Plays on from a beat, `[10, samples]`; within a loop, if there is one, to the sample.

        Args:
            midi: messages that come in, with their samples from the start, in order.
        """
        played = 0
        parts = []
        a_beat = 60.0 / bpm * self.rate
        while samples > 0:
            count = min(frames, samples)
            if loop is not None:
                count = min(count, max(1, round((loop[1] - beat) * a_beat)))
            due = [(at - played, message) for at, message in midi if played <= at < played + count]
            parts.append(self.block(beat, count, bpm, loop=loop, midi=due))
            samples -= count
            played += count
            beat += count / a_beat
            if loop is not None and (loop[1] - beat) * a_beat < 0.5:
                beat = loop[0]
        return np.concatenate(parts, axis=1)

    def parameters(self) -> list[tuple[int, str, float, float, float]]:
        """Number, name, lowest, highest and default value of each."""
        params = ctypes.cast(self._plugin.get_extension(self.made, b"clap.params"), POINTER(abi.Params)).contents
        found = []
        for number in range(params.count(self.made)):
            info = abi.ParamInfo()
            assert params.info(self.made, number, byref(info))
            found.append((info.id, info.name.decode(), info.low, info.high, info.default))
        return found

    def value(self, number: int) -> float:
        """Where a parameter stands."""
        params = ctypes.cast(self.extension(b"clap.params"), POINTER(abi.Params)).contents
        value = ctypes.c_double()
        assert params.value(self.made, number, byref(value))
        return value.value

    def save(self) -> bytes:
        held = bytearray()

        def write(_: int, data: int, size: int) -> int:
            held.extend(ctypes.string_at(data, size))
            return size

        stream = abi.Stream(None, abi.Stream._fields_[1][1](write))
        assert self._state().save(self.made, byref(stream))
        return bytes(held)

    def load(self, content: bytes) -> None:
        at = 0

        def read(_: int, data: int, size: int) -> int:
            nonlocal at
            part = content[at : at + size]
            ctypes.memmove(data, part, len(part))
            at += len(part)
            return len(part)

        stream = abi.Stream(None, abi.Stream._fields_[1][1](read))
        assert self._state().load(self.made, byref(stream))

    def _state(self) -> abi.State:
        return ctypes.cast(self._plugin.get_extension(self.made, b"clap.state"), POINTER(abi.State)).contents


def _host(extension: Callable[[bytes], int]) -> abi.Host:
    fields = dict(abi.Host._fields_)
    nothing = fields["request_restart"](lambda _: None)
    return abi.Host(
        abi.Version(1, 1, 1),
        None,
        b"test host",
        b"",
        b"",
        b"1",
        fields["get_extension"](lambda _, name: extension(name) or None),
        nothing,
        nothing,
        nothing,
    )


def _transport(beat: float, bpm: float, playing: bool, loop: tuple[float, float] | None) -> abi.Transport:
    flags = abi.HAS_TEMPO | abi.HAS_BEATS | abi.HAS_METRE
    flags |= (abi.IS_PLAYING if playing else 0) | (abi.IS_LOOPING if loop else 0)
    begin, end = loop or (0.0, 0.0)
    return abi.Transport(
        header=abi.EventHeader(ctypes.sizeof(abi.Transport), 0, 0, 9, 0),
        flags=flags,
        beats=round(beat * abi.BEAT),
        tempo=bpm,
        loop_start_beats=round(begin * abi.BEAT),
        loop_end_beats=round(end * abi.BEAT),
        numerator=4,
        denominator=4,
    )


def _param(number: int, value: float) -> abi.ParamValue:
    header = abi.EventHeader(ctypes.sizeof(abi.ParamValue), 0, 0, abi.PARAM_VALUE, 0)
    return abi.ParamValue(header, number, None, -1, -1, -1, -1, value)


def _midi(frame: int, message: bytes) -> abi.Midi:
    header = abi.EventHeader(ctypes.sizeof(abi.Midi), frame, 0, abi.MIDI, 0)
    return abi.Midi(header, 0, (ctypes.c_uint8 * 3)(*message))
