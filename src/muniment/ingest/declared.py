"""What a depositor says beside the package: it joins what the package says of itself."""

from __future__ import annotations

from dataclasses import replace

from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.premis import Identifier
from muniment.ingest.models import Deposit
from muniment.ingest.package_facts import PackageFacts


def with_declared(facts: PackageFacts, deposit: Deposit | None) -> PackageFacts:
    """Return the facts with title, description and identifier of the deposit that it came by."""
    if deposit is None:
        return facts
    title = (DublinCoreValue("title", deposit.title),) if deposit.title else ()
    described = (DublinCoreValue(*each) for each in deposit.description)
    named = (Identifier(deposit.source, deposit.record_id),) if deposit.source else ()
    return replace(
        facts,
        identifiers=(
            *facts.identifiers,
            *(each for each in named if each not in facts.identifiers),
        ),
        dublin_core=facts.dublin_core.merged(DublinCore((*title, *described))),
    )
