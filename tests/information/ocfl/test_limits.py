"""However much an inventory claims, what is held of it is little, and what is told is countable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path

import pytest

from muniment.information.ocfl import read_head, read_inventory
from muniment.information.ocfl.events import (
    MOST_DEPTH,
    MOST_MEMBERS,
    MOST_VALUE_BYTES,
    BeyondLimits,
    json_events,
    read_members,
)
from muniment.information.ocfl.parsing import MOST_VERSIONS
from muniment.information.ocfl.validation import ValidationReport, validate_object, validate_root
from muniment.information.ocfl.validation.log import MOST_OF_A_CODE, FindingLog
from muniment.runtime.errors import CorruptObject
from tests.information.ocfl.builders import an_object, changed_text, md5, write_bytes


class Source:
    """Gives blocks one after the other and counts what was given."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks: Iterator[bytes] = iter(blocks)
        self._rest = b""
        self.given = 0

    def read(self, size: int = -1, /) -> bytes:
        self._rest = self._rest or next(self._blocks, b"")
        block, self._rest = self._rest[:size], self._rest[size:]
        self.given += len(block)
        return block


MIB = 1 << 20
ENDLESS = {
    "a text": (b'{"id": "', b"A" * MIB),
    "a key": (b'{"', b"A" * MIB),
    "escaped quotes": (b'{"id": "', b'\\"' * (MIB // 2)),
    "a number": (b'{"id": ', b"1" * MIB),
    "white space": (b"{", b" " * MIB),
    "nesting": (b'{"extra": ', b"[" * MIB),
    "nested objects": (b'{"id": ', b'{"a":' * (MIB // 5)),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_value_without_end_is_given_up(kind: str) -> None:
    start, more = ENDLESS[kind]
    source = Source(chain([start], repeat(more)))
    with pytest.raises(CorruptObject, match=r"beyond our limits|not JSON|E102"):
        read_inventory(source)
    assert source.given < 2 * MOST_VALUE_BYTES


def test_the_head_is_not_looked_for_without_end() -> None:
    with pytest.raises(CorruptObject):
        read_head(Source(chain([b'{"id": "'], repeat(b"A" * MIB))))


def test_what_comes_before_a_fault_is_read() -> None:
    assert read_head(BytesIO(b'{"head": "v3", }')) == 3


def test_depth_up_to_the_limit_is_read_over() -> None:
    deep = b"[" * MOST_DEPTH + b"]" * MOST_DEPTH
    assert read_head(BytesIO(b'{"extra": ' + deep + b', "head": "v1"}')) == 1
    with pytest.raises(CorruptObject):
        read_head(BytesIO(b'{"extra": [' + deep + b'], "head": "v1"}'))


def test_of_a_user_with_many_members_only_so_many_are_kept() -> None:
    members = {f"k{number}": number for number in range(MOST_MEMBERS + 10)}
    text = json.dumps({**members, "k0": "again"}).encode()
    events = json_events(BytesIO(text))
    kept = read_members(events, next(events)[0])
    assert kept is not None
    assert (len(kept), kept["k0"]) == (MOST_MEMBERS, "again")


def test_more_versions_than_we_hold_are_beyond_our_limits(tmp_path: Path) -> None:
    versions = ",".join(f'"v{number}":{{}}' for number in range(1, MOST_VERSIONS + 2))
    text = f'{{"versions": {{{versions}}}}}'.encode()
    with pytest.raises(CorruptObject, match="more than 100000 versions"):
        read_inventory(BytesIO(text))
    root = an_object(tmp_path / "o")
    write_bytes(root, text)
    (finding,) = validate_object(root, workers=0).findings
    assert (finding.code, finding.path) == ("UNREADABLE", "inventory.json")


def test_every_version_of_many_is_looked_for(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}] * 2)
    changed_text(root, "v2", lambda text: _with_versions(text, 11_000))
    report = validate_object(root, workers=0)
    told = Counter(finding.code for finding in report.findings)
    # v1 and v2 are there, 10,998 directories are not.
    assert told == {"E046": MOST_OF_A_CODE, "UNLISTED": 1, "E040": 1}


def _with_versions(text: str, count: int) -> str:
    document = json.loads(text)
    one = document["versions"]["v1"]
    document["versions"] = {f"v{number}": one for number in range(1, count + 1)}
    document["head"] = f"v{count}"
    return json.dumps(document)


def codes(report: ValidationReport) -> Counter[str]:
    return Counter(finding.code for finding in report.findings)


def test_findings_of_one_code_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    extra = ", ".join(f'"k{number}": 1' for number in range(MOST_OF_A_CODE + 25))
    changed_text(root, "v1", lambda text: text.replace("{", "{" + extra + ",", 1))
    report = validate_object(root, workers=0)
    assert codes(report) == {"E102": MOST_OF_A_CODE, "UNLISTED": 1}
    assert report.findings[-1].params == {"count": "25", "of": "E102"}
    assert not report.is_valid


def test_findings_of_several_objects_are_counted_together() -> None:
    one, other, root = FindingLog(), FindingLog(), FindingLog()
    for log in (one, other):
        for number in range(MOST_OF_A_CODE - 5):
            log.add("W010", f"v{number}")
        root.extend(log.all_findings())
    assert root.all_findings()[-1].params == {"count": str(MOST_OF_A_CODE - 10), "of": "W010"}


def test_texts_of_an_inventory_are_cut_in_what_is_told(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    changed_text(root, "v1", lambda text: text.replace(md5(b"one"), "f" * 100_000))
    for finding in validate_object(root, workers=0).findings:
        texts = (finding.message, finding.pointer, finding.expected, finding.found)
        assert max(len(text or "") for text in texts) < 700


def test_a_path_that_no_file_system_has_is_cut_in_what_is_told(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    changed_text(root, "v1", lambda text: text.replace("v1/content/a", "v1/content/" + "x" * 9000))
    paths = [finding.path or "" for finding in validate_object(root, workers=0).findings]
    assert 4000 < max(map(len, paths)) < 4200


def test_a_path_that_is_there_again_and_again_is_compared_so_many_times(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    digests = ", ".join(f'"{number:0128x}": ["v1/content/a"]' for number in range(1500))
    changed_text(
        root, "v1", lambda text: text.replace('"manifest": {', f'"manifest": {{{digests},')
    )
    told = codes(validate_object(root, workers=0))
    assert told["E101"] == 1500
    assert told["E092"] == 999


def test_faulty_paths_beyond_those_remembered_are_missing_too(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    digests = ", ".join(f'"{number:0128x}": ["/x{number}"]' for number in range(10_050))
    changed_text(
        root, "v1", lambda text: text.replace('"manifest": {', f'"manifest": {{{digests},')
    )
    told = codes(validate_object(root, workers=0))
    assert (told["E100"], told["E092"]) == (MOST_OF_A_CODE, 50)


def test_a_root_tells_of_its_objects_within_the_same_limit(tmp_path: Path) -> None:
    from muniment.information.ocfl import HashAndIdNTuple
    from tests.information.ocfl.builders import a_root

    layout = HashAndIdNTuple()
    root = a_root(tmp_path / "root", layout, ["urn:x:1", "urn:x:2"])
    extra = ", ".join(f'"k{number}": 1' for number in range(MOST_OF_A_CODE - 5))
    for object_id in ("urn:x:1", "urn:x:2"):
        place = root / layout.path_of(object_id)
        changed_text(place, "v1", lambda text: text.replace("{", "{" + extra + ",", 1))
    assert codes(validate_root(root, workers=0)) == {"E102": MOST_OF_A_CODE, "UNLISTED": 1}


def test_the_events_of_one_block_are_few_enough_to_hold() -> None:
    with pytest.raises(BeyondLimits):
        list(json_events(Source([b'"', b"x" * (MOST_VALUE_BYTES + MIB), b'"'])))
