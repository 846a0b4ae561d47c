"""A whole package in one request: a deposit that is made, filled and handed in at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

import orjson
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest.api.deposit_shapes import DepositBody, FinaliseBody, described
from muniment.ingest.api.deposits import clock, handed_in
from muniment.ingest.api.submissions import SubmissionShape
from muniment.ingest.api.uploads import DIGEST, StreamedView, read_form
from muniment.ingest.form_files import form_files
from muniment.ingest.models import Deposit
from muniment.ingest.services import deposits, uploads
from muniment.ingest.types import DepositKind
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.bodies import Body
from muniment.runtime.http.digest_fields import announced_digests
from muniment.runtime.http.schema import query, told
from muniment.runtime.http.views import actor_of

_FILENAME = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename="([^"\\]*)"', re.IGNORECASE)


class SipBody(DepositBody, FinaliseBody):
    """What is sent: the field `data` of a form."""

    kind = None  # type: ignore[assignment]  # one package: always `sip`
    expected_files = None  # type: ignore[assignment]  # likewise


class Sips(StreamedView):
    """Packages that come in one request."""

    actions: ClassVar = {"POST": "submission.create"}

    @told(
        "Hand in a package (zip or tar) in one request",
        {202: SubmissionShape},
        body={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=(
            DIGEST,
            query("pipeline", str, "Pipeline; the default one without"),
            query("title", str, "Title of the object"),
            query("dry_run", bool, "Check everything, keep nothing"),
        ),
        problems=(404, 411, 413, 415, 422, 507),
    )
    def post(self, request: Request) -> Response:
        """The body is the package, named by Content-Disposition, or a form of `file` and `data`.

        Nothing of it is kept after a cut: send large ones as a deposit.
        """
        if (request.content_type or "").startswith("multipart/form-data"):
            return _from_form(request)
        said = _checked(dict(request.query_params.items()))
        body = Body(request._request)
        new = uploads.NewFile(
            _name_of(request), body.require_length(), announced_digests(request.headers)
        )

        def fill(deposit: Deposit) -> None:
            file, _ = uploads.begin_file(deposit, new, actor=actor_of(request))
            uploads.receive(file, uploads.Block(body, 0, body.length), actor=actor_of(request))
            _refuse_cut(body)

        return _in_one(said, fill, request)


def _refuse_cut(body: Body) -> None:
    if body.is_cut:
        raise ParseError(f"only {body.received} of {body.length} bytes came: send them again")


def _from_form(request: Request) -> Response:
    with form_files() as handler:
        fields, found = read_form(request, handler)
        if len(found) != 1 or found[0].field != "file" or set(fields) - {"data"}:
            raise ParseError("the form has one file, `file`, and at most one field, `data`")
        name = found[0].name.encode("utf-8", "surrogatepass")
        new = uploads.NewFile(name, found[0].size_bytes, found[0].digests)

        def fill(deposit: Deposit) -> None:
            uploads.adopt(deposit, new, found[0].path, actor=actor_of(request))

        return _in_one(_checked(_document(fields.get("data", "{}"))), fill, request)


def _in_one(said: dict[str, Any], fill: Callable[[Deposit], None], request: Request) -> Response:
    """Make a deposit, fill it and hand it in; one that fails goes away again."""
    new = deposits.NewDeposit(
        kind=DepositKind.SIP,
        title=said["title"],
        source=said["source"],
        record_id=said["recid"],
        description=described(said["metadata"]),
        pipeline=said["pipeline"],
        object_id=said["object_id"],
    )
    deposit = deposits.create_deposit(new, actor=actor_of(request), clock=clock())
    try:
        fill(deposit)
        return handed_in(deposit, deposits.Finalising(dry_run=said["dry_run"]), request)
    except (MunimentError, ParseError):
        deposits.delete_deposit(deposit, actor=actor_of(request))
        raise


def _document(text: str) -> Any:  # noqa: ANN401  # JSON of any shape
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        raise ParseError(f"data is no JSON: {exc}") from exc


def _checked(said: Any) -> dict[str, Any]:  # noqa: ANN401  # likewise
    found = SipBody(data=said)
    found.is_valid(raise_exception=True)
    values: dict[str, Any] = found.validated_data
    return values


def _name_of(request: Request) -> bytes:
    """Return the name that Content-Disposition gives (RFC 6266); `package` without one."""
    said = request.headers.get("Content-Disposition", "")
    if found := _FILENAME.search(said):
        return unquote_to_bytes(found[1].strip())
    if found := _QUOTED.search(said):
        return found[1].encode("latin-1", "replace") or b"package"
    return b"package"
