"""Jobs, schedules, pipelines, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muniment.client.asking import Asking, Document, Page, Shown, segment
from muniment.client.event_stream import events_of


class Running(Asking):
    """What the archive does."""

    __slots__ = ()

    def jobs(
        self, *, states: Sequence[str] = (), limit: int = 50, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of jobs, newest first; `wanted`: filters, sort, count."""
        return self._page("jobs", state=",".join(states), limit=limit, cursor=after, **wanted)

    def job(self, number: int) -> Shown:
        """Return a job with its history."""
        return self._document(f"jobs/{number}")

    def retry(self, number: int) -> Document:
        """Queue a job again."""
        return self._posted(f"jobs/{number}/retry")

    def cancel(self, number: int) -> Document:
        """Cancel a job."""
        return self._posted(f"jobs/{number}/cancel")

    def release(self, number: int, *, choice: str = "") -> Document:
        """Let a held job go on."""
        return self._posted(f"jobs/{number}/release", {"choice": choice})

    def items(self, number: int, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of what became of the objects of a bulk job; `wanted`: status."""
        return self._page(f"jobs/{number}/items", limit=limit, cursor=after, **wanted)

    def retry_failed(self, number: int) -> Document:
        """Try again what failed in a bulk job."""
        return self._posted(f"jobs/{number}/retry-failed")

    def schedules(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of what runs at fixed times."""
        return self._page("schedules", limit=limit, cursor=after, **wanted)

    def schedule(self, name: str) -> Shown:
        """Return a schedule."""
        return self._document(f"schedules/{segment(name)}")

    def make_schedule(self, name: str, cron: str, kind: str, **more: object) -> Document:
        """Make a schedule; `more`: time_zone, arguments, queue."""
        return self._posted("schedules", {"name": name, "cron": cron, "kind": kind, **more})

    def change_schedule(self, name: str, *, seen: str, **change: object) -> Shown:
        """Change, pause or resume a schedule; what is left out stays."""
        return self._changed("PATCH", f"schedules/{segment(name)}", change, seen=seen)

    def remove_schedule(self, name: str, *, seen: str) -> None:
        """Remove a schedule; its jobs stay."""
        self._changed("DELETE", f"schedules/{segment(name)}", seen=seen)

    def schedule_runs(
        self, name: str, *, limit: int = 50, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of the jobs of a schedule, newest first."""
        return self._page(f"schedules/{segment(name)}/runs", limit=limit, cursor=after, **wanted)

    def next_times(self, cron: str, *, time_zone: str = "UTC") -> list[str]:
        """Return when a cron expression is due next."""
        times: list[str] = self._document("schedules/preview", cron=cron, time_zone=time_zone)[
            "times"
        ]
        return times

    def pipelines(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the pipelines by name."""
        return self._page("pipelines", limit=limit, cursor=after, **wanted)

    def pipeline(self, name: str) -> Shown:
        """Return a pipeline with its steps."""
        return self._document(f"pipelines/{segment(name)}")

    def save_pipeline(
        self, name: str, steps: Sequence[Document], *, title: str = "", seen: str = "*"
    ) -> Shown:
        """Make or replace a pipeline; a new one is seen as "*"."""
        body = {"title": title, "steps": list(steps)}
        return self._changed("PUT", f"pipelines/{segment(name)}", body, seen=seen)

    def remove_pipeline(self, name: str, *, seen: str) -> None:
        """Remove a pipeline; submissions keep the steps they came with."""
        self._changed("DELETE", f"pipelines/{segment(name)}", seen=seen)

    def step_types(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the steps that a pipeline may name."""
        return self._page("step-types", limit=limit, cursor=after, **wanted)

    def news(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of what happened in the archive, oldest first; `wanted`: name, count."""
        return self._page("events", limit=limit, cursor=after, **wanted)

    def hear(self, *, behind: int | None = None) -> Iterator[Document]:
        """Give what happens, while it happens, behind a number; without, from now on.

        A connection that breaks is made again behind the last that was heard: nothing is missed
        and nothing comes twice. Ends only by an error, or when the caller stops asking.
        """
        return events_of(self.transport, behind)
