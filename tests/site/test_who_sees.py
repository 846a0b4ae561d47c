"""No table and no route without a rule; who may not see an object learns of it through nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.test import Client

from muniment.administration import policy
from muniment.catalogue.jobs import export_folder
from muniment.catalogue.models import BulkItem, Event, File, IntellectualEntity
from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.ingest.models import Submission
from muniment.runtime.actor import SYSTEM, Actor, Role
from muniment.runtime.errors import Misconfigured
from muniment.web.route_checks import check_routes, require_rules
from muniment.work import outbox, schedules, visibility
from muniment.work.models import Job
from muniment.work.visibility import check_tables, visible
from muniment.work.worker import Worker
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import Caller, SignIn
from tests.site.routes import api_routes, page_routes

READER = Actor("rea", frozenset({Role.READER}))
OF_AN_OBJECT = {
    *("IntellectualEntity", "Version", "DescriptiveTerm", "Representation", "File", "Folder"),
    *("Event", "EventObject", "EventAgent", "Agent", "SearchDocument", "SearchFacet"),
}


@pytest.fixture
def hidden(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> str:
    """The identifier of an object that only staff may see, with a telling title."""
    package = a_folder(tmp_path / "zanzibar", {"zanzibar.txt": b"Dear Ada\n"})
    submission = open_archive.hand_in(package, archivist.user.actor)
    outbox.drain()
    return str(submission.object_id)


def decide(object_id: str, wanted: Reading, open_archive: OpenArchive) -> None:
    name = ObjectId(object_id)
    seen = reading_of(SYSTEM, name)
    set_reading(name, wanted, seen=seen, actor=SYSTEM, clock=open_archive.clock)


def counts(actor: Actor) -> dict[str, int]:
    """Return how many rows of each table of ours an actor may see, where there are any."""
    ours = [each for each in apps.get_models() if each.__module__.startswith("muniment.")]
    found = {each.__name__: visible(actor, each).count() for each in ours}
    return {name: count for name, count in found.items() if count}


def test_every_table_has_a_rule() -> None:
    assert check_tables() == []


def test_every_route_asks_the_policy() -> None:
    assert check_routes() == []


def test_a_table_without_a_rule_is_complained_of_and_stops_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = {model: rule for model, rule in visibility._rules.items() if model is not Event}
    monkeypatch.setattr(visibility, "_rules", rules)
    (found,) = check_tables()
    assert (found.id, found.obj) == ("muniment.E101", Event)
    with pytest.raises(Misconfigured, match=r"rows of catalogue\.Event"):
        require_rules()
    with pytest.raises(LookupError):
        visible(SYSTEM, Event)


def test_a_route_that_does_not_ask_is_complained_of_and_stops_the_site(
    settings: LazySettings,
) -> None:
    settings.OPEN_ADDRESSES = dict(settings.OPEN_ADDRESSES)
    del settings.OPEN_ADDRESSES["healthz"]
    (found,) = check_routes()
    assert (found.id, "/healthz " in found.msg) == ("muniment.E102", True)
    with pytest.raises(Misconfigured, match="/healthz asks the policy nothing"):
        require_rules()


def test_no_row_of_any_table_tells_of_a_hidden_object(hidden: str) -> None:
    assert counts(READER) == {}
    there = {
        "IntellectualEntity",
        "File",
        "Event",
        "SearchDocument",
        "Job",
        "Submission",
        "StepRun",
    }
    assert set(counts(SYSTEM)) >= there


def test_the_rows_of_an_open_object_are_seen_and_nothing_that_led_to_it(
    hidden: str, open_archive: OpenArchive
) -> None:
    decide(hidden, Reading(ReadingPolicyName.REGISTERED), open_archive)
    assert set(counts(READER)) == OF_AN_OBJECT & set(counts(SYSTEM))
    assert counts(READER)["Event"] == Event.objects.count()


def addresses(hidden: str) -> Iterator[str]:
    """Give every address that can be looked at, filled in with what there is of the object."""
    file, job = File.objects.get(path__endswith="zanzibar.txt"), Job.objects.latest("pk")
    submission = Submission.objects.get()
    known = {
        "<uuid:object_id>": hidden,
        "<uuid:file_id>": str(file.file_id),
        "<uuid:submission_id>": str(submission.submission_id),
        "<int:number>": str(job.pk),
    }
    for route in [*api_routes(), *page_routes()]:
        if route.method != "GET" or route.address == "live":
            continue
        address = route.address
        for word, value in known.items():
            address = address.replace(word, value)
        named = submission.submission_id if "submissions/" in address else hidden
        yield "/" + replace(route, address=address.replace("<str:name>", str(named))).example


@pytest.mark.parametrize("who", ["visitor", "reader", "another depositor"])
def test_no_answer_tells_of_a_hidden_object(who: str, hidden: str, sign_in: SignIn) -> None:
    policy.install(lets_visitors_read=True)
    client, telling = Client(raise_request_exception=False), []
    if who != "visitor":
        client.force_login(sign_in(Role.READER if who == "reader" else Role.DEPOSITOR).user)
    try:
        for address in addresses(hidden):
            answer: Any = client.get(address)  # Django's test response
            said = b"".join(answer) if answer.streaming else answer.content
            # A refusal repeats the address that was asked for, no more.
            is_shown = hidden.encode() in said and answer.status_code == 200
            if b"zanzibar" in said or is_shown:
                telling.append((address, answer.status_code))
    finally:
        policy.install()
    assert telling == []


def test_what_was_closed_since_is_gone_from_bulk_jobs_and_their_exports(
    hidden: str, open_archive: OpenArchive, sign_in: SignIn
) -> None:
    depositor = sign_in(Role.DEPOSITOR)
    Group.objects.get_or_create(name="maps")
    user = depositor.user
    user.groups.add(Group.objects.get(name="maps"))
    decide(hidden, Reading(ReadingPolicyName.GROUPS, ("maps",)), open_archive)
    body = {"action": "export", "objects": [hidden]}
    job = depositor.send("POST", "objects/bulk", body).json()["job"]
    Worker().run_until_idle()
    (item,) = depositor.get(f"jobs/{job}/items").json()["items"]
    assert item["status"] == "done", item
    client = Client()
    client.force_login(user)
    address = f"/jobs/{job}/items/{item['result']}"
    given = client.get(address)
    given.close()
    assert given.status_code == 200
    decide(hidden, Reading(), open_archive)
    (item,) = depositor.get(f"jobs/{job}/items").json()["items"]
    assert (item["status"], item.get("result")) == ("not_found", None)
    assert client.get(address).status_code == 404
    assert list(export_folder(job).glob("*.zip")), "it is kept from them, not from the archive"
    assert BulkItem.objects.get(job=job).state == "done"


def test_schedules_of_others_are_not_shown_to_who_sees_only_own_jobs(
    open_archive: OpenArchive, sign_in: SignIn, hidden: str
) -> None:
    plan = schedules.Plan("weekly", "0 0 * * 1", "fixity", {"object_ids": [hidden]})
    schedules.add(plan, actor=SYSTEM, clock=open_archive.clock)
    depositor, archivist = sign_in(Role.DEPOSITOR), sign_in(Role.ARCHIVIST, name="other")
    assert depositor.get("schedules").json()["items"] == []
    assert [each["name"] for each in archivist.get("schedules").json()["items"]] == ["weekly"]
    assert depositor.get("schedules/weekly").status_code == 404
    assert IntellectualEntity.objects.count() == 1
