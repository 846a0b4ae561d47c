"""Recognise what kind of package it is and hold it to the rules of its kind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.information.event_types import EventType
from muniment.ingest.declared import with_declared
from muniment.ingest.step import FurtherEvent, Step, StepContext, StepResult
from muniment.ingest.verifying import verify_package
from muniment.runtime.errors import InvalidPackage
from muniment.runtime.findings import code_table

_CODES = code_table("muniment.ingest")


class Verify(Step):
    """Manifests, METS and descriptions are checked with the digests that `unpack` calculated."""

    name = "verify"
    title = _("Verify")
    about = _("Checks the rules of the kind of package and every digest that the producer gave.")
    event_type = EventType.FIXITY_CHECK
    passed = _("The package keeps the rules of its kind; every declared digest is right.")
    failed = _("The package breaks the rules of its kind.")

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage with every fault of the package."""
        if not context.submission.file_count:
            context.report([_CODES.finding("package-empty")])
            raise InvalidPackage("the package holds no content", context.log.sample)
        facts, findings = verify_package(context.area, context.submission.source_path)
        context.report(findings)
        context.refuse_on_errors(f"not a good {facts.layout} package")
        with_declared(facts, context.submission.deposit).keep(context.area)
        mapped = f"description mapped from {', '.join(facts.mapped_from)}"
        return StepResult(
            detail=f"{facts.layout} package, {context.submission.file_count} files verified",
            outcome="warning" if context.log.warnings else "success",
            further=(FurtherEvent(EventType.METADATA_EXTRACTION, mapped),)
            if facts.mapped_from
            else (),
        )
