"""Text of any kind, source code and JSON: the encoding, the lines, whether it keeps both."""

from __future__ import annotations

from muniment.formats.families.text_reading import TextFacts, read_text
from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Muniment text reader", "muniment"),)


def examine(request: ExaminationRequest) -> Examination:
    """Read the text once."""
    facts = read_text(request.path)
    properties = text_properties(facts)
    if facts.fault:
        return invalid(_TOOLS, properties, facts.fault)
    return valid(_TOOLS, properties, *text_doubts(facts))


def text_properties(facts: TextFacts) -> dict[str, object]:
    """Return the properties of a text."""
    return {
        "text.encoding": facts.encoding,
        "text.encoding_is_a_guess": "yes" if facts.is_guess else None,
        "text.line_ending": facts.line_ending,
        "text.lines": facts.lines,
    }


def text_doubts(facts: TextFacts) -> list[str]:
    """Return what is odd, but readable."""
    return ["there are NUL characters in the text"] if facts.has_nul else []
