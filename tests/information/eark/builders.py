"""E-ARK packages on disk, and their listings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256, sha512
from pathlib import Path

from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.eark import SipDescription, write_sip
from muniment.information.listing import ListedFile
from muniment.information.paths import encode_name

PACKAGE_ID = "0190b3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
CONTENT = {"a b.txt": b"letters", "sub/100%.txt": b"per cent", "empty": b""}
DATA = "representations/original/data"


def a_sip(folder: Path) -> Path:
    """Write a SIP of CONTENT; return its root."""
    content = folder / "content"
    for path, data in CONTENT.items():
        target = content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    description = SipDescription(
        package_id=PACKAGE_ID,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        submitter="Museum of Letters",
        software_version="0.1.0",
        dublin_core=DublinCore((DublinCoreValue("title", "Letters", "en"),)),
    )
    root = folder / description.object_id
    write_sip(description, content, root)
    return root


def as_received(root: Path) -> Path:
    """Rename files to safe paths, as receiving does."""
    for path in sorted((each for each in root.rglob("*") if each.is_file()), reverse=True):
        path.rename(path.with_name(encode_name(path.name.encode())))
    return root


def listing_of(root: Path) -> Iterator[ListedFile]:
    for path in sorted(each for each in root.rglob("*") if each.is_file()):
        name, data = path.relative_to(root).as_posix(), path.read_bytes()
        digests = {"sha256": sha256(data).hexdigest(), "sha512": sha512(data).hexdigest()}
        yield ListedFile(name, name, len(data), digests, None)


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace text in a file of the package; it must be there."""
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new))
