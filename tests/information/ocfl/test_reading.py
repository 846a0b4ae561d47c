"""The strict reader: what storage relies on is whole, or it says that it is not."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.information.ocfl import load_inventory, read_head, read_inventory
from muniment.runtime.errors import CorruptObject, FixityMismatch, ObjectMissing
from tests.information.ocfl.builders import (
    Document,
    an_object,
    document_at,
    read_back,
    sha512,
    write_document,
)
from tests.information.ocfl.malformed import MALFORMED
from tests.information.ocfl.object_faults import padded

FILES = {"a.txt": b"one", "b/c.txt": b"two"}


def test_an_object_root_is_loaded_and_verified(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    with load_inventory(root) as index:
        assert index.digest == sha512((root / "inventory.json").read_bytes())
        assert (index.head, index.head_name, index.next_name) == (1, "v1", "v2")
        (version,) = index.versions()
        assert (version.created, version.message) == ("2026-01-02T03:04:05.000000Z", "m")
        assert (version.user_name, version.user_address) == ("Ada", "mailto:a@b.org")


def test_zero_padding_is_kept(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    padded(root)
    with load_inventory(root) as index:
        assert (index.head_name, index.next_name) == ("v01", "v02")


def test_versions_in_any_order_are_put_in_order(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES, {"x": b"one"}, {"y": b"two"}])
    document = document_at(root)
    document["versions"] = dict(reversed(document["versions"].items()))
    write_document(root, document)
    with load_inventory(root) as index:
        assert [entry.logical_path for entry in index.state(3)] == ["y"]
        assert [entry.logical_path for entry in index.state(1)] == ["a.txt", "b/c.txt"]


def test_upper_case_digests_are_folded(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    text = (root / "inventory.json").read_text().replace(sha512(b"one"), sha512(b"one").upper())
    (root / "inventory.json").write_text(text)
    with read_back(root) as index:
        assert index.content_path(sha512(b"one")) == "v1/content/a.txt"


def test_a_sidecar_that_disagrees_is_a_mismatch(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    with (root / "inventory.json").open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(FixityMismatch, match="its sidecar says"):
        load_inventory(root)
    load_inventory(root, verify=False).close()


@pytest.mark.parametrize("content", [b"", b"xyz inventory.json", b"abc other.json\n"])
def test_a_sidecar_of_another_form_is_corrupt(tmp_path: Path, content: bytes) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / "inventory.json.sha512").write_bytes(content)
    with pytest.raises(CorruptObject, match="DIGEST"):
        load_inventory(root)


def test_missing_things_are_told_apart(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / "inventory.json.sha512").unlink()
    with pytest.raises(CorruptObject, match="sha512 is missing"):
        load_inventory(root)
    (root / "inventory.json").unlink()
    with pytest.raises(CorruptObject, match=r"inventory\.json is missing"):
        load_inventory(root)
    with pytest.raises(ObjectMissing):
        load_inventory(tmp_path / "nowhere")


CHANGES: list[Document] = [
    {"id": ""},
    {"id": None},
    {"type": "x"},
    {"digestAlgorithm": "md5"},
    {"head": "v7"},
    {"head": 1},
    {"contentDirectory": "a/b"},
    {"contentDirectory": []},
    {"manifest": []},
    {"versions": {}},
    {"versions": {"v2": {}}},
    {"versions": {"x": {}}},
    {"versions": []},
    {"fixity": 7},
    {"extra": 1},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_inventory_is_corrupt(tmp_path: Path, change: Document) -> None:
    root = an_object(tmp_path / "o", [FILES])
    write_document(root, document_at(root) | change)
    with pytest.raises(CorruptObject):
        load_inventory(root)


@pytest.mark.parametrize("key", ["id", "type", "digestAlgorithm", "head", "manifest", "versions"])
def test_an_inventory_without_a_key_is_corrupt(tmp_path: Path, key: str) -> None:
    root = an_object(tmp_path / "o", [FILES])
    document = document_at(root)
    del document[key]
    write_document(root, document)
    with pytest.raises(CorruptObject, match=key):
        load_inventory(root)


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_json_is_corrupt(content: bytes) -> None:
    with pytest.raises(CorruptObject):
        read_inventory(BytesIO(content))


@given(content=st.binary(max_size=200))
@example(b"{}")
def test_any_bytes_are_read_or_corrupt(content: bytes) -> None:
    with pytest.raises(CorruptObject):
        read_inventory(BytesIO(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"]
)


@given(change=st.dictionaries(KEYS, JSON, min_size=1, max_size=3))
def test_any_json_in_place_of_a_member_is_read_or_corrupt(change: Document) -> None:
    whole: Document = {
        "id": "urn:x:1",
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v1",
        "manifest": {sha512(b"one"): ["v1/content/a"]},
        "versions": {"v1": {"created": "x", "state": {sha512(b"one"): ["a"]}}},
    }
    with suppress(CorruptObject):
        read_inventory(BytesIO(json.dumps(whole | change).encode())).close()


def test_the_head_is_read_without_the_rest() -> None:
    assert read_head(BytesIO(b'{"manifest": {"a": [1, {}]}, "head": "v0012", ')) == 12


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"head": "x"}', b'{"head"', b"\xff"])
def test_a_head_that_is_none_is_corrupt(content: bytes) -> None:
    with pytest.raises(CorruptObject):
        read_head(BytesIO(content))
