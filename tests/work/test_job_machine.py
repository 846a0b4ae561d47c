"""Any order of claims, ends, losses and orders leaves a job as the rules of the states say."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from muniment.work import leases, services
from muniment.work.claiming import Wanted, claim
from muniment.work.reaper import reap
from muniment.work.types import HeldReason, JobState, Lease, Progress, Settlement, Times
from tests.work.builders import ADA, a_job, a_kind, fresh, let_lease_run_out, make_due, states_of

MAX_ATTEMPTS = 3
WAITING = {JobState.QUEUED, JobState.HELD}


class JobMachine(RuleBasedStateMachine):
    """The job of the database beside a model of four variables (archive spec §5)."""

    def __init__(self) -> None:
        super().__init__()
        self.kind = a_kind(print, max_attempts=MAX_ATTEMPTS)
        self.job = a_job(self.kind)
        self.state = JobState.QUEUED
        self.attempts = 0
        self.is_to_be_cancelled = False
        self.history = [JobState.QUEUED]
        self.lease: Lease | None = None
        self.old_leases: list[Lease] = []

    def _becomes(self, state: JobState) -> None:
        self.state = state
        self.history.append(state)
        if state is not JobState.RUNNING and self.lease is not None:
            self.old_leases.append(self.lease)
            self.lease = None

    def _is(self, *states: JobState) -> bool:
        return self.state in states

    @rule()
    def a_worker_looks_for_work(self) -> None:
        make_due(self.job)
        claimed = claim("w", Wanted([self.kind]))
        assert (claimed is not None) == self._is(JobState.QUEUED)
        if claimed is not None:
            self.attempts += 1
            self.lease = claimed.lease
            self._becomes(JobState.RUNNING)

    @precondition(lambda self: self.lease)
    @rule(
        state=st.sampled_from([JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED]),
    )
    def the_job_ends(self, state: JobState) -> None:
        assert self.lease is not None
        assert leases.settle(self.lease, Settlement(state))
        self._becomes(state)

    @precondition(lambda self: self.lease)
    @rule(counts=st.booleans())
    def the_job_goes_back(self, counts: bool) -> None:
        assert self.lease is not None
        assert leases.settle(self.lease, Settlement(JobState.QUEUED, counts_as_attempt=counts))
        if self.is_to_be_cancelled:
            self._becomes(JobState.CANCELLED)
            return
        self.attempts -= 0 if counts else 1
        self._becomes(JobState.QUEUED)

    @precondition(lambda self: self.lease)
    @rule()
    def the_job_is_held(self) -> None:
        assert self.lease is not None
        held = Settlement(JobState.HELD, held_reason=HeldReason.BUG.value)
        assert leases.settle(self.lease, held)
        self._becomes(JobState.HELD)

    @precondition(lambda self: self.lease)
    @rule()
    def the_worker_is_lost(self) -> None:
        let_lease_run_out(self.job)
        assert reap(Times(worker_loss_s=0)) == 1
        if self.is_to_be_cancelled:
            self._becomes(JobState.CANCELLED)
        elif self.attempts >= MAX_ATTEMPTS:
            self._becomes(JobState.HELD)
        else:
            self._becomes(JobState.QUEUED)

    @precondition(lambda self: self.old_leases)
    @rule(data=st.data(), settlement=st.sampled_from(JobState))
    def a_zombie_writes(self, data: st.DataObject, settlement: JobState) -> None:
        old = data.draw(st.sampled_from(self.old_leases))
        assert not leases.settle(old, Settlement(settlement, held_reason="bug"))
        assert leases.extend(old, Progress(1, 1), lease_s=60) is None

    @precondition(lambda self: self._is(*WAITING, JobState.RUNNING, JobState.CANCELLED))
    @rule()
    def somebody_cancels(self) -> None:
        services.cancel(self.job.pk, actor=ADA)
        if self._is(JobState.CANCELLED):
            return
        self.is_to_be_cancelled = True
        if self._is(*WAITING):
            self._becomes(JobState.CANCELLED)

    @precondition(lambda self: self._is(JobState.FAILED, JobState.HELD, JobState.CANCELLED))
    @rule()
    def somebody_retries(self) -> None:
        services.retry(self.job.pk, actor=ADA)
        self.attempts, self.is_to_be_cancelled = 0, False
        self._becomes(JobState.QUEUED)

    @precondition(lambda self: self._is(JobState.HELD))
    @rule()
    def somebody_releases(self) -> None:
        services.release(self.job.pk, actor=ADA)
        self.attempts, self.is_to_be_cancelled = 0, False
        self._becomes(JobState.QUEUED)

    @precondition(lambda self: self._is(JobState.QUEUED))
    @rule()
    def somebody_pauses(self) -> None:
        services.hold(self.job.pk, actor=ADA)
        self._becomes(JobState.HELD)

    @invariant()
    def the_database_agrees(self) -> None:
        job = fresh(self.job)
        assert (job.state, job.attempts) == (self.state, self.attempts)
        assert job.lease_token == (self.lease.token if self.lease else None)
        assert (job.ended_at is not None) == self.state.is_ended
        assert (job.cancel_requested_at is not None) >= self.is_to_be_cancelled
        assert states_of(self.job) == self.history


@pytest.mark.django_db
def test_every_order_of_changes_keeps_the_rules() -> None:
    run_state_machine_as_test(
        JobMachine, settings=settings(max_examples=40, stateful_step_count=25, deadline=None)
    )
