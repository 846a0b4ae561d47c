"""Python code in processes of its own, with limits: what it breaks is only itself.

Names are loaded late, so that the child, which lives in this package too, starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.runtime.contained.isolation import IsolationLevel, isolation_level
    from muniment.runtime.contained.limits import Limits
    from muniment.runtime.contained.pool import ContainedPool
    from muniment.runtime.contained.process import ContainedProcess, run_contained

__all__ = [
    "ContainedPool",
    "ContainedProcess",
    "IsolationLevel",
    "Limits",
    "isolation_level",
    "run_contained",
]

_HOMES = {
    "ContainedPool": "pool",
    "ContainedProcess": "process",
    "IsolationLevel": "isolation",
    "Limits": "limits",
    "isolation_level": "isolation",
    "run_contained": "process",
}


def __getattr__(name: str) -> object:
    """Import the module of a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
