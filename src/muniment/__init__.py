"""Muniment: a digital preservation system."""
