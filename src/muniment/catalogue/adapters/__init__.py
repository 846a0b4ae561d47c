"""Adapters of the catalogue's ports."""
