"""Folders of the newest versions, and in each file the key of its folder."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import muniment.catalogue.models.file


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_no_rebuild_problem"),
    ]

    operations = [
        migrations.CreateModel(
            name="Folder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("parent", models.BigIntegerField()),
                ("name", models.TextField()),
                ("file_count", models.BigIntegerField()),
                ("size_bytes", models.BigIntegerField()),
                (
                    "entity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.intellectualentity",
                    ),
                ),
                (
                    "representation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.representation",
                    ),
                ),
            ],
        ),
        # The next migration fills it in rows that are there already.
        migrations.AddField(
            model_name="file",
            name="folder",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="folder",
            index=models.Index(fields=["entity", "key"], name="folder_by_key"),
        ),
        migrations.AddIndex(
            model_name="folder",
            index=models.Index(
                models.F("entity"),
                models.F("parent"),
                muniment.catalogue.models.file.PathKey("name"),
                models.F("key"),
                name="folder_by_parent",
            ),
        ),
    ]
