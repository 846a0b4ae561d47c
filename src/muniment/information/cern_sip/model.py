"""`sip.json` as dataclasses, in both of its spellings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """One entry of contentFiles.

    `bagpath` is relative to the bag, "" when the download failed and it was left out; `size_bytes`
    is None where it is missing or 0, which old packages write for unknown; `checksums` are
    (algorithm, lower-case hex) pairs.
    """

    bagpath: str
    is_downloaded: bool = True
    is_metadata: bool = False
    size_bytes: int | None = None
    checksums: tuple[tuple[str, str], ...] = ()
    urls: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry that keeps the schema."""
        origin = entry.get("origin") or {}
        return cls(
            bagpath=entry.get("bagpath") or "",
            is_downloaded=entry.get("downloaded", True) is not False,
            is_metadata=entry.get("metadata") is True,
            size_bytes=int(entry.get("size") or 0) or None,
            checksums=tuple(split_checksum(each) for each in as_list(entry.get("checksum"))),
            urls=tuple(str(each) for each in as_list(origin.get("url"))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SipManifest:
    """What sip.json says of the package. `created_at_s` is in seconds since 1970."""

    source: str
    record_id: str
    created_at_s: int
    files: tuple[ContentFile, ...]
    title: str = ""
    is_light: bool = False
    """A light SIP (`dry_run`) lists what it left out in fetch.txt."""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read a document that keeps the schema; old packages lack the time: audit has it."""
        return cls(
            source=document["source"],
            record_id=str(document.get("recid") or document.get("resource_id")),
            created_at_s=int(
                document.get("sip_creation_timestamp") or document["audit"][0]["timestamp"]
            ),
            files=tuple(map(ContentFile.from_json, entries(document))),
            title=str(document.get("title") or ""),
            is_light=any(map(_is_dry_run, document["audit"])),
        )

    @property
    def name(self) -> str:
        """The name that the package ought to have."""
        return f"sip::{self.source}::{self.record_id}::{self.created_at_s}"


def _is_dry_run(action: Mapping[str, Any]) -> bool:
    params = action["tool"].get("params")
    return isinstance(params, dict) and params.get("dry_run") is True


def entries(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return contentFiles, or files as the published schema calls them."""
    found: list[Mapping[str, Any]] = document.get("contentFiles") or document.get("files") or []
    return found


def as_list(value: Any) -> list[Any]:  # noqa: ANN401  # a string, a list or nothing, as sent
    """Return a value that may be one, several or none as a list."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def split_checksum(text: str) -> tuple[str, str]:
    """Split `MD5:ABC…` into our name of the algorithm and lower-case hex."""
    algorithm, _, digest = text.partition(":")
    return algorithm.strip().lower().replace("-", ""), digest.strip().lower()
