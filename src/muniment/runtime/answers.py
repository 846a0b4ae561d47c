"""The port of what keeps answers, so that a request that is sent again is not done again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given the first time."""

    status: int
    body: object
    headers: Mapping[str, str]


class Attempt(Protocol):
    """A request that is being done: `known` is its answer when it was done before."""

    @property
    def known(self) -> KeptAnswer | None: ...

    def finished(self, answer: KeptAnswer) -> None:
        """Keep the answer in the same transaction as what was done."""
        ...


class Answers(Protocol):
    """Keeps answers for a day, over processes and crashes.

    `attempt` raises Conflict while the same request is under way, InvalidArgument when the key
    was used for another one. The block is one transaction; without `finished` it is undone, and
    the key is free again.
    """

    def attempt(
        self, user: str, key: str, fingerprint: bytes
    ) -> AbstractContextManager[Attempt]: ...
