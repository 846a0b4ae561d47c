"""Folders of the newest version, kept with their totals: a tree opens without counting files."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import F

from muniment.catalogue.models.entity import IntellectualEntity
from muniment.catalogue.models.file import PathKey, Representation

TOP = 0
"""The parent of the folders that stand for representations."""


def folder_key(representation: str, folder: str) -> int:
    """Return the key of a folder ("" = the top of the representation): 63 bits of its digest.

    A file carries the key of its folder, so that its row needs no look at the folder's.
    """
    text = f"{representation}\0{folder}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1


class Folder(models.Model):
    """One folder of a representation as it is now, with what lies in it at any depth.

    Keys are unique but for chance, which no constraint forbids: whoever forges a collision mixes
    two folders of their own in one list and stops no indexing.
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    representation = models.ForeignKey(Representation, on_delete=models.PROTECT, related_name="+")
    key = models.BigIntegerField()
    parent = models.BigIntegerField()
    name = models.TextField()
    file_count = models.BigIntegerField()
    size_bytes = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["entity", "key"], name="folder_by_key"),
            models.Index(
                F("entity"), F("parent"), PathKey("name"), F("key"), name="folder_by_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name
