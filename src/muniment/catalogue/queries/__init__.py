"""Reads of the catalogue, already filtered by what the actor may see."""
