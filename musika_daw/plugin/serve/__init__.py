"""The engine's side of the plug-in: a process that serves all instances of one host."""
