"""The text of the documentation page: what holds for all addresses. The addresses themselves are in the table."""

from __future__ import annotations

from osc_protocol.table import DEFAULT_PORT
from osc_protocol.touchosc import RECEIVE_PORT

GUIDE = f"""# OSC addresses of Musika DAW

UDP port {DEFAULT_PORT} (`--osc-port`), of this machine only (127.0.0.1 and ::1) unless `--osc-host` says otherwise.

```sh
musika-daw send /musika/density 0.8
oscsend localhost {DEFAULT_PORT} /musika/density f 0.8
```

## Setting and asking

A message with arguments sets. A readable address without arguments is a question: the value comes back at the same
address (or as the reply named below). Answers go to the address and port that the question came from.

`f` is taken for `i`, `i` for `f`, `d` and `h` for both, and T, F, 0 and 1 for booleans: Pure Data sends floats only,
TouchOSC 0 and 1, Max mixes whole numbers and floats. Buttons send 1 when pressed and 0 when let go: `/musika/play 0`
and its like do nothing; an impulse (I) is a press. S is taken for s, and one level of arrays is read through. A number
that misses a limit by a rounding (a hundredth of a fader's range) is the limit.

A message that is not possible changes nothing and is answered by `/musika/error` with its address, a code and what to
do. One sender gets at most 20 errors a second, after a burst of 40; the next one says how many were left out.

What takes longer (a render, a take, a preset that is saved, a control that is learnt) is answered by `/musika/told`,
`/musika/done` or `/musika/error` when it has ended: to whoever asked, and to subscribers.

`/musika/sync 7` is answered by `/musika/synced 7` when everything sent before has been applied.

## Several at once

Patterns stand for all addresses they match, within each part: `"/musika/stem/*/mute" 1`,
`"/musika/stem/{{bass,lead}}/gain" -6`, `"/musika/anchor/[a-c]"` (quotes for the shell), `?` for one character, `[!0-9]`
for one that is none of these. A pattern sets all of them or, if one refuses, none. Without arguments it asks, and
presses no buttons.

A **bundle** is atomic: all its messages are applied together, also those of bundles within it, or none. Its questions
are answered with what it has set. A time tag to come waits, at most 60 seconds (the clock of the machine may be set
meanwhile, nothing moves); one that is past is applied at once. A bundle within a bundle waits for its own time tag if
that is a later one.

When faders move faster than every five milliseconds, only the last value of each counts; choices and buttons are never
left out.

Limits: 4096 bytes and 32 arguments for a message, 128 characters for a pattern, bundles eight deep, 4096 messages
waiting for their time.

## Being told

`/musika/subscribe` answers with the values of all controls (a few times a second at most) and then sends every change,
whoever made it, also to the one who made it: controllers stay in step, and what was set shows as it was taken. Of a
control that changed several times within ten milliseconds only the last value is sent. `/musika/beat`, `/musika/meter`
and `/musika/landed` come, too, and `/musika/error` when something fails later. With a port, another program on the
sender's machine is told.

Subscribing again changes nothing, and no renewal is needed. A subscription ends with `/musika/unsubscribe`, or when the
subscriber has been unreachable for five seconds, where the system tells. There is room for 32; then a newcomer takes
the place of the one that has been silent for longest, if that was a minute or more.

## In a browser

http://localhost:{DEFAULT_PORT} is a page with every control on it: it shows where everything stands and follows what
others move. With `--osc-host 0.0.0.0` phones and tablets open it under this machine's number,
e.g. http://192.168.1.5:{DEFAULT_PORT}.

## OSCQuery

The same addresses with types, ranges, units and values as JSON, over HTTP at the TCP port of the same number (another
if it is taken), found by zeroconf as `_oscjson._tcp` and `_osc._udp`:

```sh
curl "http://localhost:{DEFAULT_PORT}/musika/tempo"
curl "http://localhost:{DEFAULT_PORT}/musika/tempo?VALUE"
curl "http://localhost:{DEFAULT_PORT}/?HOST_INFO"
```

Over a WebSocket at the same port, `{{"COMMAND": "LISTEN", "DATA": "/musika/density"}}` sends the value and then every
change as binary OSC packets, `IGNORE` ends that. Packets sent the other way are played. `PATH_CHANGED` says that there
are other addresses, after a change of effects. Web pages of other hosts are refused. Who asks for `text/html` at `/`
gets the page above, programs get JSON.

## From programs

`musika-daw protocol --pd > musika.pd` and `--max > musika.maxpat` print patches with every control on them; the one
for Pure Data also shows what the generator tells. Whoever shows what it is told must not send it back: in Pure Data and
Max, `set $1` moves a slider silently. `--maxforlive > musika.amxd` writes a Max for Live device:
numbers, switches and buttons as parameters of a track, for hands, automation and mappings of Live; texts are not in it.
`--controllers FOLDER` writes all of these files.

`musika-daw protocol --touchosc > musika.tosc` writes a layout for TouchOSC on a tablet: a page for the song and one for
each stem. Its OSC connection needs this machine's address, send port {DEFAULT_PORT} and receive port {RECEIVE_PORT};
start with `--osc-host 0.0.0.0` here. "hear changes" brings the tablet in step. TouchOSC has no keyboard: texts and
numbers without bounds are shown, not moved.

`musika-daw protocol --openstagecontrol > musika.json` prints a session for Open Stage Control, for any browser:
`open-stage-control --send 127.0.0.1:7771 --load musika.json`. It subscribes by itself; "hear changes" on its page
"set-up" does so again after the generator was started anew.

Pure Data: `[oscformat musika density]` → `[list prepend send]` → `[list trim]` → `[netsend -u -b]`, connected with
`connect localhost {DEFAULT_PORT}`; answers come out of the right outlet of `[netsend]`, for `[oscparse]`. Texts need
`list` before them: `[list fathom(`. Max: `[udpsend localhost {DEFAULT_PORT}]`. Python:

```python
from osc_protocol import Client

with Client() as musika:
    musika.set("/musika/density", 0.8)
    print(musika.query("/musika/tempo"))
    musika.subscribe(print)
```

## Addresses
"""
