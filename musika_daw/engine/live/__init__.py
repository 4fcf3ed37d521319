"""The song as it is played live: renders of it spliced in time, paced by an audio bus."""
