"""Letters by SMTP (RFC 5321), encrypted unless the server is on this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muniment.connectors.mail.ports import Letter, LetterRefused
from muniment.runtime.errors import Misconfigured, PartnerDown

if TYPE_CHECKING:
    from email.message import EmailMessage
    from smtplib import SMTP

_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where the server is and how one signs in there; `security`: starttls, tls or none."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""


class SmtpMailer:
    """Implements `Mailer`; opens a connection for each letter."""

    is_set_up = True

    def __init__(
        self, server: SmtpServer, sender: str, *, trust: ssl.SSLContext | None = None
    ) -> None:
        """`trust`: whose certificates count; without it those that the machine trusts."""
        self._server = server
        self._sender = sender
        self._trust = trust

    def send(self, letter: Letter) -> None:
        """See `Mailer`."""
        import smtplib

        message = _message(letter, self._sender)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPAuthenticationError as exc:
            raise Misconfigured(f"{self._server.host} does not take our name: {exc}") from exc
        except smtplib.SMTPNotSupportedError as exc:
            raise Misconfigured(
                f"{self._server.host} lacks what the settings ask for: {exc}"
            ) from exc
        except smtplib.SMTPRecipientsRefused as exc:
            raise _for_code(min(code for code, _ in exc.recipients.values()), letter) from exc
        except smtplib.SMTPResponseException as exc:
            raise _for_code(exc.smtp_code, letter) from exc
        except (smtplib.SMTPException, OSError) as exc:
            raise PartnerDown(f"mail could not be given to {self._server.host}: {exc}") from exc

    @contextmanager
    def _connected(self) -> Iterator[SMTP]:
        import smtplib

        at, trust = self._server, self._trust or ssl.create_default_context()
        if at.security == "tls":
            made: SMTP = smtplib.SMTP_SSL(at.host, at.port, timeout=_PATIENCE_S, context=trust)
        else:
            made = smtplib.SMTP(at.host, at.port, timeout=_PATIENCE_S)
        with made as server:
            if at.security == "starttls":
                server.starttls(context=trust)
            if at.user:
                server.login(at.user, at.password)
            yield server


def _for_code(code: int, letter: Letter) -> LetterRefused | PartnerDown:
    """Tell "never" (5yz) from "later" (4yz, RFC 5321 §4.2.1)."""
    if code >= 500:
        return LetterRefused(f"the mail server refuses a letter to {letter.to} ({code})")
    return PartnerDown(f"the mail server takes no letter to {letter.to} now ({code})")


def _message(letter: Letter, sender: str) -> EmailMessage:
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes, please
    message.set_content(letter.text)
    return message
