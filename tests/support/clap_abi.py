"""The structures of CLAP 1.1 that a host needs, by ctypes: github.com/free-audio/clap."""

from __future__ import annotations

import ctypes
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_bool,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int16,
    c_int32,
    c_int64,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)

BEAT = 1 << 31
HAS_TEMPO, HAS_BEATS, HAS_METRE, IS_PLAYING, IS_LOOPING = 1, 2, 8, 16, 64
PARAM_VALUE, MIDI = 5, 10


class Version(Structure):
    _fields_ = (("major", c_uint32), ("minor", c_uint32), ("revision", c_uint32))


class Entry(Structure):
    _fields_ = (
        ("version", Version),
        ("init", CFUNCTYPE(c_bool, c_char_p)),
        ("deinit", CFUNCTYPE(None)),
        ("get_factory", CFUNCTYPE(c_void_p, c_char_p)),
    )


class Host(Structure):
    _fields_ = (
        ("version", Version),
        ("data", c_void_p),
        ("name", c_char_p),
        ("vendor", c_char_p),
        ("url", c_char_p),
        ("program_version", c_char_p),
        ("get_extension", CFUNCTYPE(c_void_p, c_void_p, c_char_p)),
        ("request_restart", CFUNCTYPE(None, c_void_p)),
        ("request_process", CFUNCTYPE(None, c_void_p)),
        ("request_callback", CFUNCTYPE(None, c_void_p)),
    )


class Descriptor(Structure):
    _fields_ = (("version", Version), ("id", c_char_p), ("name", c_char_p))


class Factory(Structure):
    _fields_ = (
        ("count", CFUNCTYPE(c_uint32, c_void_p)),
        ("descriptor", CFUNCTYPE(POINTER(Descriptor), c_void_p, c_uint32)),
        ("create", CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_char_p)),
    )


class Plugin(Structure):
    _fields_ = (
        ("descriptor", c_void_p),
        ("data", c_void_p),
        ("init", CFUNCTYPE(c_bool, c_void_p)),
        ("destroy", CFUNCTYPE(None, c_void_p)),
        ("activate", CFUNCTYPE(c_bool, c_void_p, c_double, c_uint32, c_uint32)),
        ("deactivate", CFUNCTYPE(None, c_void_p)),
        ("start_processing", CFUNCTYPE(c_bool, c_void_p)),
        ("stop_processing", CFUNCTYPE(None, c_void_p)),
        ("reset", CFUNCTYPE(None, c_void_p)),
        ("process", CFUNCTYPE(c_int32, c_void_p, c_void_p)),
        ("get_extension", CFUNCTYPE(c_void_p, c_void_p, c_char_p)),
        ("on_main_thread", CFUNCTYPE(None, c_void_p)),
    )


class EventHeader(Structure):
    _fields_ = (
        ("size", c_uint32),
        ("time", c_uint32),
        ("space", c_uint16),
        ("type", c_uint16),
        ("flags", c_uint32),
    )


class ParamValue(Structure):
    _fields_ = (
        ("header", EventHeader),
        ("param", c_uint32),
        ("cookie", c_void_p),
        ("note", c_int32),
        ("port", c_int16),
        ("channel", c_int16),
        ("key", c_int16),
        ("value", c_double),
    )


class Midi(Structure):
    _fields_ = (("header", EventHeader), ("port", c_uint16), ("data", ctypes.c_uint8 * 3))


class Transport(Structure):
    _fields_ = (
        ("header", EventHeader),
        ("flags", c_uint32),
        ("beats", c_int64),
        ("seconds", c_int64),
        ("tempo", c_double),
        ("tempo_step", c_double),
        ("loop_start_beats", c_int64),
        ("loop_end_beats", c_int64),
        ("loop_start_seconds", c_int64),
        ("loop_end_seconds", c_int64),
        ("bar_start", c_int64),
        ("bar_number", c_int32),
        ("numerator", c_uint16),
        ("denominator", c_uint16),
    )


class InputEvents(Structure):
    _fields_ = (
        ("context", c_void_p),
        ("size", CFUNCTYPE(c_uint32, c_void_p)),
        ("get", CFUNCTYPE(c_void_p, c_void_p, c_uint32)),
    )


class OutputEvents(Structure):
    _fields_ = (("context", c_void_p), ("try_push", CFUNCTYPE(c_bool, c_void_p, c_void_p)))


class AudioBuffer(Structure):
    _fields_ = (
        ("data32", POINTER(POINTER(c_float))),
        ("data64", c_void_p),
        ("channels", c_uint32),
        ("latency", c_uint32),
        ("constant", c_uint64),
    )


class Process(Structure):
    _fields_ = (
        ("steady", c_int64),
        ("frames", c_uint32),
        ("transport", POINTER(Transport)),
        ("inputs", POINTER(AudioBuffer)),
        ("outputs", POINTER(AudioBuffer)),
        ("input_count", c_uint32),
        ("output_count", c_uint32),
        ("in_events", POINTER(InputEvents)),
        ("out_events", POINTER(OutputEvents)),
    )


class ParamInfo(Structure):
    _fields_ = (
        ("id", c_uint32),
        ("flags", c_uint32),
        ("cookie", c_void_p),
        ("name", c_char * 256),
        ("module", c_char * 1024),
        ("low", c_double),
        ("high", c_double),
        ("default", c_double),
    )


class Params(Structure):
    _fields_ = (
        ("count", CFUNCTYPE(c_uint32, c_void_p)),
        ("info", CFUNCTYPE(c_bool, c_void_p, c_uint32, POINTER(ParamInfo))),
        ("value", CFUNCTYPE(c_bool, c_void_p, c_uint32, POINTER(c_double))),
        ("value_to_text", CFUNCTYPE(c_bool, c_void_p, c_uint32, c_double, c_char_p, c_uint32)),
    )


class Stream(Structure):
    _fields_ = (("context", c_void_p), ("transfer", CFUNCTYPE(c_int64, c_void_p, c_void_p, c_uint64)))


class State(Structure):
    _fields_ = (
        ("save", CFUNCTYPE(c_bool, c_void_p, POINTER(Stream))),
        ("load", CFUNCTYPE(c_bool, c_void_p, POINTER(Stream))),
    )


class Render(Structure):
    _fields_ = (
        ("needs_real_time", CFUNCTYPE(c_bool, c_void_p)),
        ("set", CFUNCTYPE(c_bool, c_void_p, c_int32)),
    )
