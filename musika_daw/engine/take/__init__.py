"""Takes: a folder of stems that sit on the grid, their notes and the log to render them again."""
