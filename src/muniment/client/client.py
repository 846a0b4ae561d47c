"""What a repository developer does with an archive, one method for each operation of the API."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.client.administering import Administering
from muniment.client.asking import Document, Page, Shown
from muniment.client.handing_in import HandingIn
from muniment.client.people import People
from muniment.client.reading import Reading
from muniment.client.running import Running
from muniment.client.transport import Transport

__all__ = ["Client", "Document", "Page", "Shown"]


@dataclass(frozen=True, slots=True)
class Client(Reading, HandingIn, Running, People, Administering):
    """An archive behind its REST API. Methods raise the errors of `muniment.runtime.errors`.

    Lists give a page; `each` goes through all of them. What is changed by `seen` wants the `etag`
    of the document as it was shown.
    """

    @classmethod
    def at(cls, url: str, token: str = "") -> Client:
        """Speak to the site at `url`."""
        return cls(Transport(url, token))

    @classmethod
    def signed_in(cls, url: str, username: str, password: str, *, code: str = "") -> Client:
        """Sign in and speak to the site for the 15 minutes that the token lives."""
        return cls.at(url, str(cls.at(url).sign_in(username, password, code=code)["access"]))
