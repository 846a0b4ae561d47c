"""Whom we ask at all: the administrator's list of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import NotGiven, Refusal
from muniment.runtime.errors import InvalidArgument

_ENTRY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?")


class AllowedHosts:
    """Entries are `host`: its usual ports, public addresses only; or `host:port`: any address.

    An entry with a port is how an administrator opens a server of the own network, exactly that
    one. There are no patterns: a name under which others may make names is no host.
    """

    def __init__(self, entries: Iterable[str] = (), *, setting: str = "fetch_hosts") -> None:
        """Raises InvalidArgument for an entry that is neither; `setting` is where they stand."""
        self.setting = setting
        self._entries = frozenset(_entry(each, setting) for each in entries)

    def allows_any_address(self, place: Place) -> bool:
        """Say whether host and port are listed exactly; raises NotGiven when neither is listed."""
        if place.authority in self._entries:
            return True
        if place.is_usual_port and _host_of(place) in self._entries:
            return False
        entry = _host_of(place) if place.is_usual_port else place.authority
        raise NotGiven(
            Refusal.HOST,
            f"{place} is not fetched: {entry} is not listed in the setting {self.setting}",
            {"url": str(place), "entry": entry},
        )


class AnyPublicHost(AllowedHosts):
    """Every host at its public addresses; `host:port` entries open others, exactly those."""

    def allows_any_address(self, place: Place) -> bool:
        """Say whether host and port are listed exactly."""
        return place.authority in self._entries


def _host_of(place: Place) -> str:
    return f"[{place.host}]" if ":" in place.host else place.host


def _entry(text: str, setting: str) -> str:
    match = _ENTRY.fullmatch(text.lower())
    if match is None or not 0 < int(match[2] or 1) < 65536:
        raise InvalidArgument(
            f"{text!r} is no entry of the setting {setting}; write example.org or "
            "example.org:8443, without scheme, path and pattern"
        )
    return f"{match[1]}:{int(match[2])}" if match[2] else match[1]
