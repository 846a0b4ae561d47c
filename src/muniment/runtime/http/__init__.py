"""Conventions of pages and REST API: who asks, may they, pages of lists, problems (RFC 9457).

The one room of `runtime` that knows the web framework; every package's `api.py` stands on it.
"""
