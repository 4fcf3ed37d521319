"""What C libraries print is kept off the terminal; what we print is not, whenever it comes."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os, sys, threading, time
from musika_daw.app.quiet_libraries import libraries_silent, own_stderr

def ask(number):
    with libraries_silent():
        os.write(2, b"a library's line\\n")
        print(f"ours {number}", file=sys.stderr)

with own_stderr():
    with libraries_silent():
        threading.Thread(target=print, args=("from another thread",), kwargs={"file": sys.stderr}).start()
        time.sleep(0.05)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    os.write(2, b"a library's error, later\\n")
print("at the end", file=sys.stderr)
"""


def test_libraries_are_silent_and_we_are_not() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    lines = ended.stderr.splitlines()
    assert sorted(lines[1:21]) == sorted(f"ours {number}" for number in range(20))
    assert [lines[0], *lines[21:]] == ["from another thread", "a library's error, later", "at the end"]
