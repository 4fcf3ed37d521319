"""Hearing: onsets, beats, key and pitch of sounds, with numpy alone; what engine and trainings both listen with.

Audio is `[2, samples]` at 44.1 kHz unless a function says otherwise.
"""
