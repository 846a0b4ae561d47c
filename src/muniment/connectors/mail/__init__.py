"""Letters to people, by SMTP (orchestration spec §4.9)."""

from __future__ import annotations

from muniment.connectors.mail.ports import Letter, LetterRefused, Mailer

__all__ = ["Letter", "LetterRefused", "Mailer"]
