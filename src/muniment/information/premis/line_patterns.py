"""What may stand in a line that is taken without building a tree."""

from __future__ import annotations

# No mark-up, no reference, nothing that XML 1.0 forbids.
A_TEXT = "([^<&\x00-\x1f\ufffe\uffff]*)"
ANY_TEXT = "(?:[^<&\x00-\x1f\ufffe\uffff]*)"
AN_ATTRIBUTE = '([^<&"\x00-\x1f\ufffe\uffff]*)'


def decoded(line: bytes) -> str:
    """Return the text of a line; "", which no pattern takes, when it is not UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""
