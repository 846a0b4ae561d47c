"""How ledger and audit trail are laid out: one object a month, one file for each version's day."""

from __future__ import annotations

import re
from collections.abc import Iterable

from muniment.information.identifiers import ObjectId
from muniment.storage.ports import StorageRoot, StoredVersion
from muniment.storage.types import LEDGER_PREFIX

_NAME = re.compile(r"\d{4}-\d\d-\d\d(\.[1-9]\d{0,8})?\.jsonl", re.ASCII)

LEDGER_YEARS = range(1970, 2100)
"""No clock that is right says another year; `Ledger.append` refuses them."""


def month_id(day: str, prefix: str = LEDGER_PREFIX) -> ObjectId:
    """Return the id of the object that holds a day."""
    return ObjectId(prefix + day[:7])


def is_sealed_name(name: str) -> bool:
    """Say whether a file of this name holds a day, or a part of one."""
    return _NAME.fullmatch(name) is not None


def order_of(logical_path: str) -> tuple[str, int]:
    """Sort key of `records/<day>.jsonl` and of `records/<day>.<part>.jsonl`, parts from 2.

    A day has a second part only when the clock went back behind the sealing of the first.
    """
    day, _, part = logical_path.rpartition("/")[2].removesuffix(".jsonl").partition(".")
    return day, int(part or 1)


def path_for(day: str, existing: Iterable[str]) -> str:
    """Return the logical path for a day whose earlier parts may be among `existing`."""
    parts = [order[1] for path in existing if (order := order_of(path))[0] == day]
    return f"records/{day}.{max(parts) + 1}.jsonl" if parts else f"records/{day}.jsonl"


def sealed_files(version: StoredVersion, first: str = "") -> list[str]:
    """Return the logical paths of a ledger object from the day `first` on, in order."""
    paths = (entry.logical_path for entry in version.entries())
    named = (path for path in paths if is_sealed_name(path.removeprefix("records/")))
    return sorted((path for path in named if order_of(path)[0] >= first), key=order_of)


def months_in(root: StorageRoot, first: str = "", prefix: str = LEDGER_PREFIX) -> list[ObjectId]:
    """Return the ledger's objects from the month of the day `first` on, the oldest first.

    Asks for each month that there may be: some milliseconds. Looking for them among all objects of
    the root would take minutes, at the first record of every day.
    """
    months = (f"{year}-{month:02}" for year in LEDGER_YEARS for month in range(1, 13))
    wanted = (month_id(each, prefix) for each in months if each >= first[:7])
    return [each for each in wanted if root.holds(each)]
