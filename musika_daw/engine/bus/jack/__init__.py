"""JACK: named ports for every stem, played from a ring buffer by native code."""
