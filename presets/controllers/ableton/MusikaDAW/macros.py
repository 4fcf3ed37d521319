"""The macros of a rack on a track called Musika move controls by their names."""

_TRACK = "musika"


class Macros:
    """Follows the first rack of the track: a macro that is named `Density` moves `/musika/density`.

    A macro with the name of a button presses it when it is turned up over its middle.
    """

    def __init__(self, song, port, buttons=()):
        """`buttons`: name in small letters -> what it does."""
        self._song, self._port = song, port
        self._buttons, self._pressed = dict(buttons), set()
        self._rack = None
        self._listeners = []

    def find(self):
        """Looks for the rack; called now and then, as tracks and devices come and go."""
        rack = next(
            (
                device
                for track in self._song.tracks
                if track.name.strip().lower() == _TRACK
                for device in track.devices
                if device.can_have_chains
            ),
            None,
        )
        if rack is not self._rack:
            self.disconnect()
            self._rack = rack
            for parameter in list(rack.parameters)[1:] if rack is not None else []:  # the first is the rack's switch
                self._follow(parameter)

    def disconnect(self):
        """Follows nothing any more."""
        for parameter, listener in self._listeners:
            try:
                if parameter.value_has_listener(listener):
                    parameter.remove_value_listener(listener)
            except RuntimeError:
                pass  # the device is gone, and its listeners with it
        self._listeners = []

    def _follow(self, parameter):
        def listener():
            self._send(parameter)

        parameter.add_value_listener(listener)
        self._listeners.append((parameter, listener))

    def _send(self, parameter):
        share = (parameter.value - parameter.min) / max(parameter.max - parameter.min, 1e-9)
        words = parameter.name.strip().lower().replace("_", " ").split()
        if words in (["morph", "x"], ["morph", "y"]):
            self._port.send("/musika/morph", *self._morph())
        elif " ".join(words) in self._buttons:
            self._press(" ".join(words), share >= 0.5)
        elif words and words[0] != "macro":
            *stem, control = words
            prefix = f"stem/{stem[0]}/" if stem else ""
            self._port.send(f"/musika/{prefix}{control}", float(share))

    def _press(self, name, down):
        if down and name not in self._pressed:
            self._pressed.add(name)
            self._buttons[name]()
        elif not down:
            self._pressed.discard(name)

    def _morph(self):
        """Both places of the morph pad; a macro that is not there stands at 0."""
        places = {"morph x": 0.0, "morph y": 0.0}
        for parameter in self._rack.parameters:
            name = parameter.name.strip().lower()
            if name in places:
                places[name] = (parameter.value - parameter.min) / max(parameter.max - parameter.min, 1e-9)
        return places["morph x"], places["morph y"]
