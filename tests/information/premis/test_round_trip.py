"""PREMIS 3.0: what is written is read back, by either reader."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from muniment.information.premis import PremisUnit, PremisWriter, read_premis
from tests.information.premis.strategies import agents, events, files, objects, rights


def written(units: list[PremisUnit]) -> bytes:
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write_all(units)
    return sink.getvalue()


def foreign(document: bytes) -> bytes:
    """The same document without the header that our reader recognises."""
    return document.replace(b"<premis ", b"<premis  ", 1)


@given(
    st.lists(objects, min_size=1, max_size=3),
    st.lists(events, max_size=2),
    st.lists(agents, max_size=2),
    st.lists(rights, max_size=2),
)
def test_units_come_back_as_they_were_written(
    some_objects: list[PremisUnit],
    some_events: list[PremisUnit],
    some_agents: list[PremisUnit],
    some_rights: list[PremisUnit],
) -> None:
    units = [*some_objects, *some_events, *some_agents, *some_rights]
    assert list(read_premis(BytesIO(written(units)))) == units


@given(st.lists(objects, min_size=1, max_size=3), st.lists(events | agents, max_size=1))
def test_the_reader_of_foreign_documents_reads_the_same(
    some_objects: list[PremisUnit], others: list[PremisUnit]
) -> None:
    document = written([*some_objects, *others])
    assert list(read_premis(BytesIO(foreign(document)))) == list(read_premis(BytesIO(document)))


@given(files)
def test_one_unit_takes_one_line(file: PremisUnit) -> None:
    assert len(written([file]).split(b"\n")) == 5
