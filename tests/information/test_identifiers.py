"""Identifiers: new ones are UUIDv7, derived ones are the uuid5 that the plan fixes."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.identifiers import (
    agent_id,
    event_id,
    file_id,
    new_object_id,
    parse_object_id,
    representation_id,
    urn,
)
from muniment.runtime.errors import InvalidArgument

OBJECT = "0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
uuids = st.uuids().map(str)


@given(at_ms=st.integers(min_value=0, max_value=2**48 - 1))
def test_a_new_object_id_is_a_uuid_of_version_7_with_its_time_in_front(at_ms: int) -> None:
    parsed = UUID(new_object_id(at_ms=at_ms))
    assert parsed.version == 7
    assert parsed.variant == "specified in RFC 4122"
    assert parsed.int >> 80 == at_ms


def test_two_new_object_ids_differ() -> None:
    assert new_object_id(at_ms=5) != new_object_id(at_ms=5)


def test_object_ids_sort_by_the_time_they_were_made() -> None:
    assert new_object_id(at_ms=1000) < new_object_id(at_ms=1001)


def test_an_object_id_without_a_time_is_of_now() -> None:
    assert UUID(new_object_id()).int >> 80 > 1_700_000_000_000


@given(object_id=uuids, name=st.text(), path=st.text(), sha512=st.text())
def test_a_file_id_is_the_uuid5_of_representation_path_and_digest(
    object_id: str, name: str, path: str, sha512: str
) -> None:
    expected = uuid5(UUID(object_id), f"{name}\0{path}\0{sha512}")
    assert file_id(object_id, name, path, sha512) == str(expected)


def test_a_path_that_is_not_unicode_still_has_a_file_id() -> None:
    UUID(file_id(OBJECT, "original", "a\udcff", "00"))


def test_a_representation_and_an_event_of_the_same_name_differ() -> None:
    assert representation_id(OBJECT, "x") != event_id(OBJECT, "x")


@given(parts=st.lists(st.text(), min_size=1))
def test_an_event_id_depends_on_nothing_but_its_parts(parts: list[str]) -> None:
    assert event_id(OBJECT, *parts) == event_id(OBJECT, *parts)


def test_versions_of_one_tool_are_different_agents() -> None:
    assert agent_id("software", "siegfried", "1") != agent_id("software", "siegfried", "2")


@given(object_id=uuids)
def test_the_urn_form_of_an_object_id_reads_back(object_id: str) -> None:
    assert parse_object_id(urn(object_id)) == object_id
    assert parse_object_id(f" {object_id.upper()} ") == object_id


@pytest.mark.parametrize("text", ["", "x", "urn:uuid:", "0190b3c45e6f7a8b9c0d1e2f3a4b5c6d"])
def test_what_is_not_a_uuid_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidArgument, match="not an object identifier"):
        parse_object_id(text)
