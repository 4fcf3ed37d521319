"""What `--bus` may say."""

import pytest

from musika_daw.engine.bus.channel_map import MapRequest, Route
from musika_daw.engine.bus.spec import DEFAULT_LATENCY_SECONDS, BusSpec, parse_bus
from musika_daw.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", BusSpec("null")),
        ("jack,latency=30", BusSpec("jack", latency_seconds=0.03)),
        ("file:a, b.wav,map=stems", BusSpec("file", "a, b.wav", MapRequest("stems"))),
        ("default", BusSpec("device", "default")),
        (
            "HDA Intel: ALC (hw:0,0), ALSA,map=mix",
            BusSpec("device", "HDA Intel: ALC (hw:0,0), ALSA", MapRequest("mix")),
        ),
        (
            "BlackHole 16ch, latency=20, map=drums:1-2,bass:3-4,mix:9",
            BusSpec(
                "device",
                "BlackHole 16ch",
                MapRequest("channels", (Route("drums", (0, 1)), Route("bass", (2, 3)), Route("mix", (8,)))),
                0.02,
            ),
        ),
    ],
)
def test_texts(text: str, expected: BusSpec) -> None:
    assert parse_bus(text) == expected


def test_the_default_latency_stays_below_60_ms() -> None:
    assert parse_bus("null").latency_seconds == DEFAULT_LATENCY_SECONDS < 0.06


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "names no device: expected null, file:PATH.wav, jack"),
        (",map=mix", "names no device"),
        ("file:", "names no file: expected file:PATH.wav"),
        ("null,latency=0", "latency '0' is not possible: expected 5 to 1000 milliseconds"),
        ("null,latency=nan", "latency 'nan' is not possible"),
        ("null,map=left", "channel map 'left' is not possible: expected stems, mix, or channels such as"),
        ("jack,map=drums:0-1", "channels are 1 to 256"),
        ("jack,map=drums:1-2,bass:2-3", "uses a channel twice"),
    ],
)
def test_refusals(text: str, expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        parse_bus(text)
