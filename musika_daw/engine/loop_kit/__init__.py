"""Loop kits: seamless loops of a song, the drum hits that it plays, and what samplers read them by."""
