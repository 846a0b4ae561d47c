"""Letters that stay in memory, and the mailer of an archive that has none."""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.connectors.mail.ports import Letter
from muniment.runtime.errors import Misconfigured


@dataclass
class MemoryMailer:
    """Implements `Mailer` for tests and trials."""

    sent: list[Letter] = field(default_factory=list)
    is_set_up: bool = True

    def send(self, letter: Letter) -> None:
        """Keep the letter."""
        self.sent.append(letter)


class NoMailer:
    """Implements `Mailer` where no server is named."""

    is_set_up = False

    def send(self, letter: Letter) -> None:
        """Refuse: nobody carries it."""
        raise Misconfigured(f"no mail can go to {letter.to}: the setting smtp_host is empty")
