"""The OSC protocol of Musika DAW: its address table, values, descriptions and a client. No torch, no audio.

from osc_protocol import Client

with Client() as musika:
    musika.set("/musika/density", 0.8)
    print(musika.query("/musika/tempo"))
"""

from osc_protocol.client import Client
from osc_protocol.table import DEFAULT_PORT, TABLE, Access, Argument, Row
from osc_protocol.types import Match, ProtocolError, Value, convert_arguments, find

__all__ = [
    "DEFAULT_PORT",
    "TABLE",
    "Access",
    "Argument",
    "Client",
    "Match",
    "ProtocolError",
    "Row",
    "Value",
    "convert_arguments",
    "find",
]
