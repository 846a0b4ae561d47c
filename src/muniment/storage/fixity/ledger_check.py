"""Re-reading the ledger: it is no object of the catalogue, and damage of it is told as findings."""

from __future__ import annotations

from datetime import date

from muniment.runtime.actor import Actor, require
from muniment.runtime.findings import Finding, Severity
from muniment.storage.ledger.ledger import Ledger


def check_ledger(ledger: Ledger, *, actor: Actor, since: date | None = None) -> list[Finding]:
    """Read every record and every sealed day's digest; return the damage, in order.

    A line that a crash tore was never reported, and is none. Raises PermissionDenied.
    """
    require(actor, "fixity.run")
    findings: list[Finding] = []
    for _ in ledger.read(findings.append, since=since):
        pass
    return [each for each in findings if each.severity is Severity.ERROR]
