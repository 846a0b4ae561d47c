"""Marks what was refused before quarantine was a column; what was removed since shows on use."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Django's
    apps.get_model("ingest", "Submission").objects.filter(state="refused").update(
        in_quarantine=True
    )


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_deposits")]
    operations = [migrations.RunPython(_mark, migrations.RunPython.noop)]
