"""Back-pressure: gates that keep work from starting, for instance while the disk is nearly full."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from muniment.work.kinds import JobKind

Gate = Callable[[], str | None]
"""Returns why nothing may start, None when it may. Must be quick: it is asked before each claim."""

_gates: dict[str, Gate] = {}


def add_gate(name: str, gate: Gate) -> None:
    """Install a gate; a second call with the name replaces it."""
    _gates[name] = gate


def remove_gate(name: str) -> None:
    """Take a gate away."""
    _gates.pop(name, None)


def closed_because() -> str | None:
    """Return the reason of the first gate that is closed."""
    return next((reason for gate in _gates.values() if (reason := gate())), None)


def kinds_that_may_start(kinds: Mapping[str, JobKind]) -> list[str]:
    """Return the names of the kinds that may be claimed now: all while no gate is closed.

    A closed gate stops only the kinds that take space: those that free it must go on.
    """
    takes_space = any(kind.takes_space for kind in kinds.values())
    if takes_space and closed_because() is not None:
        return [name for name, kind in kinds.items() if not kind.takes_space]
    return list(kinds)
