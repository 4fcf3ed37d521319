"""The song as it is played live: versions of it spliced in time, paced by an audio bus."""
