"""Files looked at in the page: as pictures and texts of ours, or played by the browser.

No address here gives a file's own bytes under a type that a browser would run or render: pictures
are drawn anew, texts are escaped, and what is played has a type of a short list, in a sandbox.
"""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from muniment.catalogue import previews
from muniment.catalogue.content import content_of
from muniment.catalogue.models import File
from muniment.catalogue.queries import files
from muniment.formats.previews.kinds import PreviewKind, played_type
from muniment.runtime.errors import ObjectMissing
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.downloads import download_answer
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.storage.ports import StorageRoot

_BYTES = frozenset({200, 206})
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'self'"


def _root() -> StorageRoot:
    return adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol


def _file(request: HttpRequest, file_id: UUID) -> File:
    return files.file_for(page_actor(request), file_id, action="object.preview")


@page("object.preview")
def picture(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Give the PNG that we drew of an image or of the first page of a PDF."""
    drawn = previews.picture_of(_file(request, file_id), root=_root(), home=adapter_of(ArchiveHome))
    response = FileResponse(drawn.open("rb"), content_type="image/png")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@page("object.preview")
def text(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show the beginning of a text, escaped; as a part of the page when a script asks."""
    file = _file(request, file_id)
    context = {"file": file, "shown": previews.text_of(file, root=_root())}
    is_part = request.headers.get("HX-Request") == "true"
    return render(
        request, "catalogue/parts/text.html" if is_part else "catalogue/text.html", context
    )


@page("object.export")
def media(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Give sound or film to the player of the browser: all of it, so whoever may download."""
    file = files.file_for(page_actor(request), file_id, action="object.export")
    if previews.kind_of(file) not in {PreviewKind.AUDIO, PreviewKind.VIDEO}:
        raise ObjectMissing("this file is not played here")
    response = download_answer(request, content_of(page_actor(request), file_id))
    if response.status_code in _BYTES:
        response.headers["Content-Type"] = played_type(file.mime_type)
        response.headers["Content-Disposition"] = "inline"
        response.headers["Content-Security-Policy"] = SANDBOX
    return response
