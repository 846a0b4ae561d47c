"""What any worker does between jobs, each part at its own pace."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from django.db import DatabaseError, connection

from muniment.work import outbox, schedules, setback, signs
from muniment.work.outage import Outage
from muniment.work.reaper import reap
from muniment.work.types import Times

log = logging.getLogger(__name__)


class Housekeeper:
    """Reaps, fires schedules and delivers events.

    Now and then it shows that this process lives, and looks for a clock set back.
    """

    def __init__(self, times: Times) -> None:
        self.times = times
        self.outage = Outage()
        self._next_s = 0.0
        self._mend_next_s = 0.0
        self._sign_next_s = 0.0

    def hurry(self) -> None:
        """Do not wait with the next round."""
        self._next_s = 0.0

    def keep(self) -> None:
        """Do what is due; a database that fails is told in the log and asked again next time."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            return
        self._next_s = now_s + min(self.times.idle_s, self.times.reap_s)
        try:
            if now_s >= self._sign_next_s:
                signs.give_sign()
                self._sign_next_s = now_s + signs.SIGN_EVERY_S
            if now_s >= self._mend_next_s:
                setback.mend()
                self._mend_next_s = now_s + self.times.mend_s
            reap(self.times)
            schedules.fire_due()
            outbox.drain()
        except DatabaseError as exc:
            log.warning("housework failed", exc_info=True)
            connection.close()
            self.outage.begin_or_go_on(exc)
        else:
            self.outage.end()

    def say_goodbye(self) -> None:
        """Show that this process works no more; without a database its sign grows old by itself."""
        with suppress(DatabaseError):
            signs.take_sign_back()
