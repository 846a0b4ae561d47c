"""The vocabulary of users and tokens."""

from __future__ import annotations

SCOPES = frozenset({"read", "download", "write", "deposit", "pipeline", "jobs", "admin"})
"""What a token may be good for (orchestration spec §1.11, the part that exists so far)."""
