"""What the dashboard shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.queries import statistics
from muniment.catalogue.queries.entities import totals
from muniment.catalogue.queries.search import search
from muniment.catalogue.queries.statistics import Holding
from muniment.catalogue.search.types import SearchQuery
from muniment.ingest.queries import counts_by_verdict, page_of_submissions
from muniment.ingest.types import SubmissionState
from muniment.runtime.actor import Actor, may
from muniment.runtime.clock import Clock
from muniment.storage.queries import fixity_report
from muniment.web.plots import Plot, columns_plot
from muniment.work import backpressure
from muniment.work.queries import JobFilter, counts_by_state, page_of_jobs
from muniment.work.types import JobState

_YOUNG = timedelta(days=60)
_DAYS, _MONTHS = 30, 36
_FORMATS = 8
_RUNNING = 5
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Growth:
    """What the archive held at the end of each day or month."""

    objects: Plot
    size: Plot
    rows: tuple[Holding, ...]
    is_by_day: bool


@dataclass(frozen=True, slots=True)
class Format:
    """A format and how many objects hold a file of it."""

    puid: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """What somebody should look at."""

    text: str
    address: str
    link: str
    tone: str = "bad"


def growth_of(actor: Actor, today: date) -> Growth | None:
    """Return the holdings over time: by day while the archive is young, else by month.

    None while nothing is held. Two queries.
    """
    oldest = statistics.oldest_day(actor)
    if oldest is None:
        return None
    is_young = today - oldest < _YOUNG
    first = min(oldest, today - timedelta(days=_DAYS - 1))
    came = statistics.holdings_by_period(actor, by_day_since=first if is_young else None)
    names = _days(first, today) if is_young else _months(came[0].name, today)
    rows = sums(came, names)[-(_DAYS if is_young else _MONTHS) :]
    return Growth(
        columns_plot([(each.name, each.objects) for each in rows]),
        columns_plot([(each.name, each.size_bytes) for each in rows], is_bytes=True),
        tuple(rows),
        is_young,
    )


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _months(first: str, last: date) -> list[str]:
    year, month = int(first[:4]), int(first[5:7])
    count = (last.year - year) * 12 + last.month - month + 1
    places = range(month - 1, month - 1 + max(count, 1))
    return [f"{year + place // 12:04}-{place % 12 + 1:02}" for place in places]


def sums(came: Sequence[Holding], names: Sequence[str]) -> list[Holding]:
    """Return what was held at the end of each of `names`, which begin with the oldest."""
    by_name = {each.name: each for each in came}
    objects = files = size_bytes = 0
    found = []
    for name in names:
        if new := by_name.get(name):
            objects += new.objects
            files += new.files
            size_bytes += new.size_bytes
        found.append(Holding(name, objects, files, size_bytes))
    return found


def dashboard_of(actor: Actor, *, clock: Clock) -> dict[str, object]:
    """Ask for all parts; the number of queries does not depend on what the archive holds."""
    jobs = counts_by_state(actor)
    return {
        "totals": totals(actor),
        "running": jobs.get("running", 0) + jobs.get("queued", 0),
        "growth": growth_of(actor, clock.now().date()),
        "formats": _formats(actor),
        "sizes": [each for each in statistics.objects_by_size(actor) if each.objects],
        "submissions": page_of_submissions(actor, limit=8),
        "work": page_of_jobs(actor, JobFilter(states=(JobState.RUNNING,)), limit=_RUNNING),
        "alarms": _alarms(actor, jobs, clock),
    }


def _formats(actor: Actor) -> list[Format]:
    options = SearchQuery(limit=1, facets=("format",))
    counts = search(actor, "", index=search_index(), options=options).facets["format"][:_FORMATS]
    names = statistics.format_names([each.value for each in counts])
    return [Format(each.value, names.get(each.value, ""), each.count) for each in counts]


def _alarms(actor: Actor, jobs: dict[str, int], clock: Clock) -> list[Alarm]:
    alarms = []
    if held := jobs.get("held", 0):
        text = ngettext("%(n)s job waits for somebody.", "%(n)s jobs wait for somebody.", held)
        alarms.append(Alarm(text % {"n": held}, "/jobs?state=held", _("Look"), "warn"))
    if may(actor, "fixity.read"):
        alarms += _damage(actor, clock)
    if may(actor, "submission.read"):
        alarms += _refusals(actor, clock)
    if may(actor, "job.read") and (reason := backpressure.closed_because()):
        alarms.append(Alarm(reason, "/jobs?state=queued", _("Look"), "warn"))
    return alarms


def _damage(actor: Actor, clock: Clock) -> list[Alarm]:
    bad = fixity_report(actor=actor, clock=clock).objects_by_outcome
    damaged = bad.get("damaged", 0) + bad.get("mismatch", 0) + bad.get("missing", 0)
    if not damaged:
        return []
    text = ngettext(
        "%(n)s object is damaged or incomplete.",
        "%(n)s objects are damaged or incomplete.",
        damaged,
    )
    return [Alarm(text % {"n": damaged}, "/fixity", _("Look"))]


def _refusals(actor: Actor, clock: Clock) -> list[Alarm]:
    counts = counts_by_verdict(actor, since=clock.now() - _RECENT)
    refused = counts.get(SubmissionState.REFUSED, 0) + counts.get(SubmissionState.FAILED, 0)
    if not refused:
        return []
    text = ngettext(
        "%(n)s package was refused or failed in the last seven days.",
        "%(n)s packages were refused or failed in the last seven days.",
        refused,
    )
    return [Alarm(text % {"n": refused}, "/submissions?verdict=refused", _("Look"), "warn")]
