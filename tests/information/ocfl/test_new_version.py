"""What would make an inventory invalid is refused before it is written."""

from __future__ import annotations

import json
from datetime import datetime
from io import BytesIO

import pytest

from muniment.information.ocfl import (
    InventoryIndex,
    VersionEntry,
    read_inventory,
    write_inventory,
)
from muniment.runtime.errors import CorruptObject, InvalidArgument
from tests.information.ocfl.builders import OBJECT_ID, WHEN
from tests.information.ocfl.test_index import ONE, add, an_index


@pytest.mark.parametrize("path", ["a\udcff", "\ud800"])
def test_a_logical_path_that_is_not_unicode_is_refused(path: str) -> None:
    with an_index() as index, pytest.raises(InvalidArgument, match="logical path"):
        add(index, {path: b"one"})


@pytest.mark.parametrize(
    "fixity", [{"crc32": "0" * 8}, {"md5": "0" * 31}, {"md5": "g" * 32}, {"sha224": "0" * 56}]
)
def test_fixity_that_ocfl_does_not_know_is_refused(fixity: dict[str, str]) -> None:
    with an_index() as index:
        entries = [VersionEntry("a", ONE, fixity)]
        with pytest.raises(InvalidArgument, match="fixity block"):
            index.add_version(entries, WHEN, message="", user_name="", user_address="")
        assert (index.head, list(index.fixity())) == (0, [])


def test_a_time_without_zone_is_refused() -> None:
    with an_index() as index, pytest.raises(InvalidArgument, match="no zone"):
        index.add_version([], datetime(2026, 1, 1), message="", user_name="", user_address="")  # noqa: DTZ001  # on purpose


@pytest.mark.parametrize(("object_id", "algorithm"), [("", "sha512"), ("urn:x:1", "md5")])
def test_an_object_that_ocfl_does_not_know_is_refused(object_id: str, algorithm: str) -> None:
    with pytest.raises(InvalidArgument, match="OCFL has no object"):
        InventoryIndex.new(object_id, digest_algorithm=algorithm)


@pytest.mark.parametrize("digest", ["", "xyz", "g" * 128, "0" * 64])
def test_nothing_is_built_on_a_manifest_without_digests(digest: str) -> None:
    buffer = BytesIO()
    with an_index({"a": b"one"}) as index:
        write_inventory(buffer, index)
    text = buffer.getvalue().decode().replace(ONE, digest)
    with (
        read_inventory(BytesIO(text.encode())) as index,
        pytest.raises(CorruptObject, match="no digest"),
    ):
        add(index, {"b": b"two"})


@pytest.mark.parametrize(
    ("name", "address", "user"),
    [
        ("", "", None),
        ("", "mailto:a@b.c", None),
        ("Ada", "", {"name": "Ada"}),
        ("Ada", "mailto:a@b.c", {"name": "Ada", "address": "mailto:a@b.c"}),
    ],
)
def test_a_user_without_name_is_left_out(
    name: str, address: str, user: dict[str, str] | None
) -> None:
    buffer = BytesIO()
    with InventoryIndex.new(OBJECT_ID) as index:
        index.add_version([], WHEN, message="m", user_name=name, user_address=address)
        write_inventory(buffer, index)
    version = json.loads(buffer.getvalue())["versions"]["v1"]
    assert version.get("user") == user
