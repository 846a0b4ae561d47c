"""What the dashboard shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.queries.entities import new_by_day, totals
from muniment.catalogue.queries.search import search
from muniment.catalogue.search.types import SearchQuery
from muniment.ingest.queries import page_of_submissions
from muniment.runtime.actor import Actor, may
from muniment.runtime.clock import Clock
from muniment.storage.queries import fixity_report
from muniment.work.queries import counts_by_state

_DAYS = 30
_HEIGHT = 120
_FORMATS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the plot."""

    day: str
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Growth:
    """The plot of new objects."""

    bars: tuple[Bar, ...]
    most: int
    total: int

    @property
    def first(self) -> str:
        return self.bars[0].day

    @property
    def last(self) -> str:
        return self.bars[-1].day


@dataclass(frozen=True, slots=True)
class Alarm:
    """What somebody should look at."""

    text: str
    address: str
    link: str
    tone: str = "bad"


def growth_of(counts: Counter[date], today: date) -> Growth:
    """Lay the counts of the last thirty days out as bars, the newest at the right."""
    days = [today - timedelta(days=_DAYS - 1 - number) for number in range(_DAYS)]
    most = max((counts[day] for day in days), default=0)
    bars = []
    for number, day in enumerate(days):
        height = _HEIGHT * counts[day] // most if most else 0
        height = max(height, 2) if counts[day] else 0
        bars.append(
            Bar(day.isoformat(), counts[day], 4 + 20 * number, 18 + _HEIGHT - height, height)
        )
    return Growth(tuple(bars), most, sum(counts[day] for day in days))


def dashboard_of(actor: Actor, *, clock: Clock) -> dict[str, object]:
    """Ask for all parts; the number of queries does not depend on what the archive holds."""
    today = clock.now().date()
    since = today - timedelta(days=_DAYS - 1)
    jobs = counts_by_state(actor)
    facets = search(
        actor, "", index=search_index(), options=SearchQuery(limit=1, facets=("format",))
    ).facets
    return {
        "totals": totals(actor),
        "running": jobs.get("running", 0) + jobs.get("queued", 0),
        "growth": growth_of(Counter(new_by_day(actor, since)), today),
        "formats": facets["format"][:_FORMATS],
        "submissions": page_of_submissions(actor, limit=8),
        "alarms": _alarms(actor, jobs, clock),
    }


def _alarms(actor: Actor, jobs: dict[str, int], clock: Clock) -> list[Alarm]:
    alarms = []
    if held := jobs.get("held", 0):
        text = ngettext("%(n)s job waits for somebody.", "%(n)s jobs wait for somebody.", held)
        alarms.append(Alarm(text % {"n": held}, "/jobs?state=held", _("Look"), "warn"))
    if may(actor, "fixity.read"):
        bad = fixity_report(actor=actor, clock=clock).objects_by_outcome
        damaged = bad.get("damaged", 0) + bad.get("missing", 0)
        if damaged:
            text = ngettext(
                "%(n)s object is damaged or incomplete.",
                "%(n)s objects are damaged or incomplete.",
                damaged,
            )
            alarms.append(Alarm(text % {"n": damaged}, "/fixity", _("Look")))
    return alarms
