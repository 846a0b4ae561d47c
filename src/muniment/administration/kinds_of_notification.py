"""What people can be told of: each package registers its kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """A kind: its name in tables and the API, its title, and its text with named places.

    Title and text are translated when they are shown, in the language of whoever reads.
    """

    name: str
    title: str | _StrPromise
    text: str | _StrPromise

    def render(self, parameters: Mapping[str, str]) -> str:
        """Fill the text; what a parameter lacks is shown as a dash, never an error."""
        return str(self.text) % _Places(parameters)


class _Places(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "-"


_kinds: dict[str, NotificationKind] = {}


def register_kind(kind: NotificationKind) -> None:
    """Let people be told of this; a second call replaces the first."""
    _kinds[kind.name] = kind


def notification_kinds() -> list[NotificationKind]:
    """Return every kind of this process, by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def kind_of_notification(name: str) -> NotificationKind:
    """Return a kind; InvalidArgument for one that nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise InvalidArgument(f"nobody is told of {name[:60]!r}; see the list of kinds") from None
