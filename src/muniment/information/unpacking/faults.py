"""What readers of archives raise; turned into findings where the archive is known."""

from __future__ import annotations


class BadArchive(Exception):
    """The archive breaks the rules of its format; the argument says how."""


class TruncatedArchive(BadArchive):
    """The archive ends before it says so."""

    def __str__(self) -> str:
        return "it ends too early"
