"""PREMIS events and agents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from muniment.catalogue.models.entity import IntellectualEntity
from muniment.catalogue.models.file import Representation


class Agent(models.Model):
    """Who or what took part in events: software with its version, an organisation, a person.

    `key` is the SHA-256 of all that is said of it, so that no order of reading decides what is
    kept (and a long note fits an index).
    """

    rebuilt = True

    key = models.BinaryField(max_length=32)
    identifier_type = models.TextField()
    identifier_value = models.TextField()
    name = models.TextField(blank=True)
    type = models.TextField(blank=True)
    version = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="agent_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


class Event(models.Model):
    """What happened to an entity, to one of its representations or to one of its files.

    `version` is the version whose record holds the event first; NULL for one of the ledger.
    A file is named by its PREMIS identifier, which outlives the rows of its intervals.
    `date_time_text` is the time as others wrote it when it is no full one: `1998`, `2001-05~`.
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    event_id = models.UUIDField()
    type = models.CharField(max_length=255)
    date_time = models.DateTimeField()
    date_time_text = models.CharField(max_length=255, blank=True)
    detail = models.TextField(blank=True)
    outcome = models.CharField(max_length=255, blank=True)
    outcome_detail = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True)
    representation = models.ForeignKey(
        Representation, on_delete=models.PROTECT, null=True, related_name="events", db_index=False
    )
    file_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "entity"], name="event_once"),
            models.CheckConstraint(condition=~Q(type=""), name="event_type"),
        ]
        indexes = [
            models.Index(fields=["entity", "date_time", "event_id"], name="event_by_entity"),
            models.Index(
                F("file_id"),
                F("date_time"),
                name="event_by_file",
                condition=Q(file_id__isnull=False),
            ),
            models.Index(
                fields=["outcome", "entity"],
                name="event_not_well",
                condition=~Q(outcome="success"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.date_time:%Y-%m-%dT%H:%M:%SZ}"


class EventObject(models.Model):
    """A further object of an event that is linked to more than one, with its role."""

    rebuilt = True

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="further_objects", db_index=False
    )
    object_identifier = models.UUIDField()
    role = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "object_identifier", "role"], name="event_object_once"
            )
        ]
        indexes = [models.Index(fields=["object_identifier"], name="event_object_by_object")]

    def __str__(self) -> str:
        return f"{self.object_identifier} {self.role}".rstrip()


class EventAgent(models.Model):
    """An agent of an event, with its role (PREMIS linkingAgentRole)."""

    rebuilt = True

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="linked_agents", db_index=False
    )
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="linked_events", db_index=False
    )
    role = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "agent", "role"], name="event_agent_once")
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.role}".rstrip()
