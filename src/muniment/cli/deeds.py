"""What the audit trail is told of a command: its words without options, and how it ended."""

from __future__ import annotations

import argparse

from muniment.runtime.deeds import AuditOutcome, Unit


def unit_of(name: str, leaf: argparse.ArgumentParser, args: argparse.Namespace) -> Unit:
    """Return what a command is; values of options are left out, for one may be a secret."""
    named = (getattr(args, each.dest, None) for each in leaf._actions if not each.option_strings)
    return Unit(
        thing=" ".join(word for value in named for word in _words(value)),
        detail={"command": name},
        is_dry=bool(getattr(args, "dry_run", False)),
    )


def _words(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def outcome_of(code: int) -> AuditOutcome:
    """Return how a command ended, by its exit code (DESIGN §6)."""
    if code == 0:
        return AuditOutcome.DONE
    return AuditOutcome.REFUSED if code == 4 else AuditOutcome.FAILED
