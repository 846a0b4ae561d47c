"""One implementation of a port of storage each."""
