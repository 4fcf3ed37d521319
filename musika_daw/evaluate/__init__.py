"""Reports on a model: renders of the engine, measured beside held-out corpus audio."""
