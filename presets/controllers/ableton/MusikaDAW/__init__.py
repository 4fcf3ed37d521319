"""Musika DAW as a control surface of Ableton Live (12.0.5 or newer, every edition).

Live runs these files in its own Python: the standard library and Live's modules are all there is.
"""


def create_instance(c_instance):
    """Called by Live when the control surface is chosen."""
    from .surface import MusikaDAW

    return MusikaDAW(c_instance)
