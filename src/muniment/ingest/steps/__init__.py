"""The steps of the write path, one module each (DESIGN §4)."""
