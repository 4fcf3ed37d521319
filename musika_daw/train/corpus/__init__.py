"""Our own techno, composed and synthesised: exact notes, exact labels, no licence but ours."""
