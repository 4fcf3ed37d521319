"""How a DAW on the same computer hears the bus, system by system."""

from __future__ import annotations

from musika_daw.engine.bus.channel_map import routes_in_pairs
from musika_daw.music.notes import STEMS

_PAIRS = ", ".join(f"{r.source} {r.channels[0] + 1}-{r.channels[1] + 1}" for r in routes_in_pairs(STEMS))
_STEPS = {
    "darwin": (
        "brew install --cask blackhole-16ch   (or from existential.audio), then log in again",
        'musika-daw live --bus "BlackHole 16ch"',
        f"in the DAW take BlackHole 16ch as the input device: {_PAIRS}",
    ),
    "win32": (
        "install VB-CABLE from vb-audio.com/Cable, then restart",
        'musika-daw live --bus "CABLE Input, Windows WASAPI"',
        "in the DAW take CABLE Output as the input device: the mix",
    ),
}
_LINUX_STEPS = (
    "JACK: jackd -d alsa &   then   musika-daw live --bus jack   and connect 'Musika DAW:drums_left' and so on to "
    "the DAW's inputs (jack_connect, QjackCtl, or in the DAW itself)",
    "PipeWire: apt-get install pipewire-jack   then   pw-jack musika-daw live --bus jack   and connect in qpwgraph or "
    "the DAW",
    "PipeWire or PulseAudio without JACK: pactl load-module module-null-sink sink_name=musika_daw   then   "
    "PULSE_SINK=musika_daw musika-daw live --bus pulse   and record 'Monitor of musika_daw' in the DAW: the mix",
)


def loopback_steps(platform: str) -> tuple[str, ...]:
    """What to do on a system, as `sys.platform` names it, line by line."""
    return _STEPS.get(platform, _LINUX_STEPS)
