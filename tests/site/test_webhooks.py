"""Webhooks against a real server: signed, tried again, logged, never sent where they must not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from muniment.administration.inbox import shown_notification
from muniment.administration.models import DeliveryState, Notification, Webhook, WebhookDelivery
from muniment.administration.services.telling import WAITS_S, attempt
from muniment.connectors.web import AnyPublicHost, WebPosts
from muniment.connectors.web.adapters.connecting import Patience
from muniment.connectors.web.adapters.post import HttpPosts
from muniment.runtime.actor import Role
from muniment.runtime.clock import SystemClock
from muniment.runtime.registry import provide
from muniment.work import outbox
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.servers.receiver import Receiver, receiving
from tests.site.conftest import Caller, SignIn

CLOCK = SystemClock()


@pytest.fixture
def receiver(open_archive: OpenArchive) -> Iterator[Receiver]:
    """A server on this machine that the administrator has listed."""
    with receiving() as found:
        hosts = AnyPublicHost([f"127.0.0.1:{found.port}"], setting="webhook_hosts")
        posts = HttpPosts(
            hosts,
            CLOCK,
            patience=Patience(connect_s=2, stall_s=2),
            resolve=lambda host, _port: ["127.0.0.1" if host == "localhost" else host],
        )
        provide(WebPosts, posts)  # type: ignore[type-abstract]  # a port is a Protocol
        yield found


@pytest.fixture
def administrator(sign_in: SignIn) -> Caller:
    """Who may set webhooks up."""
    return sign_in(Role.ADMINISTRATOR)


def add(caller: Caller, url: str, **more: object) -> dict[str, Any]:
    """Add a webhook over the API."""
    answer = caller.send("POST", "webhooks", {"url": url, **more})
    assert answer.status_code == 201, answer.content
    document: dict[str, Any] = answer.json()
    return document


def happen(name: str = "quarantine removed") -> WebhookDelivery:
    """Let something happen, and return its delivery."""
    outbox.add(name, submission_id="7", by="ada")
    outbox.drain()
    return WebhookDelivery.objects.order_by("-pk")[0]


def try_once(delivery: WebhookDelivery) -> WebhookDelivery:
    """Make one attempt, as the job does."""
    attempt(str(delivery.delivery_id), clock=CLOCK)
    delivery.refresh_from_db()
    return delivery


def test_an_event_is_told_in_a_signed_envelope(administrator: Caller, receiver: Receiver) -> None:
    made = add(administrator, receiver.url)
    delivery = try_once(happen())
    (came,) = receiver.received
    stamp, mark = came.headers["Webhook-Signature"].split(",")
    signed = f"{stamp.removeprefix('t=')}.".encode() + came.body
    expected = hmac.new(made["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert mark == f"v1={expected}"
    assert came.headers["Webhook-Id"] == str(delivery.delivery_id)
    event = json.loads(came.body)
    assert event["specversion"] == "1.0"
    assert event["type"] == "muniment.quarantine.removed"
    assert event["data"] == {"submission_id": "7", "by": "ada"}
    assert (delivery.state, delivery.status) == (DeliveryState.DONE, 204)


def test_only_wanted_events_are_told_and_the_job_queue_does_it(
    administrator: Caller, receiver: Receiver
) -> None:
    add(administrator, receiver.url, events=["quarantine removed"])
    outbox.add("something else")
    outbox.drain()
    assert not WebhookDelivery.objects.exists()
    delivery = happen()
    job = Job.objects.get(kind="webhook")
    assert job.arguments == {"delivery": str(delivery.delivery_id)}


@pytest.mark.parametrize("status", [500, 503, 408, 429, 0])
def test_a_fault_is_tried_again_later(
    administrator: Caller, receiver: Receiver, status: int
) -> None:
    add(administrator, receiver.url)
    receiver.answers = [(status, {})]
    delivery = try_once(happen())
    assert delivery.state == DeliveryState.WAITING
    assert delivery.next_at is not None
    assert delivery.attempted_at is not None
    wait = delivery.next_at - delivery.attempted_at
    assert wait == timedelta(seconds=WAITS_S[0])
    assert Job.objects.filter(kind="webhook").count() == 2
    assert try_once(delivery).state == DeliveryState.DONE
    assert len({each.headers["Webhook-Id"] for each in receiver.received}) == 1


def test_the_wish_of_the_other_side_counts(administrator: Caller, receiver: Receiver) -> None:
    add(administrator, receiver.url)
    receiver.answers = [(503, {"Retry-After": "1000"})]
    delivery = try_once(happen())
    assert delivery.next_at is not None
    assert delivery.attempted_at is not None
    assert delivery.next_at - delivery.attempted_at == timedelta(seconds=1000)


@pytest.mark.parametrize("status", [400, 404, 302])
def test_what_is_wrong_for_good_is_not_tried_again(
    administrator: Caller, receiver: Receiver, status: int
) -> None:
    add(administrator, receiver.url)
    receiver.answers = [(status, {"Location": "http://127.0.0.1:1/"})]
    assert try_once(happen()).state == DeliveryState.FAILED
    assert len(receiver.received) == 1


def test_after_all_waits_it_is_given_up(administrator: Caller, receiver: Receiver) -> None:
    add(administrator, receiver.url)
    receiver.answers = [(500, {})] * 20
    delivery = happen()
    for _ in range(len(WAITS_S) + 1):
        try_once(delivery)
    assert delivery.state == DeliveryState.FAILED
    assert len(receiver.received) == len(WAITS_S) + 1


def test_gone_switches_it_off(administrator: Caller, receiver: Receiver) -> None:
    made = add(administrator, receiver.url)
    receiver.answers = [(410, {})]
    try_once(happen())
    shown = administrator.get(f"webhooks/{made['number']}").json()
    assert (shown["is_enabled"], "410" in shown["disabled_reason"]) == (False, True)
    outbox.add("quarantine removed")
    outbox.drain()
    assert WebhookDelivery.objects.count() == 1


def test_three_days_of_faults_switch_it_off(administrator: Caller, receiver: Receiver) -> None:
    add(administrator, receiver.url)
    Webhook.objects.update(failing_since=CLOCK.now() - timedelta(days=3, minutes=1))
    receiver.answers = [(500, {})]
    try_once(happen())
    assert not Webhook.objects.get().is_enabled


def test_its_owner_is_told_once_that_it_is_switched_off(
    administrator: Caller, sign_in: SignIn, receiver: Receiver
) -> None:
    made = add(administrator, receiver.url + "?key=secret")
    receiver.answers = [(410, {})]
    try_once(happen())
    outbox.drain()
    (told,) = Notification.objects.all()
    assert (told.user, told.address) == (administrator.user, f"/webhooks/{made['number']}")
    text = shown_notification(told).text
    assert "switched off" in text
    assert "410" in text
    assert "secret" not in text
    assert sign_in(Role.AUDITOR).get("me/notifications").json()["items"] == []


def test_who_switches_it_off_themselves_is_not_told(
    administrator: Caller, receiver: Receiver
) -> None:
    made = add(administrator, receiver.url)
    body, match = {"is_enabled": False}, {"if-match": "*"}
    administrator.send("PATCH", f"webhooks/{made['number']}", body, **match)
    outbox.drain()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/hook",
        "http://localhost/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_no_address_inside_is_reached(administrator: Caller, receiver: Receiver, url: str) -> None:
    add(administrator, url)
    delivery = try_once(happen())
    assert delivery.state == DeliveryState.FAILED
    assert "no public address" in delivery.said
    assert receiver.received == []


@pytest.mark.parametrize("url", ["ftp://a.example/", "http://u:p@a.example/", "x", "http://a b/"])
def test_what_is_no_address_is_refused(administrator: Caller, url: str) -> None:
    assert administrator.send("POST", "webhooks", {"url": url}).status_code == 422


def test_both_secrets_sign_after_a_change(administrator: Caller, receiver: Receiver) -> None:
    made = add(administrator, receiver.url)
    new = administrator.send("POST", f"webhooks/{made['number']}/secret").json()["secret"]
    try_once(happen())
    (came,) = receiver.received
    stamp, *marks = came.headers["Webhook-Signature"].split(",")
    signed = f"{stamp.removeprefix('t=')}.".encode() + came.body
    assert marks == [
        "v1=" + hmac.new(each.encode(), signed, hashlib.sha256).hexdigest()
        for each in (new, made["secret"])
    ]


def test_the_log_is_read_and_a_delivery_made_again(
    administrator: Caller, receiver: Receiver
) -> None:
    made = add(administrator, receiver.url)
    receiver.answers = [(404, {})]
    delivery = try_once(happen())
    at = f"webhooks/{made['number']}/deliveries"
    (shown,) = administrator.get(at).json()["items"]
    assert (shown["state"], shown["status"]) == ("failed", 404)
    again = administrator.send("POST", f"{at}/{delivery.delivery_id}/redeliver")
    assert again.status_code == 202
    assert try_once(delivery).state == DeliveryState.DONE


def test_a_webhook_is_changed_and_removed_by_who_has_seen_it(
    administrator: Caller, receiver: Receiver
) -> None:
    made = add(administrator, receiver.url)
    at = f"webhooks/{made['number']}"
    etag = administrator.get(at)["ETag"]
    assert administrator.send("PATCH", at, {"events": ["x"]}).status_code == 428
    changed = administrator.send("PATCH", at, {"events": ["x"]}, **{"if-match": etag})
    assert changed.json()["events"] == ["x"]
    assert administrator.send("DELETE", at, **{"if-match": etag}).status_code == 412
    gone = administrator.send("DELETE", at, **{"if-match": changed["ETag"]})
    assert gone.status_code == 204
    assert not Webhook.objects.exists()


def test_the_secret_is_not_in_the_database_nor_shown_again(
    administrator: Caller, receiver: Receiver
) -> None:
    made = add(administrator, receiver.url)
    assert made["secret"].encode() not in bytes(Webhook.objects.get().secret)
    assert "secret" not in administrator.get(f"webhooks/{made['number']}").json()


def test_events_are_read_on_behind_a_number(administrator: Caller, sign_in: SignIn) -> None:
    numbers = [outbox.add("quarantine removed", by=str(each)).pk for each in range(3)]
    page = administrator.get(f"events?after={numbers[0] - 1}&limit=2").json()
    assert [each["number"] for each in page["items"]] == numbers[:2]
    rest = administrator.get(page["next"].partition("/api/v1/")[2]).json()
    assert [each["number"] for each in rest["items"]] == numbers[2:]
    assert rest["next"] is None
    assert sign_in(Role.DEPOSITOR).get("events").status_code == 403
    assert administrator.get("events?after=-1").status_code == 422
