"""E-mail messages (RFC 5322, MIME): headers, parts, what the parser found wrong."""

from __future__ import annotations

from email import policy
from email.message import Message
from email.parser import BytesParser

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Python email", "muniment"),)
_NEEDED = ("from", "date")


def examine(request: ExaminationRequest) -> Examination:
    """Parse the message; a header that must be there and is not is a doubt."""
    with request.path.open("rb") as stream:
        message = BytesParser(policy=policy.compat32).parse(stream)
    if not message.keys():
        return invalid(_TOOLS, {}, "there are no headers")
    properties = message_properties(message)
    doubts = [f"there is no header {name}" for name in _NEEDED if name not in message]
    defects = {type(each).__name__ for part in message.walk() for each in part.defects}
    return valid(_TOOLS, properties, *doubts, *sorted(defects))


def message_properties(message: Message) -> dict[str, object]:
    """Return the properties of one message; header texts stay in their encoding."""
    parts = list(message.walk())
    return {
        "email.subject": message.get("subject"),
        "email.from": message.get("from"),
        "email.date": message.get("date"),
        "email.message_id": message.get("message-id"),
        "email.parts": len(parts),
        "email.attachments": sum(part.get_filename() is not None for part in parts),
    }
