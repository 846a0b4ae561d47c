"""Pipelines, submissions and the runs of their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from muniment.ingest.models.deposits import Deposit
from muniment.ingest.types import StepState, SubmissionState


class Pipeline(models.Model):
    """A named, ordered list of steps with parameters: data, edited like data."""

    rebuilt = False

    name = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    steps = models.JSONField()
    is_default = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_pipeline"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """One package handed in, and what became of it."""

    rebuilt = False

    submission_id = models.UUIDField(unique=True)
    source_path = models.TextField()
    """What was handed in, percent-encoded where it is not text; `deposit:ID/NAME` of a deposit."""
    deposit = models.ForeignKey(
        Deposit, on_delete=models.SET_NULL, null=True, related_name="submissions"
    )
    owner = models.CharField(max_length=200)
    owner_roles = models.JSONField()
    """The roles that the owner had when the package was handed in."""
    owner_address = models.CharField(max_length=300, blank=True)
    pipeline = models.CharField(max_length=100)
    steps = models.JSONField()
    """The steps of the pipeline as they were when the submission came."""
    dry_run = models.BooleanField(default=False)
    requested_object = models.CharField(max_length=100, blank=True)
    decision = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        max_length=20, choices=[(state.value, state.value) for state in SubmissionState]
    )
    held_reason = models.TextField(blank=True)
    job_id = models.BigIntegerField(null=True)
    object_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    form = models.CharField(max_length=30, blank=True)
    file_count = models.BigIntegerField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    error_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    """Of a watched folder's entry: the same entry is taken once."""
    in_quarantine = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"]),
            models.Index(fields=["owner", "-id"]),
            models.Index(fields=["pipeline", "-id"], name="submission_pipeline"),
            models.Index(fields=["object_id", "-id"], name="submission_object"),
            models.Index(fields=["dry_run", "-id"], name="submission_dry_run"),
            models.Index(fields=["created_at", "id"], name="submission_created_at"),
            models.Index(
                fields=["-id"], name="ingest_in_quarantine", condition=Q(in_quarantine=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SubmissionState]),
                name="submission_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="one_submission_an_entry"
            ),
            models.UniqueConstraint(
                fields=["deposit"], condition=Q(dry_run=False), name="one_submission_a_deposit"
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission_id)

    @property
    def name(self) -> str:
        """The last part of what was handed in, as people know it."""
        return self.source_path.rstrip("/").rpartition("/")[2] or self.source_path


class StepRun(models.Model):
    """One step of one submission: how far it is, what it left, the event that it made."""

    rebuilt = False

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="step_runs")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.value) for state in StepState],
        default=StepState.READY,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    duration_s = models.FloatField(null=True)
    message = models.TextField(blank=True)
    event = models.JSONField(default=dict, blank=True)
    """The PREMIS event, in the shape of `steps.event.StepEvent`."""
    outputs = models.JSONField(default=dict, blank=True)
    """SHA-256 of each list and document that the step left, by file name."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "position"], name="one_run_a_position"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in StepState]),
                name="step_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.name}"
