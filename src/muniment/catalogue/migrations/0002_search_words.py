"""The words of search documents: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORWARD = {
    # Words arrive folded by search/words.py. The tokenizer "ascii" splits at ASCII signs only and
    # takes the rest as it stands, so that it finds exactly the words that we made.
    "sqlite": [
        """
        CREATE VIRTUAL TABLE catalogue_searchwords
        USING fts5(title, description, name, tokenize = 'ascii')
        """
    ],
    # Several rows for one document and part: a tsvector holds 16,383 positions, 256 for one word.
    # No foreign key: the framework does not know the table and could not flush those it points to.
    "postgresql": [
        """
        CREATE TABLE catalogue_searchwords (
            document_id bigint NOT NULL,
            part text NOT NULL CHECK (part IN ('title', 'description', 'name')),
            words tsvector NOT NULL
        )
        """,
        "CREATE INDEX search_words_by_document ON catalogue_searchwords (document_id)",
        "CREATE INDEX search_words_by_word ON catalogue_searchwords USING gin (words)",
    ],
}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Django's
    """Make the table of this database."""
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unmake(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Django's
    """Drop it; `muniment rebuild` fills it again."""
    schema_editor.execute("DROP TABLE catalogue_searchwords")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_tables")]
    operations = [migrations.RunPython(make, unmake)]
