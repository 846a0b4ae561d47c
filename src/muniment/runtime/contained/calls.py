"""Calls that every contained process knows."""

from __future__ import annotations


def ready(arguments: object, report: object) -> str:  # noqa: ARG001  # signature of all calls
    """Say that the process has started."""
    return "ready"
