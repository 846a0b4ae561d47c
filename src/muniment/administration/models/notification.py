"""What people are told, and how they want to be told it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from muniment.administration.models.user import User

MAIL = ("none", "now", "daily")


class Notification(models.Model):
    """One thing that one person is told; `parameters` fill the text of its kind."""

    rebuilt = False

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    event = models.BigIntegerField()
    """The number of the domain event that it tells of: told again, it is the same."""
    parameters = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    is_shown = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, default="none", choices=[(each, each) for each in MAIL])
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "kind"], name="told_once"),
            models.CheckConstraint(condition=Q(mail__in=MAIL), name="told_mail_known"),
        ]
        indexes = [
            models.Index(
                "user", name="told_unread", condition=Q(is_shown=True, read_at__isnull=True)
            ),
            models.Index(
                "user", name="told_unmailed", condition=~Q(mail="none") & Q(mailed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"


class NotificationChoice(models.Model):
    """How one person wants to be told of one kind; without a row: in the page, not by mail."""

    rebuilt = False

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    is_shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, default="none", choices=[(each, each) for each in MAIL])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_a_kind"),
            models.CheckConstraint(condition=Q(mail__in=MAIL), name="choice_mail_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}: {self.mail}"
