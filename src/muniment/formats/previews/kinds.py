"""How a file can be shown, by its media type."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

MOST_BYTES = 256 << 20
"""A larger image or document is not drawn."""


class PreviewKind(StrEnum):
    """Picture: drawn by us. Text: read by us. Audio, video: played by the browser's own element."""

    PICTURE = "picture"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


# What is given out for the media type that a format has; nothing else is ever sent inline.
PLAYED: Mapping[str, str] = {
    "audio/aac": "audio/aac",
    "audio/flac": "audio/flac",
    "audio/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/ogg": "audio/ogg",
    "audio/vnd.wave": "audio/wav",
    "audio/wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-wav": "audio/wav",
    "video/mp4": "video/mp4",
    "video/ogg": "video/ogg",
    "video/webm": "video/webm",
}
_PICTURES = frozenset(
    {
        "application/pdf",
        "image/bmp",
        "image/gif",
        "image/jp2",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "image/webp",
        "image/x-ms-bmp",
    }
)
# Markup is shown as its source: an SVG or HTML of others never becomes part of our site.
_TEXTS = frozenset(
    {
        "application/geo+json",
        "application/javascript",
        "application/json",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "message/rfc822",
    }
)


def preview_kind(
    mime_type: str, size_bytes: int, properties: Mapping[str, object]
) -> PreviewKind | None:
    """Return how a file can be shown, None when it cannot."""
    first = mime_type.partition(",")[0].partition(";")[0].strip().lower()
    if first in PLAYED:
        return PreviewKind(PLAYED[first].partition("/")[0])
    if first in _PICTURES:
        return PreviewKind.PICTURE if 0 < size_bytes <= MOST_BYTES else None
    is_text = first in _TEXTS or first.startswith("text/") or "text.encoding" in properties
    return PreviewKind.TEXT if is_text and size_bytes else None


def played_type(mime_type: str) -> str:
    """Return the media type that a player is told; LookupError for what is not played."""
    return PLAYED[mime_type.partition(",")[0].partition(";")[0].strip().lower()]
