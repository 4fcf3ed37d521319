"""The book of controls: one row for everything that can be set, and the value of how everything stands.

The ground floor: data and plain values, of the standard library alone. Addresses, options, preset keys, scenes, session
logs, MIDI maps and documentation are views of `book.CONTROLS`: a new control is a row there and the code that sounds
it.
"""
