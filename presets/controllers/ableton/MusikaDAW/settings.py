"""What can be changed; Live reads it when the control surface is chosen again."""

HOST, PORT = "127.0.0.1", 7771
"""Where `musika-daw live` listens."""

TAKES_GO_TO = "arrangement"
"""Where a finished take is placed by itself: `arrangement`, at the bar where it sounded, `scene`, the next free one, or
`nowhere`: then a macro called `Arrangement` or `Scene`, turned up, places the last one."""

MIRROR_TRANSPORT = False
"""Whether play and stop of Live play and stop Musika DAW; leave it off where it follows Link or a MIDI clock."""

MIRROR_TEMPO = False
"""Whether Live's tempo becomes Musika DAW's; leave it off where it follows Link or a MIDI clock."""
