"""Who holds a UDP port: on Linux the process table tells, elsewhere nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def port_holder(port: int, proc: Path = Path("/proc")) -> str | None:
    """`musika-daw (process 1234)`; None if it cannot be told: another system, or another user's process."""
    try:
        inodes = {inode for name in ("udp", "udp6") for inode in _inodes(proc / "net" / name, port)}
        links = {f"socket:[{inode}]" for inode in inodes}
        for process in proc.iterdir():
            if process.name.isdigit() and _holds(process, links):
                return f"{_name(process)} (process {process.name})"
    except OSError:
        return None
    return None


def _inodes(table: Path, port: int) -> Iterator[str]:
    if not table.exists():
        return
    for line in table.read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rsplit(":", 1)[1], 16) == port:
            yield fields[9]


def _holds(process: Path, links: set[str]) -> bool:
    try:
        return any(str(entry.readlink()) in links for entry in (process / "fd").iterdir())
    except OSError:
        return False  # it ended meanwhile, or is not ours to look into


def _name(process: Path) -> str:
    """The program as it was started, for scripts the script's name."""
    arguments = (process / "cmdline").read_text().split("\0")
    names = [Path(argument).name for argument in arguments[:2] if argument and not argument.startswith("-")]
    if len(names) == 2 and names[0].startswith("python"):
        return names[1]
    return names[0] if names else (process / "comm").read_text().strip()
