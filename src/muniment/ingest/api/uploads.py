"""The bytes of deposits: whole by PUT or form, in pieces by tus 1.0.0 (orchestration spec §3.6)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.multipartparser import MultiPartParser, MultiPartParserError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest import documents
from muniment.ingest.api.deposit_shapes import DepositFileShape
from muniment.ingest.api.deposits import DEPOSIT_FILES, list_files
from muniment.ingest.form_files import FormFile, FormFiles, form_files
from muniment.ingest.models import Deposit, DepositFile
from muniment.ingest.services import uploads as service
from muniment.ingest.services.deposits import deposit_of
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http import tus
from muniment.runtime.http.bodies import Body, keep_body, path_bytes
from muniment.runtime.http.digest_fields import announced_digests
from muniment.runtime.http.problems import problem
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, actor_of

BLOCK_TYPE = "application/offset+octet-stream"
_DEPOSIT = "submission.create"
_ANY_BYTES = {"application/octet-stream": OpenApiTypes.BINARY}
_TUS = OpenApiParameter("Tus-Resumable", str, OpenApiParameter.HEADER, enum=[tus.VERSION])


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=text)


DIGEST = _header("Repr-Digest", "Digest of the whole file, as in RFC 9530")


class StreamedView(ApiView):
    """A view that reads the body itself, as it comes."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # DRF's
        """Authenticate without looking for a form in the body."""
        keep_body(request._request)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # likewise
        """Name the version of tus to whoever speaks it."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if tus.is_tus(request.headers):
            answer.headers.setdefault("Tus-Resumable", tus.VERSION)
        return answer


class DepositFiles(StreamedView):
    """The files of a deposit."""

    actions: ClassVar = {"GET": _DEPOSIT, "POST": _DEPOSIT, "OPTIONS": _DEPOSIT}
    parameters = DEPOSIT_FILES.parameters

    @DEPOSIT_FILES.told("List the files of a deposit", 404)
    def get(self, request: Request, name: str) -> Response:
        """Give them in the order in which they were begun, each with how much has come."""
        return list_files(request, deposit_of(name, actor=actor_of(request)))

    @told(
        "Begin a file (tus), or send small ones by a form",
        {201: DepositFileShape(many=True)},
        body={
            "multipart/form-data": {
                "type": "object",
                "additionalProperties": {"type": "string", "format": "binary"},
            }
        },
        parameters=(
            _TUS,
            _header("Upload-Length", "Bytes of the whole file"),
            _header("Upload-Metadata", "`path` and its value in base64"),
            DIGEST,
        ),
        problems=(404, 409, 411, 412, 413, 415, 422, 423, 507),
    )
    def post(self, request: Request, name: str) -> Response:
        """With `Tus-Resumable`: get ready for the file, whose address is in `Location`.

        Else a form: the name of each field is the path of its file; of a field `file` or `files`,
        the file's own name is.
        """
        deposit = deposit_of(name, actor=actor_of(request))
        if tus.is_tus(request.headers):
            return _begun(deposit, request)
        with form_files() as handler:
            _, found = read_form(request, handler)
            made = [_adopted(deposit, each, request) for each in found]
        return Response(made, status=201)

    def options(  # type: ignore[override]  # DRF's views are given its own requests
        self,
        request: Request,  # noqa: ARG002  # Django's signature
        *args: object,  # noqa: ARG002  # likewise
        **kwargs: object,  # noqa: ARG002  # likewise
    ) -> Response:
        """Say which extensions of tus are spoken."""
        return Response(status=204, headers=tus.OPTIONS)


class OneDepositFile(StreamedView):
    """One file of a deposit; what follows `/files/` is its path, byte for byte."""

    actions: ClassVar = dict.fromkeys(("PUT", "PATCH", "HEAD", "DELETE"), _DEPOSIT)

    @told(
        "Send a whole file",
        {200: DepositFileShape, 201: DepositFileShape},
        body=_ANY_BYTES,
        parameters=(DIGEST, _header("Content-Digest", "Digest of the body, as in RFC 9530")),
        problems=(404, 409, 411, 413, 415, 422, 423, 507),
    )
    def put(self, request: Request, name: str, path: str) -> Response:  # noqa: ARG002  # see _name_in
        """Replace what was there of this path. What came before a cut is kept: go on by PATCH."""
        actor = actor_of(request)
        deposit = deposit_of(name, actor=actor)
        if request.headers.get("Content-Encoding"):
            raise UnsupportedMediaType("", "send the bytes of the file: no Content-Encoding")
        body = Body(request._request)
        new = service.NewFile(
            _name_in(request), body.require_length(), announced_digests(request.headers)
        )
        file, is_new = service.begin_file(deposit, new, actor=actor)
        service.receive(file, service.Block(body, 0, body.length), actor=actor)
        return _whole_or_cut(file, body, 201 if is_new else 200)

    @told(
        "Send the next bytes of a file (tus)",
        {204: None},
        body={BLOCK_TYPE: OpenApiTypes.BINARY},
        parameters=(
            _TUS,
            _header("Upload-Offset", "How many bytes are there", required=True),
            _header("Upload-Checksum", "Algorithm, a space, digest in base64"),
        ),
        problems=(404, 409, 412, 413, 415, 422, 423, 460, 507),
    )
    def patch(self, request: Request, name: str, path: str) -> Response:  # noqa: ARG002  # see _name_in
        """`Upload-Offset` of the answer is how many bytes are there now."""
        tus.check_version(request.headers)
        if request.content_type != BLOCK_TYPE:
            raise UnsupportedMediaType(request.content_type, f"send {BLOCK_TYPE}")
        actor = actor_of(request)
        file = service.file_of(deposit_of(name, actor=actor), _name_in(request))
        body, check = Body(request._request), tus.checksum(request.headers)
        block = service.Block(
            body,
            tus.number(request.headers, "Upload-Offset"),
            body.length,
            check.algorithm if check else "",
            check.hex if check else "",
        )
        offset = service.receive(file, block, actor=actor)
        return Response(status=204, headers={**tus.ANSWER, "Upload-Offset": str(offset)})

    def head(self, request: Request, name: str, path: str) -> Response:  # noqa: ARG002  # see _name_in
        """Say how many bytes are there, durably (tus)."""
        file = service.file_of(deposit_of(name, actor=actor_of(request)), _name_in(request))
        lengths = {
            "Upload-Offset": str(service.offset_of(file)),
            "Upload-Length": str(file.size_bytes),
        }
        return Response(status=200, headers={**tus.ANSWER, **lengths})

    @told(
        "Take a file back, whole or not (tus: termination)",
        {204: None},
        problems=(404, 409, 422, 423),
    )
    def delete(self, request: Request, name: str, path: str) -> Response:  # noqa: ARG002  # see _name_in
        """Only before the deposit is handed in."""
        actor = actor_of(request)
        file = service.file_of(deposit_of(name, actor=actor), _name_in(request))
        service.remove_file(file, actor=actor)
        return Response(status=204)


def _name_in(request: Request) -> bytes:
    """Return the bytes of the path: what is not UTF-8 would be lost in the text of the route."""
    return path_bytes(request._request).partition(b"/files/")[2]


def _begun(deposit: Deposit, request: Request) -> Response:
    tus.check_version(request.headers)
    said = tus.metadata(request.headers)
    name = next((said[key] for key in ("path", "relativePath", "filename") if said.get(key)), b"")
    if not name:
        raise InvalidArgument("Upload-Metadata must say the path of the file")
    new = service.NewFile(
        name, tus.number(request.headers, "Upload-Length"), announced_digests(request.headers)
    )
    file, _ = service.begin_file(deposit, new, actor=actor_of(request))
    if not file.size_bytes:
        service.settle(file)
    document = documents.deposit_file(file, service.offset_of(file))
    headers = {**tus.ANSWER, "Location": document["url"], "Upload-Offset": "0"}
    return Response([document], status=201, headers=headers)


def _whole_or_cut(file: DepositFile, body: Body, status: int) -> Response:
    if body.is_cut:
        return problem(
            400, f"only {body.received} of {body.length} bytes came; they are kept: go on by PATCH"
        )
    return Response(documents.deposit_file(file, file.size_bytes), status=status)


def read_form(request: Request, handler: FormFiles) -> tuple[dict[str, str], list[FormFile]]:
    """Read a multipart body: its fields, and its files as the handler kept them."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        raise UnsupportedMediaType(
            request.content_type or "", "send multipart/form-data, or speak tus"
        )
    body = Body(request._request)
    body.require_length()
    try:
        fields, _ = MultiPartParser(request.META, body, [handler], "utf-8").parse()  # type: ignore[arg-type]  # only read() is called
    except MultiPartParserError as exc:
        raise ParseError(f"the form is not understood: {exc}") from exc
    if body.is_cut:
        raise ParseError(f"only {body.received} of {body.length} bytes came: send them again")
    return {name: str(fields[name]) for name in fields}, handler.found


def _adopted(deposit: Deposit, came: FormFile, request: Request) -> dict[str, Any]:
    path = came.name if came.field in {"file", "files"} else came.field
    new = service.NewFile(path.encode("utf-8", "surrogatepass"), came.size_bytes, came.digests)
    file = service.adopt(deposit, new, came.path, actor=actor_of(request))
    return documents.deposit_file(file, file.size_bytes)
