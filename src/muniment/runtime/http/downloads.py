"""Answers that are a file: streamed, in whole or in part, with its digest as its ETag."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from muniment.runtime.errors import CorruptObject, VersionConflict
from muniment.runtime.http.problems import problem_answer
from muniment.runtime.http.ranges import ByteRange, OutsideFile, range_asked

BLOCK_BYTES = 1 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9 ._()+-]")
# Controls, and marks that turn the direction of writing: gpj.exe would be read as exe.jpg.
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that may be given out. `open` raises as storage does; the stream can seek."""

    name: str
    size_bytes: int
    sha512: str
    open: Callable[[], BinaryIO]


def download_answer(request: HttpRequest, download: Download) -> HttpResponseBase:
    """Answer with the file, or the part that `Range` asks for (200, 206, 304, 416).

    Nothing is opened for a HEAD or when nothing has changed. Raises VersionConflict (If-Match),
    and what `download.open` raises.
    """
    etag = f'"{download.sha512}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Type": "application/octet-stream",  # never shown as what it claims to be
        "Content-Disposition": disposition(download.name),
        "Repr-Digest": f"sha-512=:{base64.b64encode(bytes.fromhex(download.sha512)).decode()}:",
    }
    whole = HttpResponse(headers=headers | {"Content-Length": str(download.size_bytes)})
    decided = get_conditional_response(request, etag=etag, response=whole)
    if decided is not whole:
        if decided is None or decided.status_code == 412:
            raise VersionConflict("the file is another one than If-Match names")
        return decided
    if request.method == "HEAD":
        return whole
    try:
        part = _part(request, etag, download.size_bytes)
    except OutsideFile:
        return problem_answer(
            request,
            416,
            f"the file has {download.size_bytes} bytes",
            headers={"Content-Range": f"bytes */{download.size_bytes}", "Accept-Ranges": "bytes"},
        )
    return _streamed(download, part, headers)


def _part(request: HttpRequest, etag: str, size_bytes: int) -> ByteRange | None:
    """Return the part to send; the whole when If-Range does not name these very bytes."""
    header = request.headers.get("Range", "")
    if not header or request.headers.get("If-Range", etag).strip() != etag:
        return None
    return range_asked(header, size_bytes)


def _streamed(
    download: Download, part: ByteRange | None, headers: dict[str, str]
) -> StreamingHttpResponse:
    stream = download.open()
    wanted = part or ByteRange(0, download.size_bytes - 1)
    if wanted.first:
        stream.seek(wanted.first)
    response = StreamingHttpResponse(
        _blocks(stream, wanted.size_bytes),
        status=206 if part else 200,
        headers=headers | {"Content-Length": str(wanted.size_bytes)},
    )
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{download.size_bytes}"
    # The framework closes these with the response; a generator that never began closes nothing.
    response._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # not in the stubs
    return response


def _blocks(stream: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    with closing(stream):
        left = size_bytes
        while left:
            block = stream.read(min(BLOCK_BYTES, left))
            if not block:  # the answer ends short of its length, so nobody takes it for whole
                raise CorruptObject(f"{left} bytes of a file are missing at its end")
            left -= len(block)
            yield block


def disposition(name: str) -> str:
    """Return the Content-Disposition of a file to be saved, whatever its name (RFC 6266).

    The plain form is for old programs: only letters, digits and a few marks.
    """
    shown = _MISLEADING.sub("_", name.rpartition("/")[2]).strip() or "file"
    plain = _UNSAFE.sub("_", shown)
    full = quote(shown, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"
