"""Tables of durable work (archive spec §5). None is derivable from storage: all are backed up.

All times are the database's own (SQLite: the host's): a lease must not depend on a worker's clock.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from muniment.work.types import Dimension, HeldReason, JobState

_STATES = [(state.value, state.value) for state in JobState]
_RUNNING, _QUEUED = Q(state=JobState.RUNNING.value), Q(state=JobState.QUEUED.value)
_ENDED = Q(state__in=[state.value for state in JobState if state.is_ended])


class Job(models.Model):
    """One durable piece of work.

    `attempts` counts the claims that were not given back; `lease_token` is the fencing token: it
    changes with every claim, and a worker's write that does not carry it changes nothing.
    """

    rebuilt = False

    kind = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    arguments_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=_STATES, default=JobState.QUEUED.value)
    held_reason = models.CharField(max_length=30, blank=True)
    choices = models.JSONField(default=list)
    decision = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    queue = models.CharField(max_length=100, default="default")
    group = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    run_after = models.DateTimeField(db_default=Now())
    lease_owner = models.CharField(max_length=200, blank=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(null=True)
    progress_unit = models.CharField(max_length=30, blank=True)
    progress_message = models.TextField(blank=True)
    result = models.JSONField(null=True)
    error_class = models.CharField(max_length=200, blank=True)
    error_text = models.TextField(blank=True)
    error_story = models.TextField(blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    idempotency_key = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=200)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Exactly the order of the claim; the wrong direction costs nine tenths of the claims.
            models.Index(
                F("priority").desc(),
                "asked_by",
                "id",
                "run_after",
                name="job_claim",
                condition=_QUEUED,
            ),
            models.Index(
                "queue",
                F("priority").desc(),
                "asked_by",
                "id",
                "run_after",
                name="job_claim_queue",
                condition=_QUEUED,
            ),
            models.Index("run_after", name="job_due", condition=_QUEUED),
            models.Index("lease_until", name="job_lease", condition=_RUNNING),
            models.Index("asked_by", "id", name="job_asked_by"),
            models.Index("state", "id", name="job_state"),
            # Filters of the list of jobs.
            models.Index("kind", "id", name="job_kind"),
            models.Index("queue", "id", name="job_queue"),
            models.Index("group", "id", name="job_group"),
            models.Index("created_at", "id", name="job_created_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_job_a_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in JobState]),
                name="job_state_is_known",
            ),
            models.CheckConstraint(
                condition=(
                    _RUNNING
                    & Q(lease_token__isnull=False, lease_until__isnull=False)
                    & ~Q(lease_owner="")
                )
                | (
                    ~_RUNNING
                    & Q(lease_token__isnull=True, lease_until__isnull=True, lease_owner="")
                ),
                name="job_runs_under_a_lease",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state=JobState.HELD.value,
                        held_reason__in=[reason.value for reason in HeldReason],
                    )
                    | (~Q(state=JobState.HELD.value) & Q(held_reason=""))
                ),
                name="job_is_held_for_a_reason",
            ),
            models.CheckConstraint(
                condition=(
                    (_ENDED & Q(ended_at__isnull=False)) | (~_ENDED & Q(ended_at__isnull=True))
                ),
                name="job_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(progress_done__gte=0)
                & (Q(progress_total__isnull=True) | Q(progress_total__gte=0)),
                name="job_progress_counts_up",
            ),
            models.CheckConstraint(condition=Q(max_attempts__gte=1), name="job_has_an_attempt"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk} ({self.kind}, {self.state})"

    @property
    def owner(self) -> str:
        """Whose job it is, for the policy: who asked for it."""
        return self.asked_by


class JobChange(models.Model):
    """One change of a job's state, written in the same transaction. Never changed."""

    rebuilt = False

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=_STATES)
    attempt = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in JobState]),
                name="change_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"job {self.job_id}: {self.state} at {self.at}"


class Limit(models.Model):
    """The most jobs of one queue, group or kind that run at once (null: any), and the pause switch.

    Enforced in the transaction that claims.
    """

    rebuilt = False

    dimension = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Dimension]
    )
    name = models.CharField(max_length=200)
    max_running = models.PositiveIntegerField(null=True)
    is_paused = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "name"], name="one_limit_a_name"),
            models.CheckConstraint(
                condition=Q(dimension__in=[each.value for each in Dimension]),
                name="limit_dimension_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.name}"


class Schedule(models.Model):
    """A job that is queued at the times of a cron expression in a time zone."""

    rebuilt = False

    name = models.SlugField(max_length=100, unique=True)
    cron = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=100, default="UTC")
    kind = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=100, default="default")
    is_enabled = models.BooleanField(default=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)
    last_job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index("next_run_at", name="schedule_due", condition=Q(is_enabled=True)),
        ]

    def __str__(self) -> str:
        return self.name


class WorkerSign(models.Model):
    """That a worker lives: its supervisor, or a worker without one, writes so every few seconds."""

    rebuilt = False

    owner = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("seen_at", name="worker_seen")]

    def __str__(self) -> str:
        return f"{self.owner} seen {self.seen_at}"


class DomainEvent(models.Model):
    """Something that happened, written in the transaction in which it happened: the outbox."""

    rebuilt = False

    name = models.CharField(max_length=100)
    entity = models.CharField(max_length=200, blank=True)
    """Events of one entity are delivered in their order; "" has no order."""
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("entity", "id", name="event_entity")]

    def __str__(self) -> str:
        return f"{self.name} ({self.entity})"


class Delivery(models.Model):
    """What one subscriber has still to hear; the row goes when it was heard."""

    rebuilt = False

    event = models.ForeignKey(DomainEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=200)
    entity = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    error_text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index("subscriber", "entity", "id", name="delivery_order")]
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="heard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.subscriber}"
