"""The packages that are accepted: a folder, a bag, a packed bag, a CERN SIP, an E-ARK SIP."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from muniment.samples import fonds
from muniment.samples.eark import write_eark_sip
from muniment.samples.packing import write_bag, write_folder, write_tar_gz
from muniment.samples.texts import CREATOR, DESCRIPTION, IDENTIFIER, MADE_AT, TITLE

_SECONDS = int(MADE_AT.timestamp())
CERN_SIP = f"sip::skjaervag::1907::{_SECONDS}"


def folder(target: Path) -> Path:
    """Everything, with `metadata/dc.csv`."""
    made = write_folder(target / "skjaervag-folder", fonds.contents())
    return write_folder(made, [("metadata/dc.csv", fonds.dublin_core_csv())])


def bag(target: Path) -> Path:
    """Drawings and photographs, with two manifests."""
    return write_bag(
        target / "skjaervag-bag",
        fonds.contents({**fonds.DRAWINGS, **fonds.PHOTOGRAPHS}),
        identifier=f"{IDENTIFIER}/bilder",
        algorithms=["sha256", "sha512"],
    )


def packed_bag(target: Path) -> Path:
    """Sound and film, in a tar.gz, with four manifests."""
    made = write_bag(
        target / "skjaervag-recordings",
        fonds.contents(fonds.RECORDINGS),
        identifier=f"{IDENTIFIER}/opptak",
        algorithms=["md5", "sha1", "sha256", "sha512"],
    )
    packed = write_tar_gz(target / "skjaervag-recordings.tar.gz", made)
    shutil.rmtree(made)
    return packed


def cern_sip(target: Path) -> Path:
    """Letters and web page as an InvenioRDM record would be harvested."""
    content = [(f"content/{path}", data) for path, data in fonds.contents(fonds.MESSAGES)]
    described = json.dumps(_sip_json(content), ensure_ascii=False, indent=2).encode()
    return write_bag(
        target / CERN_SIP,
        [*content, ("meta/sip.json", described)],
        identifier="skjaervag:1907",
        algorithms=["md5"],
        version="0.97",
    )


def _sip_json(content: list[tuple[str, bytes]]) -> dict[str, object]:
    # Field names and order as packages in the wild have them.
    return {
        "$schema": "https://gitlab.cern.ch/digitalmemory/sip-spec/-/blob/master/sip-schema-d1.json",
        "created_by": "muniment-samples 1",
        "source": "skjaervag",
        "recid": "1907",
        "metadataFile_upstream": None,
        "title": TITLE,
        "contentFiles": [_content_file(path, data) for path, data in content],
        "sip_creation_timestamp": _SECONDS,
        "audit": [
            {
                "tool": {
                    "name": "muniment-samples",
                    "version": "1",
                    "website": "",
                    "params": {"recid": "1907", "source": "skjaervag", "dry_run": False},
                },
                "action": "sip_create",
                "timestamp": _SECONDS,
                "message": "",
            }
        ],
    }


def _content_file(path: str, data: bytes) -> dict[str, object]:
    name = path.rpartition("/")[2]
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {
        "origin": {
            "url": f"https://skjaervag.example/api/records/1907/files/{name}",
            "filename": name,
            "path": path.removeprefix("content/").rpartition("/")[0],
        },
        "checksum": f"md5:{digest}",
        "size": len(data),
        "bagpath": f"data/{path}",
        "metadata": False,
        "downloaded": True,
    }


def eark_sip(target: Path) -> Path:
    """The documents, described in METS (CSIP 2.2, SIP profile)."""
    return write_eark_sip(
        target / "skjaervag-eark-sip",
        list(fonds.contents(fonds.DOCUMENTS)),
        creator=CREATOR,
        description=DESCRIPTION,
    )
