"""Deposits: made, listed, handed in, deleted (orchestration spec §3.6)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest import documents
from muniment.ingest.api.deposit_shapes import (
    DepositBody,
    DepositFileShape,
    DepositShape,
    FinaliseBody,
    described,
    expected,
)
from muniment.ingest.api.submissions import SubmissionShape
from muniment.ingest.models import Deposit, DepositFile
from muniment.ingest.services import deposits as service
from muniment.ingest.services.uploads import offset_of
from muniment.ingest.types import DepositKind, DepositState
from muniment.runtime.clock import Clock
from muniment.runtime.http.filters import OneOf, YesOrNo, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, actor_of, read_body
from muniment.runtime.registry import adapter_of

DEPOSITS = ListRules(
    DepositShape,
    sorts={"created_at": "pk"},
    default="-created_at",
    filters={
        "state": OneOf("state", "Only in these states", list(DepositState)),
        "kind": OneOf("kind", "Only of these kinds", list(DepositKind)),
        "pipeline": OneOf("pipeline", "Only for these pipelines"),
        **since_and_until("created_at", "what was made"),
    },
)
DEPOSIT_FILES = ListRules(
    DepositFileShape,
    sorts={"begun": "pk", "size": ("size_bytes", "pk")},
    default="begun",
    filters={"is_complete": YesOrNo("is_complete", "Only what has come, or only what has not")},
)


class Deposits(ApiView):
    """One's own deposits."""

    actions: ClassVar = {"GET": "submission.create", "POST": "submission.create"}
    parameters = DEPOSITS.parameters

    @DEPOSITS.told("List one's deposits, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; two queries."""
        rows = service.own_deposits(actor_of(request)).prefetch_related("submissions")
        return list_answer(request, rows, DEPOSITS, documents.deposit)

    @told(
        "Make a deposit: a place to upload the files of a package, or one packed package",
        {201: DepositShape},
        body=DepositBody,
        problems=(404, 422, 507),
    )
    def post(self, request: Request) -> Response:
        """Give where to upload, and until when; `expected_files` makes it refuse any other file."""
        body = read_body(DepositBody, request)
        new = service.NewDeposit(
            kind=DepositKind(body["kind"]),
            title=body["title"],
            source=body["source"],
            record_id=body["recid"],
            description=described(body["metadata"]),
            files=expected(body["expected_files"]),
            pipeline=body["pipeline"],
            object_id=body["object_id"],
        )
        deposit = service.create_deposit(new, actor=actor_of(request), clock=clock())
        headers = {"Location": f"/api/v1/deposits/{deposit.deposit_id}"}
        return Response(documents.deposit(deposit), status=201, headers=headers)


class OneDeposit(ApiView):
    """One deposit."""

    actions: ClassVar = {"GET": "submission.create", "DELETE": "submission.create"}

    @told("Show a deposit", {200: DepositShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give its state, and the submission that it became."""
        return Response(documents.deposit(service.deposit_of(name, actor=actor_of(request))))

    @told("Delete a deposit with its files", {204: None}, problems=(404, 409, 423))
    def delete(self, request: Request, name: str) -> Response:
        """Only before it is handed in."""
        actor = actor_of(request)
        service.delete_deposit(service.deposit_of(name, actor=actor), actor=actor)
        return Response(status=204)


class Finalise(ApiView):
    """Handing in."""

    actions: ClassVar = {"POST": "submission.create"}

    @told(
        "Hand in a deposit",
        {202: SubmissionShape},
        body=FinaliseBody,
        problems=(404, 409, 422, 423, 507),
    )
    def post(self, request: Request, name: str) -> Response:
        """Idempotent: it becomes one submission, whose address is in `Location`.

        With `dry_run` everything is checked and nothing kept; the deposit stays open.
        """
        body = read_body(FinaliseBody, request)
        actor = actor_of(request)
        how = service.Finalising(pipeline=body["pipeline"], dry_run=body["dry_run"])
        return handed_in(service.deposit_of(name, actor=actor), how, request)


def handed_in(deposit: Deposit, how: service.Finalising, request: Request) -> Response:
    """Finalise a deposit and answer with its submission."""
    submission = service.finalise(deposit, how, actor=actor_of(request), clock=clock())
    headers = {"Location": f"/api/v1/submissions/{submission.submission_id}"}
    return Response(documents.submission(submission), status=202, headers=headers)


def list_files(request: Request, deposit: Deposit) -> Response:
    """Answer a page of a deposit's files, in the order in which they were begun."""
    rows = deposit.files.select_related("deposit")
    return list_answer(request, rows, DEPOSIT_FILES, _file)


def _file(row: DepositFile) -> dict[str, object]:
    return documents.deposit_file(row, offset_of(row))


def clock() -> Clock:
    """Return the clock of this process."""
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
