"""A CERN SIP becomes an object, and its very bag can be built again from the version (R10)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from muniment.information.bagit import validate_bag
from tests.archives import Archive
from tests.information.cern_sip.sips import CONTENT, TIMESTAMP, Sip, a_document, an_entry
from tests.judges.fixtures import Judge

CONTENT_WITH_ODD_NAMES = {**CONTENT, "100%/été.txt": b"three", "empty": b""}
DC = b'<dc xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Minutes of 1954</dc:title></dc>'


def a_whole_sip(root: Path) -> Sip:
    """Write one with a description, a log, a tag manifest and names that need care."""
    sip = Sip(root)
    entries = [an_entry(path, content) for path, content in CONTENT_WITH_ODD_NAMES.items()]
    for path, content in CONTENT_WITH_ODD_NAMES.items():
        sip.put(f"data/content/{path}", content)
    sip.put("data/meta/dc.xml", DC)
    sip.put("data/meta/bagitcreate.log", b"harvested\r\n")
    entries.append({"bagpath": "data/meta/sip.json", "size": 0, "metadata": True})
    sip.put("data/meta/sip.json", json.dumps(a_document(contentFiles=entries), indent=4).encode())
    sip.seal()
    names = ("bagit.txt", "bag-info.txt", "manifest-md5.txt")
    lines = [f"{hashlib.md5((sip.folder / n).read_bytes()).hexdigest()} {n}\n" for n in names]
    sip.put("tagmanifest-md5.txt", "".join(lines).encode())
    return sip


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.tool("bagit")
def test_the_bag_of_a_cern_sip_comes_back_byte_for_byte(
    archive: Archive, tmp_path: Path, bagit_judge: Judge
) -> None:
    sip = a_whole_sip(tmp_path / "in")
    (submission,) = archive.ingest(sip.root)
    assert submission["verdict"] == "accepted", submission["findings"]
    words = ["object", "export", submission["object_id"], "--as", "original", "--to"]
    assert archive.run(*words, tmp_path / "back").code == 0
    assert tree(tmp_path / "back") == tree(sip.folder)
    assert validate_bag(tmp_path / "back").findings == ()
    assert bagit_judge(tmp_path / "back") == []
    shown = archive.run("object", "show", submission["object_id"], "--json").json()
    assert shown["title"] == "Minutes of 1954"


def test_a_later_state_of_the_record_is_a_version_of_its_object(
    archive: Archive, tmp_path: Path
) -> None:
    (first,) = archive.ingest(a_whole_sip(tmp_path / "one").root)
    later = a_whole_sip(tmp_path / "two")
    document = a_document(sip_creation_timestamp=TIMESTAMP + 60)
    later.put("data/meta/sip.json", json.dumps(document).encode())
    (later.folder / "tagmanifest-md5.txt").unlink()
    later.seal()
    later.folder.rename(later.root / f"sip::cds::2272168::{TIMESTAMP + 60}")
    (second,) = archive.ingest(later.root)
    assert (second["object_id"], second["version"]) == (first["object_id"], 2)
