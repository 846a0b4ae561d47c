"""Tell the catalogue: it reads the sealed version from storage, as `rebuild` would."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.catalogue.services.indexing import index_version
from muniment.information.identifiers import ObjectId
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.registry import adapter_of
from muniment.storage.ports import StorageRoot


class Index(Step):
    """Rows only ever say what storage says."""

    name = "index"
    title = _("Index")
    event_type = None  # nothing happens to the object
    passed = _("The version is in the catalogue.")
    failed = _("The version could not be catalogued.")
    in_dry_run = False

    def run(self, context: StepContext) -> StepResult:
        """Idempotent: the same version again gives the same rows."""
        submission = context.submission
        index_version(
            ObjectId(str(submission.object_id)),
            submission.version,
            root=adapter_of(StorageRoot),  # type: ignore[type-abstract]  # a port is a Protocol
        )
        return StepResult(detail=f"version {submission.version}")
