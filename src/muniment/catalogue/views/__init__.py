"""Pages of objects and their parts."""
