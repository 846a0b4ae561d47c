"""The adapters of this process, by port: `site/bootstrap.py` fills it, edges and jobs read it."""

from __future__ import annotations

from typing import TypeVar, cast

Port = TypeVar("Port")

_adapters: dict[type, object] = {}


def provide(port: type[Port], adapter: Port) -> None:
    """Install the adapter of a port; a second call replaces it."""
    _adapters[port] = adapter


def adapter_of(port: type[Port]) -> Port:
    """Return the adapter of a port; LookupError when the process was not bootstrapped."""
    try:
        return cast(Port, _adapters[port])  # provide() checked the pair
    except KeyError:
        raise LookupError(f"no adapter for {port.__name__}: bootstrap has not run") from None


def has_adapter(port: type[object]) -> bool:
    """Say whether an adapter is installed: some ports are only there by configuration."""
    return port in _adapters


def withdraw(port: type[object]) -> None:
    """Take the adapter of a port away, where there is one."""
    _adapters.pop(port, None)
