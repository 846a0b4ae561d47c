"""One event as our writer writes it, taken without building a tree; see `file_line`."""

from __future__ import annotations

import re

from muniment.information.premis.line_patterns import A_TEXT, ANY_TEXT, decoded
from muniment.information.premis.model import Event, EventOutcome, Identifier, Link

_NOTE = (
    f"<eventOutcomeDetail><eventOutcomeDetailNote>{A_TEXT}</eventOutcomeDetailNote>"
    "</eventOutcomeDetail>"
)
_OUTCOME = (
    f"<eventOutcomeInformation><eventOutcome>{A_TEXT}</eventOutcome>"
    f"((?:{_NOTE.replace(A_TEXT, ANY_TEXT)})*)</eventOutcomeInformation>"
)
_DETAIL = f"<eventDetailInformation><eventDetail>{A_TEXT}</eventDetail></eventDetailInformation>"


def _link(kind: str) -> str:
    name = f"linking{kind}"
    return (
        f"<{name}Identifier><{name}IdentifierType>{A_TEXT}</{name}IdentifierType>"
        f"<{name}IdentifierValue>{A_TEXT}</{name}IdentifierValue>"
        f"((?:<{name}Role>{ANY_TEXT}</{name}Role>)*)</{name}Identifier>"
    )


def _many(pattern: str) -> str:
    inner = re.sub(r"\((?!\?)", "(?:", pattern)
    return f"((?:{inner})*)"


_AGENT, _OBJECT = _link("Agent"), _link("Object")
_EVENT = re.compile(
    f"<event><eventIdentifier><eventIdentifierType>{A_TEXT}</eventIdentifierType>"
    f"<eventIdentifierValue>{A_TEXT}</eventIdentifierValue></eventIdentifier>"
    f"<eventType>{A_TEXT}</eventType><eventDateTime>{A_TEXT}</eventDateTime>"
    f"{_many(_DETAIL)}{_many(_OUTCOME)}{_many(_AGENT)}{_many(_OBJECT)}</event>\n"
)
_DETAILS, _OUTCOMES, _NOTES = re.compile(_DETAIL), re.compile(_OUTCOME), re.compile(_NOTE)
_AGENTS, _OBJECTS = re.compile(_AGENT), re.compile(_OBJECT)
_ROLES = re.compile(f"<linking(?:Agent|Object)Role>{A_TEXT}<")


def read_event_line(line: bytes) -> Event | None:
    """Return the event of one line; None when the line needs the XML parser."""
    match = _EVENT.fullmatch(decoded(line))
    if match is None:
        return None
    kind, value, event_type, at, details, outcomes, agents, objects = match.groups()
    return Event(
        identifier=Identifier(kind, value),
        event_type=event_type,
        occurred_at=at,
        details=tuple(_DETAILS.findall(details)),
        outcomes=tuple(
            [
                EventOutcome(outcome, tuple(_NOTES.findall(notes)))
                for outcome, notes in _OUTCOMES.findall(outcomes)
            ]
        ),
        agents=_links(_AGENTS, agents),
        objects=_links(_OBJECTS, objects),
    )


def _links(pattern: re.Pattern[str], text: str) -> tuple[Link, ...]:
    return tuple(
        [
            Link(Identifier(kind, value), tuple(_ROLES.findall(roles)))
            for kind, value, roles in pattern.findall(text)
        ]
    )
