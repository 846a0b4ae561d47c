"""Representations and their files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from muniment.catalogue.models.entity import IntellectualEntity
from muniment.catalogue.models.interval import Interval, interval_is_forward


class Representation(Interval):
    """One representation of an entity over an interval of versions: original, preservation, access.

    `premis_sha512` is the digest of its newest premis.xml: equal digests need no second reading.
    Counts are kept, those of the newest version; `formats` are [PUID, name, version, files].
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    representation_id = models.UUIDField()
    name = models.CharField(max_length=255)
    premis_sha512 = models.BinaryField(max_length=64)
    file_count = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    formats = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "name", "first_version"], name="representation_once"
            ),
            models.UniqueConstraint(
                fields=["representation_id"],
                condition=Q(last_version__isnull=True),
                name="representation_current_once",
            ),
            interval_is_forward("representation_interval"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.name}"


class PathKey(models.Func):
    """The beginning of a path, by which files are ordered.

    An index entry of PostgreSQL holds 2,700 bytes at most and a path may be longer. The length is
    in the text of the call and no parameter, or SQLite would not see that the index fits.
    """

    function = "SUBSTR"
    template = "%(function)s(%(expressions)s, 1, 200)"
    output_field = models.TextField()


class File(Interval):
    """One file of a representation, as PREMIS describes it, over an interval of versions.

    Digests are bytes; `digests` holds the further ones as hex by algorithm. The identifier says
    representation, path and content, so a file that did not change keeps it; a new description of
    the same bytes ends one row and begins another. `path` is below the representation's `data/`,
    `folder` the key of the folder that it lies in; `modified_at` is what the producer's file system
    said.
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    representation = models.ForeignKey(
        Representation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    file_id = models.UUIDField()
    folder = models.BigIntegerField()
    path = models.TextField()
    original_name = models.TextField(blank=True)
    size_bytes = models.BigIntegerField()
    sha512 = models.BinaryField(max_length=64)
    sha256 = models.BinaryField(max_length=32, null=True)
    digests = models.JSONField(default=dict)
    puid = models.CharField(max_length=64, blank=True)
    format_name = models.TextField(blank=True)
    format_version = models.TextField(blank=True)
    mime_type = models.CharField(max_length=255, blank=True)
    basis = models.TextField(blank=True)
    warnings = models.JSONField(default=list)
    validity = models.CharField(max_length=32, blank=True)
    properties = models.JSONField(default=dict)
    modified_at = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file_id", "first_version"], name="file_once"),
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="file_size"),
            models.CheckConstraint(condition=~Q(path=""), name="file_path"),
            interval_is_forward("file_interval"),
        ]
        indexes = [
            models.Index(F("entity"), PathKey("path"), F("file_id"), name="file_by_path"),
            models.Index(
                F("entity"), F("folder"), PathKey("path"), F("file_id"), name="file_by_folder"
            ),
            models.Index(fields=["puid", "entity"], name="file_by_format"),
        ]

    def __str__(self) -> str:
        return self.path
