"""Which objects a nightly check takes, so that a period's work is spread evenly over its days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import floor

from muniment.information.identifiers import ObjectId
from muniment.storage.models import Copy

_DAY_S = 86_400


def share_of(now: datetime, period: timedelta) -> Iterator[ObjectId]:
    """Give the objects whose turn it is, oldest reading first.

    As many as must be read a day so that none is read later than its period allows, were it always
    the same number: ten thousand objects of one day do not come back on one day. What falls due
    before tomorrow is always among them.
    """
    readings = Copy.objects.oldest_reading()
    count = share_size((read_at for _, read_at in readings.iterator()), now, period)
    for object_id, _ in list(readings[:count]):
        yield ObjectId(str(object_id))


def share_size(read_at: Iterable[datetime], now: datetime, period: timedelta) -> int:
    """Return how many objects are to be read today, by the times of last readings, oldest first."""
    rate, must, count, newest = 0.0, 0, 0, now
    for count, newest in enumerate(read_at, start=1):
        days_left = (newest + period - now).total_seconds() / _DAY_S
        must += days_left < 1
        rate = max(rate, count / max(days_left, 1.0))
    if count * _DAY_S < period.total_seconds():  # less than one a day: one when it is time for one
        return max(must, int(count > 0 and now - newest >= period / count))
    today = now.toordinal()
    return max(must, floor(rate * today) - floor(rate * (today - 1)))
