"""The plug-in: C++ sources around DPF, what they share with the engine described once, and the engine's side of it.

The plug-in is a thin bridge. It hands the host's transport and parameters to a process of ours, its engine, and plays
what that has laid into shared memory, by song position.
"""
