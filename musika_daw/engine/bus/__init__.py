"""Where the live process plays into: audio devices, a file, or nothing at the right pace."""
