"""The control surface: OSC over UDP, OSCQuery over HTTP and WebSocket, and the thread they live in."""
