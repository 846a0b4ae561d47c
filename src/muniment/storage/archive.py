"""What a service of the archive works on, handed over as one."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.runtime.clock import Clock
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ports import StorageRoot


@dataclass(frozen=True, slots=True)
class Archive:
    """Where versions lie, where it is told what happens to them, and the time."""

    root: StorageRoot
    ledger: Ledger
    clock: Clock
