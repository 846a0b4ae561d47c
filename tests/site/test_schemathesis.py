"""The whole API under generated requests: no server error, and every answer is a documented one.

Bounded and with a fixed seed, so that a run repeats: schemathesis makes valid and invalid requests
from the OpenAPI document, and the real application answers them over an archive with an object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as promised

from muniment.runtime.actor import Role
from muniment.site.openapi import document
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import SignIn

EXAMPLES = 10
MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
CHECKS = [
    not_a_server_error,
    promised.status_code_conformance,
    promised.content_type_conformance,
    promised.response_headers_conformance,
    promised.response_schema_conformance,
]
Known = Mapping[str, Sequence[object]]


@schemathesis.serializer("application/offset+octet-stream")
def _as_bytes(_context: object, value: object) -> bytes:
    """Send the bytes of an upload (tus) as they are; the library knows no form for them."""
    found = getattr(value, "data", value)
    return found if isinstance(found, bytes) else str(found).encode("utf-8", "replace")


@pytest.mark.slow
def test_every_answer_is_one_that_the_document_promises(
    sign_in: SignIn, open_archive: OpenArchive, tmp_path: Path
) -> None:
    caller = sign_in(Role.ADMINISTRATOR)
    submission = open_archive.hand_in(a_folder(tmp_path / "letters"), caller.user.actor)
    outbox.drain()
    known: Known = {
        "name": [str(submission.object_id), str(submission.submission_id), "short"],
        "number": [submission.job_id],
    }
    headers = {"Authorization": caller.client.defaults["HTTP_AUTHORIZATION"]}
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    wrong = []
    for each in schema.get_all_operations():
        assert isinstance(each, Ok)
        operation = each.ok()
        if operation.path.endswith("/events/stream"):
            continue  # it does not end; tests/web/test_event_stream.py reads it
        try:
            _asked(operation, known, headers)
        except FailureGroup as failures:
            wrong.append(f"{operation.label}: {failures}")
    assert not wrong, "\n\n".join(wrong)


def _asked(operation: Any, known: Known, headers: Mapping[str, str]) -> None:  # noqa: ANN401  # the library's
    """Ask one operation so often, at addresses where something is and at others."""

    @hypothesis.seed(20)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(data.draw(st.sampled_from(MODES))))
        for name in known.keys() & (case.path_parameters or {}).keys():
            given = case.path_parameters[name]
            case.path_parameters[name] = data.draw(st.sampled_from([given, *known[name]]))
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
