"""How families say what they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from muniment.formats.types import Examination, ToolUse, Validity
from muniment.runtime.findings import Finding, code_table

_CODES = code_table("muniment.formats")


def tool(name: str, distribution: str) -> ToolUse:
    """Return a Python library as a tool."""
    return ToolUse(name, version(distribution))


def valid(tools: Sequence[ToolUse], properties: Mapping[str, object], *doubts: str) -> Examination:
    """Say that the file keeps the rules; each doubt is a warning."""
    return Examination(
        validity=Validity.VALID,
        findings=tuple(_CODES.finding("format-doubtful", reason=doubt) for doubt in doubts),
        properties=texts(properties),
        tools=tuple(tools),
    )


def invalid(
    tools: Sequence[ToolUse], properties: Mapping[str, object], *reasons: object
) -> Examination:
    """Say that the file breaks the rules, and how."""
    return Examination(
        validity=Validity.INVALID,
        findings=tuple(broken(reason) for reason in reasons),
        properties=texts(properties),
        tools=tuple(tools),
    )


def not_checked(
    tools: Sequence[ToolUse], properties: Mapping[str, object], *findings: Finding
) -> Examination:
    """Say only what was seen: nobody here checks the rules of this format."""
    return Examination(findings=findings, properties=texts(properties), tools=tuple(tools))


def broken(reason: object) -> Finding:
    """Make the finding of a file that breaks the rules; the text is one short line."""
    return _CODES.finding("format-broken", reason=one_line(reason))


def not_examined(reason: object) -> Finding:
    """Make the finding of a check that broke down, which says nothing of the file."""
    return _CODES.finding("format-not-examined", reason=one_line(reason))


def encrypted() -> Finding:
    """Make the finding of content behind a password."""
    return _CODES.finding("format-encrypted")


def hostile(reason: object) -> Finding:
    """Make the finding of a file that attacks its readers."""
    return _CODES.finding("format-hostile", reason=one_line(reason))


def one_line(text: object) -> str:
    """Return a message of a library as one printable line without its full stop."""
    words = " ".join(str(text).split())
    return "".join(c if c.isprintable() else "?" for c in words)[:300].rstrip(".")


def texts(properties: Mapping[str, object]) -> dict[str, str]:
    """Return the properties that are set, as printable text of at most 500 characters."""
    return {
        name: one_line(value)
        for name, value in properties.items()
        if value is not None and str(value) != ""
    }
