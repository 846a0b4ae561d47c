"""Reads an inventory as a stream into its database, telling every fault of its structure.

One parser serves both the strict reader, which stops at the first fault, and the validator, which
collects them all. Faults are codes of the OCFL tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.events import (
    BeyondLimits,
    Events,
    keys,
    plain_value,
    read_members,
    skip_value,
)


class Report(Protocol):
    """Takes one fault: a code of the tables, where in the document, and what is wrong."""

    def __call__(self, code: str, pointer: str, detail: str = "") -> None: ...


@dataclass(slots=True)
class RawVersion:
    """A version block as it stands: its plain members, and whether its state could be read."""

    name: str
    ordinal: int
    members: dict[str, object] = field(default_factory=dict)
    user: Mapping[str, object] | None = None
    has_state: bool = False
    is_state_readable: bool = False
    is_object: bool = True


@dataclass(slots=True)
class RawInventory:
    """What stands outside the blocks: plain members, version blocks in document order."""

    members: dict[str, object] = field(default_factory=dict)
    versions: list[RawVersion] = field(default_factory=list)
    blocks: set[str] = field(default_factory=set)
    """Which of manifest, versions and fixity are there and are JSON objects."""
    seen: set[str] = field(default_factory=set)
    """Which of the specified keys are there."""
    is_object: bool = False


_PLAIN = frozenset({"id", "type", "digestAlgorithm", "head", "contentDirectory"})
_KNOWN = _PLAIN | {"manifest", "versions", "fixity"}
_VERSION_PLAIN = frozenset({"created", "message"})
Fold = Callable[[str], str]
_Row = tuple[int, str, str]

MOST_VERSIONS = 100_000
"""Versions are held in memory, files are not."""


class InventoryParser:
    """One pass over the events of one inventory; rows go into the database as they come."""

    def __init__(self, database: InventoryDatabase, report: Report, fold: Fold = str) -> None:
        """`fold` is applied to each digest: `str.lower` makes them comparable."""
        self._database = database
        self._report = report
        self._fold = fold
        self.raw = RawInventory()

    def parse(self, events: Events) -> RawInventory:
        """Read the whole document. What `MALFORMED` names goes through to the caller."""
        event, _ = next(events, ("null", None))
        if event != "start_map":
            skip_value(events, event)
            self._report("E033", "", "the inventory is not a JSON object")
            return self.raw
        self.raw.is_object = True
        for key in keys(events):
            self._member(events, key, self.raw.seen)
        next(events, None)  # reads on: bytes after the document make it malformed
        return self.raw

    def _member(self, events: Events, key: str, seen: set[str]) -> None:
        event, value = next(events)
        if key in seen:
            self._report("E033", f"/{key}", "the key is repeated")
            skip_value(events, event)
            return
        if key not in _KNOWN:
            self._report("E102", f"/{key}", key)
            skip_value(events, event)
            return
        seen.add(key)
        if key in _PLAIN:
            self.raw.members[key] = plain_value(events, event, value)
        elif key == "manifest":
            self._manifest(events, event)
        elif key == "versions":
            self._versions(events, event)
        else:
            self._fixity(events, event)

    def _manifest(self, events: Events, event: str) -> None:
        if event != "start_map":
            self._report("E106", "/manifest")
            skip_value(events, event)
            return
        self.raw.blocks.add("manifest")
        rows = self._listed(events, "/manifest", "E092")
        self._insert(self._database.manifest, "?, ?, ?", rows)

    def _fixity(self, events: Events, event: str) -> None:
        if event != "start_map":
            self._report("E111", "/fixity")
            skip_value(events, event)
            return
        self.raw.blocks.add("fixity")
        for algorithm in keys(events):
            self._fixity_block(events, algorithm)

    def _fixity_block(self, events: Events, algorithm: str) -> None:
        event, _ = next(events)
        pointer = f"/fixity/{algorithm}"
        if event != "start_map":
            self._report("E057", pointer, "not a JSON object")
            skip_value(events, event)
            return
        # A row without path stands for the block itself, which may be empty.
        self._insert(self._database.fixity, "?, 0, NULL, NULL", [(algorithm,)])
        rows = ((algorithm, *row) for row in self._listed(events, pointer, "E057"))
        self._insert(self._database.fixity, "?, ?, ?, ?", rows)

    def _versions(self, events: Events, event: str) -> None:
        if event != "start_map":
            self._report("E045", "/versions")
            skip_value(events, event)
            return
        self.raw.blocks.add("versions")
        seen: set[str] = set()
        for name in keys(events):
            self._version(events, name, seen)

    def _version(self, events: Events, name: str, seen: set[str]) -> None:
        pointer = f"/versions/{name}"
        event, _ = next(events)
        if name in seen:
            self._report("E033", pointer, "the key is repeated")
            skip_value(events, event)
            return
        seen.add(name)
        if len(seen) > MOST_VERSIONS:
            raise BeyondLimits(f"it has more than {MOST_VERSIONS} versions")
        version = RawVersion(name, len(self.raw.versions) + 1, is_object=event == "start_map")
        self.raw.versions.append(version)
        if not version.is_object:
            self._report("E047", pointer)
            skip_value(events, event)
            return
        for key in keys(events):
            self._version_member(events, version, key)

    def _version_member(self, events: Events, version: RawVersion, key: str) -> None:
        pointer = f"/versions/{version.name}/{key}"
        event, value = next(events)
        if key in version.members or (key == "state" and version.has_state):
            self._report("E033", pointer, "the key is repeated")
            skip_value(events, event)
        elif key in _VERSION_PLAIN:
            version.members[key] = plain_value(events, event, value)
        elif key == "user":
            version.user = read_members(events, event)
            version.members[key] = version.user
        elif key == "state":
            self._state(events, version, event)
        else:
            self._report("E102", pointer, key)
            skip_value(events, event)

    def _state(self, events: Events, version: RawVersion, event: str) -> None:
        version.has_state = True
        pointer = f"/versions/{version.name}/state"
        if event != "start_map":
            self._report("E050", pointer, "not a JSON object")
            skip_value(events, event)
            return
        version.is_state_readable = True
        ordinal = version.ordinal
        rows = ((ordinal, *row) for row in self._listed(events, pointer, "E050"))
        self._insert(self._database.state, "?, ?, ?, ?", rows)

    def _insert(self, table: str, places: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # ours

    def _listed(self, events: Events, pointer: str, code: str) -> Iterator[_Row]:
        """Iterate over (key number, digest, path) of an object digest -> [path, …]."""
        fold = self._fold
        number = 0
        for event, key in events:
            if event == "end_map":
                return
            number += 1
            digest = fold(key)  # type: ignore[arg-type]  # the value of a map_key is a str
            start, _ = next(events)
            if start != "start_array":
                self._report(code, f"{pointer}/{key}", "not an array of paths")
                skip_value(events, start)
                continue
            item, path = next(events)
            while item != "end_array":
                if item == "string":
                    yield number, digest, path  # type: ignore[misc]  # and of string, too
                else:
                    self._report(code, f"{pointer}/{key}", "a path is not a string")
                    skip_value(events, item)
                item, path = next(events)
