"""Fetch what a bag names in fetch.txt instead of bringing it, where an administrator allows it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from muniment.connectors.web import WebFiles
from muniment.information.event_types import EventType
from muniment.ingest.area import write_rows
from muniment.ingest.fetching import Fetching, FetchPlan, plan_of, refusals
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.findings import code_table
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings

_CODES = code_table("muniment.ingest")


class Fetch(Step):
    """Files of fetch.txt become payload, so that `verify` holds them to the manifests.

    Nothing is asked for before every line is allowed. fetch.txt itself is kept as it came.
    """

    name = "fetch"
    title = _("Fetch")
    about = _("Gets the files that a bag names in fetch.txt, from hosts that the settings allow.")
    # `capture`, not `transfer`: we went and got it, nobody handed it in.
    event_type = EventType.CAPTURE
    passed = _("The files that fetch.txt names were fetched.")
    failed = _("The files that fetch.txt names could not be fetched.")

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage; PartnerDown, RateLimited and NoSpace are tried again."""
        context.area.fetched.unlink(missing_ok=True)
        plan = plan_of(context.area)
        web = adapter_of(WebFiles)  # type: ignore[type-abstract]  # a port is a Protocol
        context.report(refusals(plan, web))
        _refuse_too_many(plan, context)
        context.refuse_on_errors("the bag is not complete")
        if not plan.wanted:
            return StepResult(detail="nothing is to be fetched", is_event=False)
        fetching = Fetching(
            context.area, web, plan.algorithms, settings().disk_reserve_bytes, context.progress
        )
        write_rows(context.area.fetched, fetching.files(plan))
        context.report(fetching.findings)
        context.refuse_on_errors("the bag could not be completed")
        submission = context.submission
        submission.file_count = (submission.file_count or 0) + fetching.file_count
        submission.size_bytes = (submission.size_bytes or 0) + fetching.size_bytes
        return StepResult(detail=_detail(plan, fetching))


def _refuse_too_many(plan: FetchPlan, context: StepContext) -> None:
    limit = settings().max_package_files
    if len(plan.wanted) + (context.submission.file_count or 0) > limit:
        context.report([_CODES.finding("fetch-limit", path="fetch.txt", limit=str(limit))])


def _detail(plan: FetchPlan, fetching: Fetching) -> str:
    hosts = sorted({urlsplit(each.item.url).hostname or "" for each in plan.wanted})
    counts = f"files: {fetching.file_count}, bytes: {fetching.size_bytes}"
    return f"{counts}, from {', '.join(hosts)}"
