"""Pages of webhooks: set up, changed, switched off, sent again; secrets once, rights asked."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from muniment.administration.models import DeliveryState, Webhook, WebhookDelivery
from muniment.administration.services.users import NewUser, add_user, ensure_first_groups
from muniment.runtime.actor import SYSTEM
from muniment.work import outbox
from muniment.work.models import Job
from tests.ingest.conftest import open_archive
from tests.ingest.open_archive import OpenArchive

__all__ = ["open_archive"]
URL = "https://repository.example/hook"


def a_client(archive: OpenArchive, name: str, group: str) -> Client:
    ensure_first_groups()
    user = add_user(NewUser(name, groups=[group]), actor=SYSTEM, clock=archive.clock)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def root(open_archive: OpenArchive) -> Client:
    """An administrator's browser."""
    return a_client(open_archive, "root", "administrators")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def a_webhook(root: Client, **form: str) -> Webhook:
    root.post("/webhooks/new", {"url": URL, "events": "", **form})
    return Webhook.objects.latest("pk")


def deliveries(root: Client, count: int) -> list[WebhookDelivery]:
    a_webhook(root)
    for _ in range(count):
        outbox.add("quarantine removed", by="root")
    outbox.drain()
    return list(WebhookDelivery.objects.order_by("pk"))


def test_without_any_it_says_so(root: Client) -> None:
    assert "Nobody is told of events" in text(root, "/webhooks")


def test_a_new_one_shows_its_secret_this_once(root: Client) -> None:
    form = {"url": URL, "events": "quarantine removed\r\nsubmission accepted, version sealed"}
    shown = root.post("/webhooks/new", form).content.decode()
    assert re.search(r"<code>whsec_\S+</code>", shown)
    hook = Webhook.objects.get()
    assert hook.events == ["quarantine removed", "submission accepted", "version sealed"]
    assert hook.owner.username == "root"
    assert "whsec_" not in text(root, f"/webhooks/{hook.pk}")
    assert URL in text(root, "/webhooks")


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "<script>alert(1)</script>", "x" * 3000])
def test_a_fault_is_told_and_what_was_written_stays(root: Client, url: str) -> None:
    answer = root.post("/webhooks/new", {"url": url, "events": "my <b>event</b>"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "my &lt;b&gt;event" in page
    assert "<script>alert" not in page
    assert not Webhook.objects.exists()


def test_it_is_changed_by_who_saw_it_as_it_is(root: Client) -> None:
    hook = a_webhook(root)
    seen = hook.changed_at.isoformat()
    form = {"url": URL + "/2", "events": "version sealed", "seen": seen}
    assert root.post(f"/webhooks/{hook.pk}/change", form).status_code == 302
    hook.refresh_from_db()
    assert (hook.url, hook.events) == (URL + "/2", ["version sealed"])
    stale = root.post(f"/webhooks/{hook.pk}/change", form | {"url": URL + "/mine"})
    assert stale.status_code == 412
    assert URL + "/mine" in stale.content.decode()
    hook.refresh_from_db()
    assert hook.url == URL + "/2"


def test_it_is_switched_off_and_on(root: Client) -> None:
    hook = a_webhook(root)
    root.post(f"/webhooks/{hook.pk}/switch", {"on": "0"})
    assert "switched off by root" in text(root, "/webhooks")
    root.post(f"/webhooks/{hook.pk}/switch", {"on": "1"})
    hook.refresh_from_db()
    assert (hook.is_enabled, hook.disabled_reason) == (True, "")


def test_a_new_secret_is_shown_this_once(root: Client) -> None:
    hook = a_webhook(root)
    before = bytes(hook.secret)
    assert "whsec_" in root.post(f"/webhooks/{hook.pk}/secret").content.decode()
    hook.refresh_from_db()
    assert bytes(hook.secret) != before


def test_a_delivery_is_sent_again(root: Client) -> None:
    (delivery,) = deliveries(root, 1)
    WebhookDelivery.objects.update(state=DeliveryState.FAILED.value, said="<i>no</i>", status=404)
    here = f"/webhooks/{delivery.webhook_id}"
    shown = text(root, here)
    assert "&lt;i&gt;no" in shown
    before = Job.objects.count()
    again = root.post(f"{here}/deliveries/{delivery.delivery_id}/again")
    assert again["Location"] == here
    assert Job.objects.count() == before + 1
    assert root.post(f"{here}/deliveries/{uuid4()}/again").status_code == 404


def test_one_that_is_off_sends_nothing_again(root: Client) -> None:
    (delivery,) = deliveries(root, 1)
    Webhook.objects.update(is_enabled=False)
    here = f"/webhooks/{delivery.webhook_id}"
    answer = root.post(f"{here}/deliveries/{delivery.delivery_id}/again")
    assert (answer.status_code, b"switched off" in answer.content) == (422, True)


def test_it_is_removed_with_its_log(root: Client) -> None:
    (delivery,) = deliveries(root, 1)
    assert root.post(f"/webhooks/{delivery.webhook_id}/remove")["Location"] == "/webhooks"
    assert not WebhookDelivery.objects.exists()
    assert root.get(f"/webhooks/{delivery.webhook_id}").status_code == 404


def test_who_may_only_read_changes_nothing(open_archive: OpenArchive, root: Client) -> None:
    hook = a_webhook(root)
    auditor = a_client(open_archive, "otto", "auditors")
    assert "<textarea" not in text(auditor, f"/webhooks/{hook.pk}")
    for verb in ("change", "switch", "secret", "remove"):
        assert auditor.post(f"/webhooks/{hook.pk}/{verb}").status_code == 403
    depositor = a_client(open_archive, "dora", "depositors")
    assert depositor.get("/webhooks").status_code == 403
    assert 'href="/webhooks"' not in text(depositor, "/me/notifications")
    for page in ("/me/notifications", "/settings/"):
        assert 'href="/webhooks"' in text(root, page)


@pytest.mark.parametrize("count", [3, 30])
def test_the_log_costs_the_same_however_long_it_is(
    root: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hook = deliveries(root, count)[0].webhook_id
    with django_assert_max_num_queries(9):
        root.get(f"/webhooks/{hook}")
