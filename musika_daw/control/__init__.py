"""How the generator is played: OSC, and what finds it on the network."""
