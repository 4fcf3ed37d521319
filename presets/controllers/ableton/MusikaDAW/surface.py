"""The control surface: mirrors Live's transport to Musika DAW, its macros to the controls, and takes into the set."""

import logging

from ableton.v2.control_surface import ControlSurface

from . import settings
from .macros import Macros
from .osc import Port
from .placer import place, place_in_scene
from .take import Take, TakeError

logger = logging.getLogger(__name__)  # Live's own log file
_TICKS_BETWEEN_SUBSCRIPTIONS = 50  # of 100 ms each: a Musika DAW that was started later is found within 5 s


class MusikaDAW(ControlSurface):
    """Everything happens in Live's main thread, on its timer of 100 ms: Live allows no other."""

    def __init__(self, c_instance):
        super().__init__(c_instance)
        self._port = Port(settings.HOST, settings.PORT)
        buttons = {"arrangement": self._to_arrangement, "scene": self._to_scene}
        self._macros = Macros(self.song, self._port, buttons)
        self._last = None  # folder of the last take
        self._ticks = 0
        self._song_listeners = []
        with self.component_guard():
            if settings.MIRROR_TRANSPORT:
                self._listen("is_playing", self._on_playing)
            if settings.MIRROR_TEMPO:
                self._listen("tempo", self._on_tempo)
        self.schedule_message(1, self._tick)
        self.show_message(f"Musika DAW: looking for it on port {settings.PORT}")

    def disconnect(self):
        """Called by Live when the surface is removed or Live ends."""
        for name, listener in self._song_listeners:
            if getattr(self.song, f"{name}_has_listener")(listener):
                getattr(self.song, f"remove_{name}_listener")(listener)
        self._macros.disconnect()
        self._port.send("/musika/unsubscribe")
        self._port.close()
        self._port = None
        super().disconnect()

    def _listen(self, name, listener):
        getattr(self.song, f"add_{name}_listener")(listener)
        self._song_listeners.append((name, listener))

    def _tick(self):
        if self._port is None:
            return
        if self._ticks % _TICKS_BETWEEN_SUBSCRIPTIONS == 0:
            self._port.send("/musika/subscribe")
            self._macros.find()
        self._ticks += 1
        for address, values in self._port.poll():
            self._received(address, values)
        self.schedule_message(1, self._tick)

    def _received(self, address, values):
        if address == "/musika/done" and values:
            self._last = str(values[0])
            if settings.TAKES_GO_TO == "scene":
                self._to_scene()
            elif settings.TAKES_GO_TO == "arrangement":
                self._to_arrangement()
            else:
                self.show_message(f"Musika DAW: {self._last} is finished")
        elif address == "/musika/error" and len(values) == 3:
            self.show_message(f"Musika DAW: {values[2]}")

    def _to_arrangement(self):
        """Places the last take where it sounded."""
        self._place(lambda take: (f"in the arrangement, bar {int(take.first_beat // 4) + 1}", place(self.song, take)))

    def _to_scene(self):
        """Places the last take in a free scene."""

        def in_scene(take):
            number, missing = place_in_scene(self.song, take)
            return f"in scene {number}", missing

        self._place(in_scene)

    def _place(self, step):
        if self._last is None:
            self.show_message("Musika DAW: no take has been finished yet")
            return
        try:
            take = Take(self._last)
            where, missing = step(take)
        except TakeError as error:
            self.show_message(f"Musika DAW: {error}")
            return
        if missing:
            self.show_message(f"Musika DAW: {take.name}, this version of Live could not place {'; '.join(missing)}")
            logger.error("Musika DAW could not place %s", missing)
        else:
            self.show_message(f"Musika DAW: {take.name} is {where}")

    def _on_playing(self):
        if self.song.is_playing:
            self._port.send("/musika/locate", float(self.song.current_song_time))
            self._port.send("/musika/play")
        else:
            self._port.send("/musika/stop")

    def _on_tempo(self):
        self._port.send("/musika/tempo", float(self.song.tempo))
