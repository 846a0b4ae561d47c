"""Sorts the files that are there already into folders, one representation a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import muniment.catalogue.models.file
from muniment.catalogue.indexing.folders import FolderCounts, folder_of, folder_rows
from muniment.catalogue.models.folder import folder_key

_BATCH = 500


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Django's
    """Go on behind an interruption: what has its folders already is left alone."""
    folders = apps.get_model("catalogue", "Folder")
    representations = apps.get_model("catalogue", "Representation")
    done = folders.objects.values("representation_id")
    for each in representations.objects.exclude(pk__in=done).order_by("pk").iterator():
        with transaction.atomic():
            _fill_one(apps.get_model("catalogue", "File"), folders, each)


def _fill_one(files: Any, folders: Any, representation: Any) -> None:  # noqa: ANN401  # historical
    counts = FolderCounts()
    rows = files.objects.filter(
        entity_id=representation.entity_id, representation_id=representation.pk
    ).only("pk", "path", "size_bytes", "last_version")
    rest: Iterator[Any] = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(rest, _BATCH)):
        for row in batch:
            row.folder = folder_key(representation.name, folder_of(row.path))
            if row.last_version is None:
                counts.add(row.path, row.size_bytes)
        files.objects.bulk_update(batch, ["folder"])
    made = (
        folders(**row)
        for row in folder_rows(
            representation.entity_id, representation.pk, representation.name, counts
        )
    )
    while batch := list(islice(made, _BATCH)):
        folders.objects.bulk_create(batch)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalogue", "0005_folders"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(
                models.F("entity"),
                models.F("folder"),
                muniment.catalogue.models.file.PathKey("path"),
                models.F("file_id"),
                name="file_by_folder",
            ),
        ),
    ]
