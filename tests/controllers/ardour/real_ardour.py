"""Ardour itself on a screen that nobody sees, with no sound card: a session in which a Lua action runs."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

_INSTALLED = sorted(Path("/usr/lib").glob("ardour[0-9]*"))
LIBRARIES = _INSTALLED[-1] if _INSTALLED else None
NEEDED = ("Xvfb", "xdotool")
_TRIES = 4  # Ardour 7's export damages its own memory now and then, and is ended by the system
_PORT = 3819  # of Ardour's OSC surface
_DUMMY = "libdummy_audiobackend.so"


def missing() -> str:
    """What a test would need that is not here; empty if all is."""
    if LIBRARIES is None:
        return "Ardour is not installed (Debian: ardour)"
    return ", ".join(f"{name} is not installed" for name in NEEDED if shutil.which(name) is None)


def export(session: Path, name: str, to: Path, rate: int = 44100) -> None:
    """Ardour's own export of what its master bus plays, as a file of floats."""
    assert LIBRARIES is not None
    command = [f"{LIBRARIES.name}-export", "-b", "float", "-s", str(rate), "-o", str(to), str(session), name]
    environment = _environment(to.parent / "home")
    for _ in range(_TRIES):
        to.unlink(missing_ok=True)
        done = subprocess.run(command, check=False, capture_output=True, timeout=120, env=environment)
        if done.returncode == 0:
            return
    raise AssertionError(f"{command[0]} failed {_TRIES} times: {done.stdout.decode()[-400:]}")


class Ardour:
    """A running Ardour with one session.

    Attributes:
        session: its folder; the session file in it has the same name.
    """

    def __init__(self, session: Path, script: Path, argument: str) -> None:
        """As `ardour_with` says."""
        self.session = session
        self._home = session.parent / "home"
        self._configure(script, argument)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0.5)

    def start(self, display: str) -> subprocess.Popen[bytes]:
        """Starts the program; ends when its session is there and its OSC surface answers."""
        assert LIBRARIES is not None
        (program,) = LIBRARIES.glob("ardour-[0-9]*")
        environment = _environment(self._home) | {"DISPLAY": display, "ARDOUR_DLL_PATH": str(self._home / "dll")}
        command = [str(program), "--no-announcements", "--no-splash", "--disable-plugins", "--new", str(self.session)]
        log = (self._home / "log").open("wb")
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self._home)
        file = self.session / f"{self.session.name}.ardour"

        def begun() -> bool:
            if not file.exists():  # the dialog of the audio system is answered by its default
                subprocess.run(["xdotool", "key", "Return"], env=environment, check=False)
                time.sleep(1.0)
            return file.exists() and bool(self.tracks())

        wait_for(begun, "Ardour's session")
        return process

    def tracks(self) -> list[str]:
        """Names of what Ardour has in its mixer, asked over OSC; empty where nobody answers."""
        self._send("/set_surface/port", 0)  # answers come here, not to port 8000
        self._send("/strip/list")
        names, end = [], time.monotonic() + 2.0
        while time.monotonic() < end:
            try:
                message = OscMessage(self._socket.recv(65_536).replace(b"#", b"/", 1))  # `#reply` is no address
            except (TimeoutError, ConnectionRefusedError):
                break
            if message.params and message.params[0] == "end_route_list":
                return [*names, "end"]
            if len(message.params) > 1 and isinstance(message.params[1], str):
                names.append(message.params[1])
        return names

    def run_script(self) -> None:
        """Calls the Lua action."""
        self._send("/access_action", "LuaAction/script-1")

    def save(self) -> str:
        """Saves the session; returns its file's text."""
        file = self.session / f"{self.session.name}.ardour"
        before = file.stat().st_mtime_ns
        self._send("/save_state")
        wait_for(lambda: file.stat().st_mtime_ns != before, "the saved session")
        return file.read_text(encoding="utf-8")

    def close(self) -> None:
        self._socket.close()

    def _send(self, address: str, *values: str | int) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self._socket.sendto(builder.build().dgram, ("127.0.0.1", _PORT))

    def _configure(self, script: Path, argument: str) -> None:
        """Settings as if it had been started before: no questions, no sound card, OSC on, the action in its place."""
        assert LIBRARIES is not None
        version = LIBRARIES.name.removeprefix("ardour")
        config = self._home / ".config" / LIBRARIES.name
        config.mkdir(parents=True)
        (config / f".a{version}").touch()
        (config / "config").write_text(
            '<Ardour><Config><Option name="hide-dummy-backend" value="0"/></Config><ControlProtocols>'
            '<Protocol name="Open Sound Control (OSC)" active="1"/></ControlProtocols></Ardour>'
        )
        source = script.read_text(encoding="utf-8")
        factory = f"function ardour() end\n{source}\nreturn factory(...)\n"
        action = {"n": "take", "s": source, "f": factory, "c": ""}
        lines = ["scripts = {} scripts[1] = {}", *(f'scripts[1]["{k}"] = {_lua(v)}' for k, v in action.items())]
        lines.append(f'scripts[1]["a"] = {{}} scripts[1]["a"]["take"] = {_lua(argument)}')
        packed = base64.b64encode(" ".join(lines).encode()).decode()
        (config / "ui_scripts").write_text(
            f'<UIScripts><ActionScript lua="Lua 5.3">{packed}</ActionScript><ActionHooks/></UIScripts>'
        )
        backends = self._home / "dll" / "backends"
        backends.mkdir(parents=True)
        for library in LIBRARIES.iterdir():
            if library.name != "backends":
                (self._home / "dll" / library.name).symlink_to(library)
        shutil.copyfile(LIBRARIES / "backends" / _DUMMY, backends / _DUMMY)


@contextmanager
def ardour_with(session: Path, script: Path, argument: str) -> Iterator[Ardour]:
    """An Ardour with a new session that has a master bus and nothing else.

    Args:
        session: its folder; settings go into one beside it.
        script: the Lua action.
        argument: its parameter `take`.
    """
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    ardour, program = Ardour(session, script, argument), None
    try:
        with os.fdopen(read) as answer:
            display = f":{answer.readline().strip()}"
        program = ardour.start(display)
        yield ardour
    finally:
        ardour.close()
        for process in filter(None, (program, screen)):
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Waits until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.2)


def _environment(home: Path) -> dict[str, str]:
    assert LIBRARIES is not None
    home.mkdir(exist_ok=True)
    return os.environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "LD_LIBRARY_PATH": str(LIBRARIES),
        "ARDOUR_DATA_PATH": f"/usr/share/{LIBRARIES.name}",
        "ARDOUR_CONFIG_PATH": f"/etc/{LIBRARIES.name}",
        "ARDOUR_DLL_PATH": str(LIBRARIES),
    }


def _lua(text: str) -> str:
    """As Lua's own `%q` writes it."""
    return '"' + re.sub(r'(["\\\n])', r"\\\1", text) + '"'
