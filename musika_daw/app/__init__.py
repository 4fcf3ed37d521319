"""The command line: one file per command. Imports at the top of a file stay light, so that `--help` answers at once."""
