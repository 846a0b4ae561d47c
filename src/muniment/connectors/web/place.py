"""An address on the web, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from muniment.connectors.web.ports import NotGiven, Refusal
from muniment.information.paths import shown as printable

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
_KEPT = "%/:?[]@!$&'()*+,;="  # and letters, digits, `_.-~`: RFC 3986 §2
_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is. `host` is in lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as the server is asked for them: ASCII without spaces and controls."""

    @classmethod
    def parse(cls, url: str) -> Place:
        """Raises NotGiven for what is no http or https address or names a user."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _malformed(url, "it is no address") from None
        if parts.scheme not in _PORTS:
            raise NotGiven(
                Refusal.SCHEME,
                f"{without_query(url)} is not fetched: only http and https are",
                {"url": without_query(url), "scheme": parts.scheme},
            )
        host = (parts.hostname or "").rstrip(".")
        if "@" in parts.netloc:
            raise _malformed(url, "it names a user")
        if not _HOST.fullmatch(host):
            raise _malformed(url, "it has no host name in ASCII")
        if port == 0:
            raise _malformed(url, "there is no port 0")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        encoded = quote(target, safe=_KEPT, errors="surrogateescape")
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], encoded)

    @property
    def is_usual_port(self) -> bool:
        """Say whether the port is the one that its scheme has anyway."""
        return self.port == _PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Return `host:port`, as a list of hosts writes it."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def host_header(self) -> str:
        """Return the Host of a request (RFC 9110 §7.2)."""
        return _bracketed(self.host) if self.is_usual_port else self.authority

    @property
    def url(self) -> str:
        """Return the address in one piece."""
        return f"{self.scheme}://{self.host_header}{self.target}"

    def joined(self, location: str) -> str:
        """Return where a redirect leads to from here."""
        try:
            return urljoin(self.url, location)
        except ValueError:
            return location  # `parse` says what is wrong with it

    def __str__(self) -> str:
        return without_query(self.url)


def without_query(url: str) -> str:
    """Cut off what may be a secret: a user's password, a query's signature; for messages."""
    shown = re.sub(r"(?<=//)[^/?#]*@", "", re.split(r"[?#]", url, maxsplit=1)[0])
    return printable(shown[:_SHOWN_CHARACTERS])


def _malformed(url: str, reason: str) -> NotGiven:
    shown = without_query(url)
    return NotGiven(
        Refusal.MALFORMED,
        f"{shown} is not fetched: {reason}",
        {"url": shown, "reason": reason},
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
