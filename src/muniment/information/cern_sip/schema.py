"""The rules of `muniment-sip-1`, each a fault with a JSON pointer.

The schema that was published names other members than real packages have and requires none, so
it accepts anything; these are the rules that real packages keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from muniment.information.cern_sip.model import as_list, split_checksum

_SOURCE = re.compile(r"[^/\\\0]{1,100}")
_BAGPATH = re.compile(r"data/(?!(?:.*/)?\.\.(?:/|$)).+", re.DOTALL)
_HEX_LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "adler32": 8,
}
KNOWN = frozenset(
    {
        "$schema",
        "audit",
        "author",
        "contentFiles",
        "context",
        "created_by",
        "files",
        "identifiers",
        "metadataFile_upstream",
        "profile",
        "recid",
        "resource_id",
        "rights",
        "sip_creation_timestamp",
        "source",
        "source_details",
        "title",
        "usr-meta",
    }
)


Fault = tuple[str, str]
"""(JSON pointer, reason)."""


def faults(document: Any) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    """Yield every fault of a parsed sip.json."""
    if not isinstance(document, dict):
        yield "", "it is not an object"
        return
    yield from _source(document)
    yield from _user_metadata(document.get("usr-meta", {}))
    yield from _audit(document.get("audit"))
    name = "contentFiles" if "contentFiles" in document else "files"
    files = document.get(name)
    if not isinstance(files, list):
        yield f"/{name}", "a list of the content files is required"
        return
    for number, entry in enumerate(files):
        yield from _entry(entry, f"/{name}/{number}")


def _source(document: Mapping[str, Any]) -> Iterator[Fault]:
    source = document.get("source")
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        yield "/source", "1 to 100 characters without slashes are required"
    record = document.get("recid", document.get("resource_id"))
    if not isinstance(record, str | int) or not 1 <= len(str(record)) <= 500:
        yield "/recid", "recid (or resource_id) of 1 to 500 characters is required"
    if not isinstance(document.get("created_by"), str):
        yield "/created_by", "it is required: the tool and its version"
    stamp = document.get("sip_creation_timestamp")
    if stamp is not None and (not isinstance(stamp, int) or isinstance(stamp, bool)):
        yield "/sip_creation_timestamp", "it must be a whole number of seconds"


def _user_metadata(described: Any) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(described, dict):
        yield "/usr-meta", "it is not an object"
        return
    for name, kind in (("collection", str), ("embargo_timestamp", int), ("comment", str)):
        if not isinstance(described.get(name, kind()), kind):
            yield f"/usr-meta/{name}", f"it must be of type {kind.__name__}"


def _audit(audit: Any) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(audit, list) or not audit:
        yield "/audit", "a list with at least one action is required"
        return
    for number, each in enumerate(audit):
        tool = each.get("tool") if isinstance(each, dict) else None
        if not isinstance(tool, dict) or not {"name", "version"} <= set(tool):
            yield f"/audit/{number}/tool", "name and version are required"
            continue
        if not isinstance(each.get("action"), str):
            yield f"/audit/{number}/action", "it is required"
        if not isinstance(each.get("timestamp"), int):
            yield f"/audit/{number}/timestamp", "a whole number of seconds is required"


def _entry(entry: Any, pointer: str) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(entry, dict):
        yield pointer, "it is not an object"
        return
    bagpath = entry.get("bagpath")
    if bagpath is None and entry.get("downloaded") is not False:
        yield f"{pointer}/bagpath", "it is required"
    if bagpath is not None and not (isinstance(bagpath, str) and _BAGPATH.fullmatch(bagpath)):
        yield f"{pointer}/bagpath", "it must lie in data/ and must not leave it"
    if not _is_size(entry.get("size", 0)):
        yield f"{pointer}/size", "a number of bytes is required"
    if not isinstance(entry.get("origin", {}), dict):
        yield f"{pointer}/origin", "it is not an object"
    for each in as_list(entry.get("checksum")):
        if not (isinstance(each, str) and _is_checksum(each)):
            yield f"{pointer}/checksum", f"{str(each)[:80]!r} is no checksum like md5:0123…"


def _is_size(value: Any) -> bool:  # noqa: ANN401  # any JSON, as sent
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 20
    return value is None or (isinstance(value, int) and value >= 0)


def _is_checksum(text: str) -> bool:
    algorithm, digest = split_checksum(text)
    return len(digest) == _HEX_LENGTHS.get(algorithm) and not set(digest) - set("0123456789abcdef")
