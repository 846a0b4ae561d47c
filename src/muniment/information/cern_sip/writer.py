"""Writes the `sip.json` of a package that we make."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import version

from muniment.information.cern_sip.model import ContentFile, SipManifest

SCHEMA = "https://gitlab.cern.ch/digitalmemory/sip-spec/-/blob/master/sip-schema-d1.json"
PROFILE = "muniment-sip-1"


def render_sip_json(manifest: SipManifest) -> bytes:
    """Return sip.json in the spelling of real packages; what it says, `SipManifest` reads back."""
    ours = f"muniment {version('muniment')}"
    document = {
        "$schema": SCHEMA,
        "profile": PROFILE,
        "created_by": ours,
        "source": manifest.source,
        "recid": manifest.record_id,
        "title": manifest.title,
        "metadataFile_upstream": None,
        "contentFiles": list(_entries(manifest.files)),
        "sip_creation_timestamp": manifest.created_at_s,
        "audit": [
            {
                "tool": {
                    "name": "muniment",
                    "version": version("muniment"),
                    "website": "",
                    "params": {"dry_run": True} if manifest.is_light else {},
                },
                "action": "sip_create",
                "timestamp": manifest.created_at_s,
                "message": "",
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _entries(files: Iterable[ContentFile]) -> Iterable[dict[str, object]]:
    for file in files:
        # A file that could not be downloaded has no place in the bag.
        place = {"bagpath": file.bagpath} if file.bagpath else {}
        yield {
            "origin": {"url": list(file.urls), "filename": file.bagpath.rpartition("/")[2]},
            **place,
            "size": file.size_bytes or 0,
            "metadata": file.is_metadata,
            "downloaded": file.is_downloaded,
            "checksum": [f"{algorithm}:{digest}" for algorithm, digest in file.checksums],
        }
