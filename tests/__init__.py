"""The tests: the tree of `src/muniment/` mirrored, outside judges, and the archive they run on."""
