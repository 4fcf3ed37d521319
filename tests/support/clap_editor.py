"""The editor of a CLAP plug-in in a window of its own on X11, and pictures of it."""

from __future__ import annotations

import ctypes
import time
from ctypes import CFUNCTYPE, POINTER, Structure, c_bool, c_char, c_char_p, c_int, c_uint, c_uint32, c_ulong, c_void_p
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.clap_host import ClapHost

_PLUGIN = c_void_p
_X11 = b"x11"


class _Window(Structure):
    _fields_ = (("api", c_char_p), ("window", c_ulong))


class _Gui(Structure):
    _fields_ = (
        ("is_api_supported", CFUNCTYPE(c_bool, _PLUGIN, c_char_p, c_bool)),
        ("get_preferred_api", c_void_p),
        ("create", CFUNCTYPE(c_bool, _PLUGIN, c_char_p, c_bool)),
        ("destroy", CFUNCTYPE(None, _PLUGIN)),
        ("set_scale", CFUNCTYPE(c_bool, _PLUGIN, ctypes.c_double)),
        ("get_size", CFUNCTYPE(c_bool, _PLUGIN, POINTER(c_uint32), POINTER(c_uint32))),
        ("can_resize", CFUNCTYPE(c_bool, _PLUGIN)),
        ("get_resize_hints", c_void_p),
        ("adjust_size", c_void_p),
        ("set_size", CFUNCTYPE(c_bool, _PLUGIN, c_uint32, c_uint32)),
        ("set_parent", CFUNCTYPE(c_bool, _PLUGIN, POINTER(_Window))),
        ("set_transient", c_void_p),
        ("suggest_title", c_void_p),
        ("show", CFUNCTYPE(c_bool, _PLUGIN)),
        ("hide", CFUNCTYPE(c_bool, _PLUGIN)),
    )


class _Timer(Structure):
    _fields_ = (("on_timer", CFUNCTYPE(None, _PLUGIN, c_uint32)),)


class _XImage(Structure):
    _fields_ = (
        ("width", c_int),
        ("height", c_int),
        ("xoffset", c_int),
        ("format", c_int),
        ("data", POINTER(c_char)),
        ("orders", c_int * 4),
        ("depth", c_int),
        ("bytes_per_line", c_int),
    )


class Editor:
    """Open as long as it is entered; DISPLAY names the screen."""

    def __init__(self, host: ClapHost, width: int, height: int, scale: float = 1.0) -> None:
        """`width` and `height` of the window; 0: as the plug-in wants them."""
        self._host, self._wanted, self._scale = host, (width, height), scale
        self._x: Any = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = self._x.XCreateSimpleWindow.restype = c_void_p
        self._x.XGetImage.restype = POINTER(_XImage)
        self._x.XDefaultRootWindow.restype = c_ulong

    def __enter__(self) -> Editor:
        self._display = c_void_p(self._x.XOpenDisplay(None))
        assert self._display
        self._gui = ctypes.cast(self._host.extension(b"clap.gui"), POINTER(_Gui)).contents
        self._timer = ctypes.cast(self._host.extension(b"clap.timer-support"), POINTER(_Timer)).contents
        made = self._host.made
        assert self._gui.is_api_supported(made, _X11, False) and self._gui.create(made, _X11, False)
        self._gui.set_scale(made, self._scale)
        width, height = c_uint32(), c_uint32()
        assert self._gui.get_size(made, ctypes.byref(width), ctypes.byref(height))
        self.size = (self._wanted[0] or width.value, self._wanted[1] or height.value)
        root = c_ulong(self._x.XDefaultRootWindow(self._display))
        window = self._x.XCreateSimpleWindow(self._display, root, 0, 0, *map(c_uint, self.size), 0, 0, 0)
        self._x.XMapWindow(self._display, c_ulong(window))
        self._x.XSync(self._display, 0)
        assert self._gui.set_parent(made, ctypes.byref(_Window(_X11, window)))
        if any(self._wanted):
            assert self._gui.can_resize(made) and self._gui.set_size(made, *self.size)
        assert self._gui.show(made)
        self.idle(0.5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gui.hide(self._host.made)
        self._gui.destroy(self._host.made)
        self._x.XCloseDisplay(self._display)

    def idle(self, seconds: float) -> None:
        """Lets the editor see what happens."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for timer in self._host.timers:
                self._timer.on_timer(self._host.made, timer)
            time.sleep(0.02)

    def picture(self) -> NDArray[np.uint8]:
        """What is seen of it, `[height, width, rgb]`."""
        root = c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSync(self._display, 0)
        image = self._x.XGetImage(self._display, root, 0, 0, *map(c_uint, self.size), c_ulong(0xFFFFFFFF), 2).contents
        held = ctypes.string_at(image.data, image.bytes_per_line * image.height)
        rows = np.frombuffer(held, np.uint8).reshape(image.height, image.bytes_per_line)
        return rows[:, : 4 * image.width].reshape(image.height, image.width, 4)[:, :, 2::-1].copy()

    def save(self, path: Path) -> None:
        from PIL import Image

        Image.fromarray(self.picture()).save(path)


class EditorHost(ClapHost):
    """Has timers, as editors want them."""

    def __init__(self, path: Path, rate: float = 44100.0) -> None:
        self.timers: list[int] = []
        super().__init__(path, rate)

    def host_extension(self, name: bytes) -> int:
        if name == b"clap.timer-support":
            self._timers = _TimerSupport(_REGISTER(self._register), _UNREGISTER(self._unregister))
            return ctypes.addressof(self._timers)
        if name == b"clap.gui":
            does = _NOTHING(lambda _: True)
            self._window = _HostGui(does, _RESIZE(lambda _, width, height: True), does, does, does)
            return ctypes.addressof(self._window)
        return 0

    def _register(self, _: int, period: int, number: Any) -> bool:
        self.timers.append(len(self.timers) + 1)
        number[0] = self.timers[-1]
        return True

    def _unregister(self, _: int, number: int) -> bool:
        self.timers = [timer for timer in self.timers if timer != number]
        return True


_REGISTER = CFUNCTYPE(c_bool, c_void_p, c_uint32, POINTER(c_uint32))
_UNREGISTER = CFUNCTYPE(c_bool, c_void_p, c_uint32)


_NOTHING = CFUNCTYPE(c_bool, c_void_p)
_RESIZE = CFUNCTYPE(c_bool, c_void_p, c_uint32, c_uint32)


class _HostGui(Structure):
    _fields_ = (
        ("resize_hints_changed", _NOTHING),
        ("request_resize", _RESIZE),
        ("request_show", _NOTHING),
        ("request_hide", _NOTHING),
        ("closed", _NOTHING),
    )


class _TimerSupport(Structure):
    _fields_ = (("register_timer", _REGISTER), ("unregister_timer", _UNREGISTER))
