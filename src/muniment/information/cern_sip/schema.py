"""The rules of `muniment-sip-1`, each a fault with a JSON pointer.

The schema that was published names other members than real packages have and requires none, so
it accepts anything; these are the rules that real packages keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from muniment.information.cern_sip.model import as_list, split_checksum
from muniment.information.paths import shown

_SOURCE = re.compile(r"[^/\\\0]{1,100}")
_BAGPATH = re.compile(r"data/(?!(?:.*/)?\.\.(?:/|\Z)).+", re.DOTALL)
_CHECKSUM = re.compile(r"(md5|sha-?(?:1|224|256|384|512)|adler32):([0-9a-f]+)", re.IGNORECASE)
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
    """Yield every fault of a parsed sip.json; `muniment-sip-1.json` says the same (tested)."""
    if not isinstance(document, dict):
        yield "", "it is not an object"
        return
    yield from _source(document)
    yield from _user_metadata(document.get("usr-meta", {}))
    yield from _audit(document.get("audit"))
    if "contentFiles" not in document and "files" not in document:
        yield "/contentFiles", "a list of the content files is required"
    for name in ("contentFiles", "files"):
        if name in document:
            yield from _files(document[name], f"/{name}")


def _source(document: Mapping[str, Any]) -> Iterator[Fault]:
    source = document.get("source")
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        yield "/source", "1 to 100 characters without slashes are required"
    if "recid" not in document and "resource_id" not in document:
        yield "/recid", "recid (or resource_id) is required"
    for name in ("recid", "resource_id"):
        if name in document and not _is_record(document[name]):
            yield f"/{name}", "1 to 500 characters, or a whole number, are required"
    if not isinstance(document.get("created_by"), str):
        yield "/created_by", "it is required: the tool and its version"
    stamp = document.get("sip_creation_timestamp")
    if stamp is not None and not _is_whole(stamp):
        yield "/sip_creation_timestamp", "it must be a whole number of seconds"


def _is_record(value: Any) -> bool:  # noqa: ANN401  # any JSON, as sent
    return 1 <= len(value) <= 500 if isinstance(value, str) else _is_whole(value)


def _is_whole(value: Any) -> bool:  # noqa: ANN401  # any JSON, as sent
    """Say whether it is an integer of JSON, which may be written 1.0."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _user_metadata(described: Any) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(described, dict):
        yield "/usr-meta", "it is not an object"
        return
    for name in ("collection", "comment"):
        if not isinstance(described.get(name, ""), str):
            yield f"/usr-meta/{name}", "it must be a text"
    if not _is_whole(described.get("embargo_timestamp", 0)):
        yield "/usr-meta/embargo_timestamp", "it must be a whole number of seconds"


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
        if not _is_whole(each.get("timestamp")):
            yield f"/audit/{number}/timestamp", "a whole number of seconds is required"


def _files(files: Any, pointer: str) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(files, list):
        yield pointer, "a list of the content files is required"
        return
    for number, entry in enumerate(files):
        if isinstance(entry, dict):
            yield from _entry(entry, f"{pointer}/{number}")
        else:
            yield f"{pointer}/{number}", "it is not an object"


def _entry(entry: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    bagpath = entry.get("bagpath")
    if bagpath is None and entry.get("downloaded") is not False:
        yield f"{pointer}/bagpath", "it is required"
    if bagpath is not None and not (isinstance(bagpath, str) and _BAGPATH.fullmatch(bagpath)):
        yield f"{pointer}/bagpath", "it must lie in data/ and must not leave it"
    if not _is_size(entry.get("size", 0)):
        yield f"{pointer}/size", "a number of bytes is required"
    for name in ("downloaded", "metadata"):
        if not isinstance(entry.get(name, True), bool):
            yield f"{pointer}/{name}", "it must be true or false"
    yield from _origin(entry.get("origin", {}), f"{pointer}/origin")
    for each in as_list(entry.get("checksum")):
        if not (isinstance(each, str) and _is_checksum(each)):
            yield f"{pointer}/checksum", f"{shown(str(each)[:80])!r} is no checksum like md5:0123…"


def _origin(origin: Any, pointer: str) -> Iterator[Fault]:  # noqa: ANN401  # any JSON, as sent
    if not isinstance(origin, dict):
        yield pointer, "it is not an object"
    elif not all(isinstance(each, str) for each in as_list(origin.get("url"))):
        yield f"{pointer}/url", "an address or a list of them is required"


def _is_size(value: Any) -> bool:  # noqa: ANN401  # any JSON, as sent
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) < 20
    return value is None or (_is_whole(value) and value >= 0)


def _is_checksum(text: str) -> bool:
    match = _CHECKSUM.fullmatch(text)
    return match is not None and len(match[2]) == _HEX_LENGTHS[split_checksum(text)[0]]
