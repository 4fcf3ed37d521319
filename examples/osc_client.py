"""Plays a live process over OSC: builds up for eight bars, drops, and prints the bars as they go by.

    .venv/bin/musika-daw live --bus default &
    .venv/bin/python examples/osc_client.py

Any other language does the same with plain OSC packets; `musika-daw protocol --markdown` lists the addresses.
"""

from __future__ import annotations

import argparse
import threading

from osc_protocol import Client
from osc_protocol.table import DEFAULT_PORT
from osc_protocol.types import Value


def build_up(client: Client, bars: int) -> None:
    """Goes from sparse and dull to full and bright, a step a bar, and leaves as the song was."""
    bar = threading.Semaphore(0)

    def hear(address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/beat" and float(values[0]) % 4 == 0:
            print(f"bar {float(values[0]) / 4 + 1:.0f}", flush=True)
            bar.release()

    density, brightness = client.query("/musika/density"), client.query("/musika/brightness")
    client.subscribe(hear)
    client.set("/musika/quantize", "bar")
    client.set("/musika/play")
    for step in range(bars + 1):
        share = step / bars
        # Both land on the same bar line, because they are sent together.
        client.set_together([("/musika/density", (0.2 + 0.7 * share,)), ("/musika/brightness", (0.3 + 0.5 * share,))])
        if not bar.acquire(timeout=30):
            raise SystemExit("no bar came for 30 seconds: is another clock leading?")
    client.set_together([("/musika/density", density), ("/musika/brightness", brightness)])
    client.set("/musika/stop")
    client.sync()


def main() -> None:
    """Reads the options and plays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--bars", type=int, default=8)
    options = parser.parse_args()
    with Client(port=options.port) as client:
        build_up(client, options.bars)


if __name__ == "__main__":
    main()
