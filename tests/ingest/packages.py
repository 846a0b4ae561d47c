"""Small packages for tests, made by code."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

CONTENT: Mapping[str, bytes] = {
    "letters/1912-04-10.txt": b"Dear Ada, the ship leaves at noon.\n",
    "letters/r\xc3\xa9ponse.txt".encode("latin-1").decode("utf-8"): b"Cher ami\n",
    "list.csv": b"name,berth\nAda,12\nIgnace,14\n",
    "empty.txt": b"",
}


def a_folder(place: Path, content: Mapping[str, bytes] = CONTENT) -> Path:
    """Write `content` below `place`."""
    for name, data in content.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return place


def a_bag(
    place: Path, content: Mapping[str, bytes] = CONTENT, info: str = "", algorithm: str = "sha256"
) -> Path:
    """Write a bag by hand: not with our own writer, which is under test elsewhere."""
    a_folder(place / "data", content)
    (place / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    lines = [
        f"{hashlib.new(algorithm, data).hexdigest()}  data/{name}\n"
        for name, data in content.items()
    ]
    (place / f"manifest-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")
    if info:
        (place / "bag-info.txt").write_text(info, encoding="utf-8")
    return place


def a_cern_sip(
    place: Path, recid: str = "77", timestamp: int = 1700000000, data: bytes = b"paper"
) -> Path:
    """Write a CERN SIP of one file."""
    name = f"sip::local::{recid}::{timestamp}"
    entry = {
        "origin": {"filename": "paper.txt", "path": "", "url": "http://example.org/paper.txt"},
        "size": len(data),
        "bagpath": "data/content/paper.txt",
        "metadata": False,
        "downloaded": True,
        "checksum": "md5:" + hashlib.md5(data).hexdigest(),
    }
    tool = {"name": "sip-maker", "version": "1", "website": "", "params": {}}
    audit = {"tool": tool, "action": "sip_create", "timestamp": timestamp, "message": ""}
    document = {
        "$schema": "https://gitlab.cern.ch/digitalmemory/sip-spec/-/blob/master/sip-schema-d1.json",
        "created_by": "sip-maker 1",
        "source": "local",
        "recid": recid,
        "sip_creation_timestamp": timestamp,
        "audit": [audit],
        "contentFiles": [entry],
    }
    content = {
        "content/paper.txt": data,
        "meta/sip.json": json.dumps(document, indent=1).encode(),
    }
    total = sum(len(each) for each in content.values())
    info = f"Payload-Oxum: {total}.{len(content)}\nBag-Software-Agent: sip-maker 1\n"
    return a_bag(place / name, content, info, "md5")


def a_tar(package: Path, target: Path, mode: str = "w:gz") -> Path:
    """Pack a folder as one top folder."""
    with tarfile.open(target, mode) as tar:  # type: ignore[call-overload]  # mode is any of tar's
        tar.add(package, package.name)
    return target
