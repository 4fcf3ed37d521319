"""The judge of sound: how near renders, or any folder, come to records, beside how near records come to each other."""
