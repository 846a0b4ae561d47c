"""Tell the catalogue: it reads the sealed version from storage, as `rebuild` would.

The ledger gets the event of the sealing and that of the cataloguing here, in one append.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.catalogue.services.indexing import index_version
from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.registry import adapter_of
from muniment.storage.archive import Archive
from muniment.storage.ledger import Ledger
from muniment.storage.ports import StorageRoot


class Index(Step):
    """Rows only ever say what storage says."""

    name = "index"
    title = _("Index")
    about = _("Brings the version into the catalogue, so that it can be found.")
    event_type = EventType.ACCESSION
    on_entity = True
    passed = _("The version is in the catalogue.")
    failed = _("The version could not be catalogued.")
    in_dry_run = False

    def run(self, context: StepContext) -> StepResult:
        """Idempotent: the same version again gives the same rows."""
        submission = context.submission
        archive = Archive(
            root=adapter_of(StorageRoot),  # type: ignore[type-abstract]  # a port is a Protocol
            ledger=adapter_of(Ledger),
            clock=context.clock,
        )
        index_version(ObjectId(str(submission.object_id)), submission.version, archive=archive)
        return StepResult(detail=f"version {submission.version}")
