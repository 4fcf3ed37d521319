"""The window: a client of the generator process over OSC, in a process of its own.

It knows the engine only by its address: it may be closed or die without the music stopping, and show another computer's
engine. What it shows comes from the book of controls and from what the engine tells its subscribers.
"""
