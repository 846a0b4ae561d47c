"""A real SMTP server for tests: takes letters, or refuses them as servers do."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.web import a_dead_port


@dataclass
class MailServer:
    """What came, and what is answered to a letter (None: it is taken)."""

    port: int
    refusal: str | None = None
    letters: list[Message] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take the letter (aiosmtpd's hook)."""
        if self.refusal:
            return self.refusal
        self.letters.append(message_from_bytes(envelope.original_content or b""))
        return "250 taken"


@contextmanager
def a_mail_server(
    identity: Path | None = None, *, password: str | None = None
) -> Iterator[MailServer]:
    """Serve on a free port; with an identity STARTTLS is demanded, with a password a sign-in."""
    came = MailServer(a_dead_port())  # its library speaks to the port that it was told
    context = None
    if identity is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity)

    def authenticate(*_: object) -> AuthResult:
        said = _[-1]
        is_good = isinstance(said, LoginPassword) and said.password == (password or "").encode()
        return AuthResult(success=is_good, handled=False)

    controller = Controller(
        came,
        hostname="127.0.0.1",
        port=came.port,
        tls_context=context,
        require_starttls=context is not None,
        authenticator=authenticate if password else None,
        auth_required=password is not None,
    )
    controller.start()
    try:
        yield came
    finally:
        controller.stop()
