"""What is asked of whoever carries letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from muniment.runtime.errors import Invalid


class LetterRefused(Invalid):
    """The letter will not be taken by trying again: an address or the content is wrong."""

    code = "letter-refused"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text."""

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        """Refuse what would write headers of its own (RFC 5322 §2.2)."""
        for line in (self.to, self.subject):
            if not line.strip() or any(not each.isprintable() for each in line):
                raise LetterRefused("address and subject of a letter are one line of text each")


class Mailer(Protocol):
    """Carries letters.

    `send` returns when the next server has taken the letter. It raises LetterRefused, PartnerDown
    (try later), or Misconfigured when no server is set up, or it does not take our name.
    """

    @property
    def is_set_up(self) -> bool: ...

    def send(self, letter: Letter) -> None: ...
