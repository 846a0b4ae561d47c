"""Whatever stands where an inventory should: findings or CorruptObject, never anything else."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.ocfl import InventoryIndex, read_head, read_inventory, write_inventory
from muniment.information.ocfl.validation import TABLE, validate_object
from muniment.runtime.errors import CorruptObject
from tests.information.ocfl.builders import (
    an_object,
    document_at,
    sha512,
    write_bytes,
    write_document,
)
from tests.information.ocfl.mutations import pointers

FILES = {"a.txt": b"one", "b/c.txt": b"two"}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["v1", "v2", "sha512", "content", "..", "/a", "a//b", sha512(b"one"), "\0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["v1", "md5", sha512(b"one"), "state", "name"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_object(tmp_path_factory.mktemp("good") / "o", [FILES, FILES])


def ask_everything(index: InventoryIndex) -> None:
    """Use all that storage uses of an inventory that was taken."""
    for version in index.versions():
        assert version.created_at
        assert index.file_count(version.number) == len(list(index.state(version.number)))
        list(index.changes(version.number - 1, version.number))
    list(index.content())
    list(index.fixity())
    write_inventory(BytesIO(), index)
    assert index.next_name


def place_of(document: dict[str, Any], pointer: tuple[str, ...]) -> Any:  # noqa: ANN401  # JSON
    for part in pointer[:-1]:
        document = document[part]
    return document


@given(data=st.data(), value=VALUES)
def test_any_value_anywhere_is_a_finding_or_harmless(
    good: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, value: object
) -> None:
    document = document_at(good)
    pointer = data.draw(st.sampled_from(sorted(pointers(document))))
    place_of(document, pointer)[pointer[-1]] = value
    text = json.dumps(document).encode()
    with suppress(CorruptObject), read_inventory(BytesIO(text)) as index:
        ask_everything(index)
    root = an_object(tmp_path_factory.mktemp("o") / "o", [FILES, FILES])
    for folder in (root, root / "v2"):
        write_bytes(folder, text)
    report = validate_object(root, workers=0)
    assert all(finding.code in TABLE and finding.message for finding in report.findings)
    assert json.dumps(report.as_json(), ensure_ascii=False).encode()


@given(value=VALUES)
def test_any_document_is_a_finding(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    root = an_object(tmp_path_factory.mktemp("o") / "o")
    write_document(root, value)
    assert not validate_object(root, workers=0).is_valid
    with pytest.raises(CorruptObject):
        read_inventory(BytesIO(json.dumps(value).encode()))


@given(content=st.binary(max_size=200), at=st.integers(0, 3000))
def test_any_bytes_in_an_inventory_are_a_finding_or_harmless(
    good: Path, content: bytes, at: int
) -> None:
    text = (good / "inventory.json").read_bytes()
    place = at % len(text)
    spoilt = text[:place] + content + text[place + len(content) :]
    with suppress(CorruptObject), read_inventory(BytesIO(spoilt)) as index:
        ask_everything(index)
    with suppress(CorruptObject):
        assert read_head(BytesIO(spoilt)) > 0


def test_an_inventory_cut_anywhere_is_corrupt(good: Path) -> None:
    text = (good / "inventory.json").read_bytes().rstrip()
    for kept in range(len(text)):
        with pytest.raises(CorruptObject):
            read_inventory(BytesIO(text[:kept]))


def test_an_inventory_cut_anywhere_is_told_as_no_json(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    text = (root / "inventory.json").read_bytes().rstrip()
    told = set()
    for kept in range(0, len(text), 7):
        write_bytes(root, text[:kept])
        told.add(frozenset(each.code for each in validate_object(root, workers=0).findings))
    assert told == {frozenset({"E033"})}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf", b""),
        (b"\xff\xfe", b""),
        (b"\0", b""),
        (b"", b"\0"),
        (b"", b"x"),
        (b"", b"{}"),
        (b"/* */", b""),
        (b")]}',\n", b""),
    ],
)
def test_what_stands_around_the_document_is_told(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    root = an_object(tmp_path / "o", [FILES])
    text = before + (root / "inventory.json").read_bytes() + after
    for folder in (root, root / "v1"):
        write_bytes(folder, text)
    assert {each.code for each in validate_object(root, workers=0).findings} == {"E033"}
    with pytest.raises(CorruptObject, match="not JSON"):
        read_inventory(BytesIO(text))


def doubled(value: object, pointer: tuple[str, ...]) -> str:
    """Write JSON in which the member at a pointer stands twice."""
    if not isinstance(value, dict) or not pointer:
        return json.dumps(value)
    members = [
        (key, doubled(each, pointer[1:]) if key == pointer[0] else json.dumps(each))
        for key, each in value.items()
    ]
    if len(pointer) == 1:
        members += [member for member in members if member[0] == pointer[0]]
    return "{" + ",".join(f"{json.dumps(key)}: {text}" for key, text in members) + "}"


REPEATED = {
    ("id",): {"E033"},
    ("head",): {"E033"},
    ("type",): {"E033"},
    ("digestAlgorithm",): {"E033"},
    ("manifest",): {"E033"},
    ("versions",): {"E033"},
    ("fixity",): {"E033"},
    ("versions", "v1"): {"E033"},
    ("versions", "v1", "created"): {"E033"},
    ("versions", "v1", "state"): {"E033"},
    ("versions", "v1", "user"): {"E033"},
    ("manifest", sha512(b"one")): {"E096", "E101"},
    ("versions", "v1", "state", sha512(b"one")): {"E050", "E095"},
}


@pytest.mark.parametrize("pointer", REPEATED, ids="/".join)
def test_a_key_that_is_there_twice_is_told(tmp_path: Path, pointer: tuple[str, ...]) -> None:
    root = an_object(tmp_path / "o", [FILES])
    text = doubled(document_at(root), pointer).encode()
    for folder in (root, root / "v1"):
        write_bytes(folder, text)
    assert {each.code for each in validate_object(root, workers=0).findings} == REPEATED[pointer]


def test_a_digest_that_is_twice_in_a_fixity_block_is_told(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    document = document_at(root)
    (digest,) = document["fixity"]["md5"]
    text = doubled(copy.deepcopy(document), ("fixity", "md5", digest)).encode()
    for folder in (root, root / "v1"):
        write_bytes(folder, text)
    assert {each.code for each in validate_object(root, workers=0).findings} == {"E097"}
