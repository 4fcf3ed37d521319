"""From dry stems to what is heard: effects, levels, the bus, takes."""
