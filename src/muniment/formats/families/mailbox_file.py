"""Mailboxes in the mbox format (RFC 4155): the messages are counted, not taken apart."""

from __future__ import annotations

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Muniment mbox reader", "muniment"),)
_SEPARATOR = b"From "


def examine(request: ExaminationRequest) -> Examination:
    """Walk the lines; a separator stands at the start or after an empty line."""
    messages = 0
    after_empty = True
    with request.path.open("rb") as stream:
        for number, line in enumerate(stream):
            if after_empty and line.startswith(_SEPARATOR):
                messages += 1
            elif number == 0:
                return invalid(_TOOLS, {}, "it does not begin with a From line")
            after_empty = line in {b"\n", b"\r\n"}
    return valid(_TOOLS, {"email.messages": messages})
