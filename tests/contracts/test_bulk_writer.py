"""The contract of `BulkWriter`; it runs over the writer of the run's database (`--db`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from muniment.catalogue.adapters.bulk import WRITERS, bulk_writer
from muniment.catalogue.models import Agent, Event, EventAgent, File, IntellectualEntity
from muniment.catalogue.models import Representation as Rep

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=2)))
COLUMNS = (
    "entity_id", "representation", "first_version", "last_version", "folder", "file_id", "path",
    "size_bytes", "sha512", "sha256", "digests", "warnings", "properties", "original_name", "puid",
    "format_name", "format_version", "mime_type", "basis", "validity", "modified_at",
)  # fmt: skip

EVENT = (
    "entity_id", "event_id", "type", "date_time", "date_time_text", "detail", "outcome",
    "outcome_detail",
)  # fmt: skip
EMPTY = ("",) * 4


@pytest.fixture
def entity() -> IntellectualEntity:
    return IntellectualEntity.objects.create(
        object_id=uuid4(), head=1, created_at=AT, modified_at=AT
    )


@pytest.fixture
def representation(entity: IntellectualEntity) -> Rep:
    return Rep.objects.create(
        entity=entity, representation_id=uuid4(), name="x", premis_sha512=b"", first_version=1
    )


def test_every_database_has_a_writer() -> None:
    assert set(WRITERS) == {"sqlite", "postgresql"}


def test_what_was_written_is_read_back(entity: IntellectualEntity, representation: Rep) -> None:
    path = "tab\there \\ back\nnew “quoted” 'x' é\u2028\U0001f600 \\N"
    said = {"a": "\\x", "b": ["é", None, 1.5]}
    file_id = uuid4()
    row = (
        entity.pk, representation.pk, 1, None, 1 << 62, str(file_id), path, 1 << 40,
        bytes(range(64)), None, said, ["\\"], {}, *[""] * 8,
    )  # fmt: skip
    assert bulk_writer().write(File, COLUMNS, [row]) == 1
    file = File.objects.get()
    assert (file.file_id, file.path, file.size_bytes) == (file_id, path, 1 << 40)
    assert file.folder == 1 << 62
    assert (bytes(file.sha512), file.sha256) == (bytes(range(64)), None)
    assert (file.digests, file.warnings, file.properties) == (said, ["\\"], {})


def test_times_keep_their_moment(entity: IntellectualEntity) -> None:
    times = (AT, AT.replace(microsecond=0))
    rows = [(entity.pk, uuid4(), "x", at, *EMPTY) for at in times]
    bulk_writer().write(Event, EVENT, rows)
    found = list(Event.objects.order_by("-date_time").values_list("date_time", flat=True))
    assert found == [AT.astimezone(UTC), AT.replace(microsecond=0).astimezone(UTC)]
    assert Event.objects.filter(date_time__gte=AT).count() == 1


def test_nothing_is_no_error() -> None:
    assert bulk_writer().write(Agent, ("key",), []) == 0


def test_keys_are_set_aside_once(entity: IntellectualEntity) -> None:
    writer = bulk_writer()
    taken = [*writer.new_ids(Event, 3), *writer.new_ids(Event, 2)]
    assert len(set(taken)) == 5
    made = Event.objects.create(entity=entity, event_id=uuid4(), type="x", date_time=AT)
    assert made.pk not in taken
    assert not set(writer.new_ids(Event, 5)) & {*taken, made.pk}


def test_rows_that_point_to_nothing_are_refused(entity: IntellectualEntity) -> None:
    rows = [(12345, 67890, "x")]
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012  # now or at the commit
        bulk_writer().write(EventAgent, ("event_id", "agent_id", "role"), rows)
        connection.check_constraints()


def test_a_repeated_row_is_refused(entity: IntellectualEntity) -> None:
    row = (entity.pk, uuid4(), "x", AT, *EMPTY)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_writer().write(Event, EVENT, [row, row])
    assert not Event.objects.exists()


def test_an_iterator_is_never_held_whole(entity: IntellectualEntity) -> None:
    alive: list[int] = []

    class Row(list[object]):
        def __del__(self) -> None:
            alive.append(-1)

    def rows() -> Iterator[Row]:
        for number in range(5000):
            alive.append(1)
            yield Row([entity.pk, uuid4(), f"x{number}", AT, *EMPTY])

    bulk_writer().write(Event, EVENT, rows())
    running = 0
    most = max(running := running + each for each in alive)
    assert most < 10
