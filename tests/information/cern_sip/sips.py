"""Builds CERN SIPs for tests, by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from muniment.information.cern_sip import CernSipReport, check_cern_sip
from muniment.information.listing import ListedFile
from muniment.information.paths import encode_name

TIMESTAMP = 1_700_000_000
CONTENT: Mapping[str, bytes] = {"a.txt": b"one", "deep/b.txt": b"two"}


def an_entry(path: str, content: bytes, **replaced: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    entry = {
        "origin": {"url": f"https://example.org/{path}", "filename": path, "path": ""},
        "size": len(content),
        "bagpath": f"data/content/{path}",
        "metadata": False,
        "downloaded": True,
        "checksum": f"md5:{hashlib.md5(content).hexdigest()}",
    }
    return {**entry, **replaced}


def a_document(**replaced: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    """A good sip.json; a member that is replaced by `...` is left out."""
    document = {
        "$schema": "https://gitlab.cern.ch/digitalmemory/sip-spec/-/blob/master/sip-schema-d1.json",
        "created_by": "bagit-create 0.1",
        "source": "cds",
        "recid": "2272168",
        "sip_creation_timestamp": TIMESTAMP,
        "metadataFile_upstream": None,
        "audit": [
            {
                "tool": {"name": "bagit-create", "version": "0.1", "website": "", "params": {}},
                "action": "sip_create",
                "timestamp": TIMESTAMP,
                "message": "",
            }
        ],
        "contentFiles": [an_entry(path, content) for path, content in CONTENT.items()],
    }
    return {name: value for name, value in {**document, **replaced}.items() if value is not ...}


@dataclass(frozen=True, slots=True)
class Sip:
    """A CERN SIP on disk in a top folder, to be spoilt before it is checked."""

    root: Path
    name: str = f"sip::cds::2272168::{TIMESTAMP}"
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.root / self.name

    def put(self, path: str, content: bytes) -> None:
        """Write a file of the package."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    def seal(self, algorithm: str = "md5") -> None:
        """Write the tag files to what is there."""
        files = [path for path in (self.folder / "data").rglob("*") if path.is_file()]
        lines = [
            f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  "
            f"{path.relative_to(self.folder)}\n"
            for path in files
        ]
        size = sum(path.stat().st_size for path in files)
        tags = {
            "bagit.txt": "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": f"Payload-Oxum: {size}.{len(files)}\n",
            f"manifest-{algorithm}.txt": "".join(lines),
        }
        for name, text in (tags | self.tags).items():
            self.put(name, text.encode())

    def check(self) -> CernSipReport:
        """Check as received, with a listing that has no digests yet."""
        as_received(self.root)
        paths = [path for path in self.root.rglob("*") if path.is_file()]
        names = [str(path.relative_to(self.root)) for path in paths]
        files = [
            ListedFile(name, name, path.stat().st_size, {}, None)
            for name, path in zip(names, paths, strict=True)
        ]
        return check_cern_sip(self.root, files, base=encode_name(self.name.encode()))

    def faults(self) -> set[tuple[str, str | None]]:
        """Check; return code and path of each finding but the one about weak digests."""
        found = self.check().findings
        return {(each.code, each.path) for each in found if each.code != "S11"}


def as_received(root: Path) -> None:
    """Rename to safe paths, as unpacking does."""
    for path in sorted(root.rglob("*"), reverse=True):
        safe = encode_name(path.name.encode())
        if safe != path.name and "%25" not in path.name:
            path.rename(path.with_name(safe))


def a_sip(root: Path, document: object = None, *, algorithm: str = "md5") -> Sip:
    """Write a SIP with this sip.json (bytes are written as they are)."""
    sip = Sip(root)
    for path, content in CONTENT.items():
        sip.put(f"data/content/{path}", content)
    if document is None:
        document = a_document()
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    sip.put("data/meta/sip.json", raw)
    sip.seal(algorithm)
    return sip
