"""OCFL 1.1 §3.5: inventories are written as a stream, the same bytes for the same inventory."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pytest

from muniment.information.ocfl import (
    InventoryIndex,
    VersionEntry,
    load_inventory,
    read_inventory,
    write_inventory,
)
from muniment.runtime.errors import CorruptObject
from tests.information.ocfl.builders import OBJECT_ID, WHEN, an_object, document_at, sha512
from tests.information.ocfl.good_objects import renamed_content


class Blocks:
    """Takes what is written and remembers how much at a time."""

    def __init__(self) -> None:
        self.content = b""
        self.sizes: list[int] = []

    def write(self, block: bytes) -> int:
        self.content += block
        self.sizes.append(len(block))
        return len(block)


def test_a_large_inventory_is_written_in_blocks_and_read_back() -> None:
    entries = [VersionEntry(f"{number}", sha512(b"%d" % number)) for number in range(3000)]
    blocks = Blocks()
    with InventoryIndex.new(OBJECT_ID) as index:
        index.add_version(entries, WHEN, message="m", user_name="A", user_address="mailto:a@b.c")
        digest = write_inventory(blocks, index)  # type: ignore[arg-type]  # `write` is all it needs
        written = list(index.state(1))
    assert digest == hashlib.sha512(blocks.content).hexdigest()
    assert max(blocks.sizes) < 300_000 < len(blocks.content)
    with read_inventory(BytesIO(blocks.content)) as again:
        assert list(again.state(1)) == written


def test_an_inventory_is_what_a_json_library_reads() -> None:
    buffer = BytesIO()
    with InventoryIndex.new('urn:x:"quoted"') as index:
        index.add_version(
            [VersionEntry('a\u2028"b\\', sha512(b"")), VersionEntry("c", sha512(b""))],
            WHEN,
            message="line\nbreak",
            user_name="Ada",
            user_address="mailto:a@b.c",
        )
        write_inventory(buffer, index)
    assert json.loads(buffer.getvalue()) == {
        "id": 'urn:x:"quoted"',
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v1",
        "manifest": {sha512(b""): ["v1/content/a\u2028%22b%5c"]},
        "versions": {
            "v1": {
                "created": "2026-01-02T03:04:05.000000Z",
                "message": "line\nbreak",
                "user": {"name": "Ada", "address": "mailto:a@b.c"},
                "state": {sha512(b""): ['a\u2028"b\\', "c"]},
            }
        },
    }


def test_what_others_chose_is_kept_when_a_version_is_added(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    renamed_content(root)
    buffer = BytesIO()
    with load_inventory(root) as index:
        entry = VersionEntry("b", sha512(b"two"))
        index.add_version([entry], WHEN, message="m", user_name="A", user_address="mailto:a@b.c")
        assert index.content_path(sha512(b"two")) == "v2/data/b"
        write_inventory(buffer, index)
    assert json.loads(buffer.getvalue())["contentDirectory"] == "data"


def test_what_others_left_out_is_not_made_up(tmp_path: Path) -> None:
    document = document_at(an_object(tmp_path / "o", [{"a": b"one"}]))
    for key in ("message", "user"):
        del document["versions"]["v1"][key]
    del document["fixity"]
    buffer = BytesIO()
    with read_inventory(BytesIO(json.dumps(document).encode())) as index:
        write_inventory(buffer, index)
    assert json.loads(buffer.getvalue()) == document


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda d: d["versions"].update(v3=d["versions"]["v1"]), "E010"),
        (lambda d: d["versions"].update(v=d["versions"]["v1"]), "E046"),
        (lambda d: d.update(versions={}), "E040"),
        (lambda d: d.update(head="v2"), "E040"),
        (lambda d: d["versions"]["v1"].update(created="yesterday"), "E049"),
        (lambda d: d["versions"]["v1"].pop("created"), "E049"),
        (lambda d: d.update(contentDirectory=7), "E017"),
        (lambda d: d.update(digestAlgorithm="md5"), "E025"),
        (lambda d: d.update(type="https://ocfl.io/2.0/spec/#inventory"), "E038"),
        (lambda d: d.update(extra=1), "E102"),
    ],
)
def test_the_strict_reader_names_the_rule_that_is_broken(
    tmp_path: Path, change: object, rule: str
) -> None:
    document = document_at(an_object(tmp_path / "o", [{"a": b"one"}]))
    assert callable(change)
    change(document)
    with pytest.raises(CorruptObject, match=rule):
        read_inventory(BytesIO(json.dumps(document).encode()))
