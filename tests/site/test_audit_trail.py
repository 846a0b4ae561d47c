"""What comes over HTTP and what jobs do is in the audit trail: who, what, on what, how it ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.administration.models import AuditEntry
from muniment.administration.services.audit import broken_links
from muniment.catalogue.models import File
from muniment.runtime.actor import Role
from muniment.site.first_parts import FirstParts
from muniment.work.worker import Worker
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import Caller, SignIn


def told(action: str) -> list[tuple[str, str, str]]:
    """Return actor, object and outcome of the lines of an action."""
    rows = AuditEntry.objects.filter(action=action).order_by("number")
    return list(rows.values_list("actor", "thing", "outcome"))


def test_a_change_names_its_object_and_the_request(kept: str, archivist: Caller) -> None:
    archivist.send("POST", f"objects/{kept}/tags", {"add": ["x"]}, **{"x-request-id": "one"})
    assert told("object.tag") == [("archivist", f"urn:uuid:{kept}", "done")]
    of_the_request = AuditEntry.objects.filter(request_id="one").order_by("number")
    assert [each.action for each in of_the_request] == ["object.tag", "http.post"]
    assert {each.address for each in of_the_request} == {"127.0.0.1"}


def test_what_was_refused_is_told_with_its_object(kept: str, sign_in: SignIn) -> None:
    auditor = sign_in(Role.AUDITOR)
    assert auditor.send("POST", f"objects/{kept}/tags", {"add": ["x"]}).status_code == 403
    address = f"/api/v1/objects/{kept}/tags"
    assert told("object.tag") == [("auditor", address, "refused")]
    assert told("http.post")[-1] == ("auditor", address, "refused")


def test_what_failed_is_told_as_failed(kept: str, archivist: Caller) -> None:
    assert archivist.send("POST", f"objects/{kept}/tags", {"add": [""]}).status_code == 422
    assert [outcome for _, _, outcome in told("http.post")][-1] == "failed"


def test_reading_leaves_no_line(kept: str, archivist: Caller) -> None:
    before = AuditEntry.objects.count()
    for address in ("objects", f"objects/{kept}", f"objects/{kept}/files", "jobs", "search?q=a"):
        assert archivist.get(address).status_code == 200
    assert AuditEntry.objects.count() == before


def test_a_download_is_told_once_however_many_parts_it_comes_in(
    kept: str, archivist: Caller
) -> None:
    file = File.objects.get(path__endswith="list.csv")
    address = f"files/{file.file_id}/content"
    archivist.client.head(f"/api/v1/{address}")
    assert told("object.export") == []
    for first in (0, 1, 2):
        answer = archivist.get(address, range=f"bytes={first}-{first}")
        answer.close()
        assert answer.status_code == 206
    assert told("object.export") == [("archivist", f"urn:uuid:{kept}", "done")]
    archivist.get(address).close()
    assert len(told("object.export")) == 2


def test_a_service_that_tells_its_deed_is_told_once(sign_in: SignIn) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    answer = administrator.send("POST", "users", {"username": "ada"})
    assert answer.status_code == 201
    assert told("user.add")[-1] == ("administrator", "ada", "done")
    assert told("user.change") == []


def test_a_job_tells_what_it_did_to_which_objects(
    open_archive: OpenArchive, kept: str, archivist: Caller
) -> None:
    body = {"action": "tag", "objects": [kept], "add": ["x"]}
    answer = archivist.send("POST", "objects/bulk", body)
    assert answer.status_code == 202, answer.content
    Worker().run_until_idle()
    line = AuditEntry.objects.filter(action="object.tag", thing=f"urn:uuid:{kept}").get()
    assert (line.actor, line.outcome) == ("archivist", "done")
    assert line.detail["job"] == answer.json()["job"]


def test_handing_in_is_told_by_request_and_job(
    open_archive: OpenArchive, archivist: Caller, tmp_path: Path
) -> None:
    open_archive.hand_in(a_folder(tmp_path / "letters"), archivist.user.actor)
    kinds = {each.detail.get("kind") for each in AuditEntry.objects.filter(actor="archivist")}
    assert "submission" in kinds
    assert list(broken_links()) == []


@pytest.mark.parametrize(("after_s", "is_new"), [(10.0, False), (3601.0, True)])
def test_a_download_in_parts_is_told_again_after_an_hour(
    after_s: float, is_new: bool, rf: object, archivist: Caller
) -> None:
    now = [0.0]
    parts = FirstParts(lambda: now[0])
    request = rf.get("/a", headers={"range": "bytes=0-1"})  # type: ignore[attr-defined]  # Django's
    assert parts.is_new(archivist.user.actor, request)
    now[0] = after_s
    assert parts.is_new(archivist.user.actor, request) is is_new
