"""Every route by every role: what the site answers is what the table in the docs says."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from muniment.administration.policy import ACTIONS, FOR_VISITORS, RolePolicy, install
from muniment.runtime.actor import Role, actor_with
from muniment.runtime.http.views import OPEN, READING, SELF
from scripts import access_matrix
from tests.site.conftest import SignIn
from tests.site.routes import Route, api_routes, every_pattern, page_routes

pytestmark = pytest.mark.slow

ROUTES = api_routes()
PAGES = page_routes()
PEOPLE = [role for role in Role if role is not Role.ANONYMOUS]
OPEN_ADDRESSES: dict[str, str] = settings.OPEN_ADDRESSES

# Operations for who is not signed in yet; guessing is slowed down there.
OPEN_OPERATIONS = {
    "POST api/v1/auth/login",
    "POST api/v1/auth/token/refresh",
    "POST api/v1/auth/password/forgotten",
    "POST api/v1/auth/password/reset",
}


def test_every_address_is_one_of_the_api_or_open_on_purpose() -> None:
    known = {route.address for route in [*ROUTES, *PAGES]} | set(OPEN_ADDRESSES)
    assert [address for address, _ in every_pattern() if address not in known] == []


@pytest.mark.parametrize("route", [*ROUTES, *PAGES], ids=str)
def test_every_route_asks_for_an_action_that_the_policy_knows(route: Route) -> None:
    assert route.action in ACTIONS | {OPEN, SELF}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_let_in_where_the_policy_says(role: Role, sign_in: SignIn) -> None:
    caller, policy = sign_in(role), RolePolicy()
    wrong = []
    for route in ROUTES:
        answer = caller.client.generic(route.method, f"/{route.example}")
        is_allowed = route.action in {OPEN, SELF} or policy.may(
            actor_with("x", role), route.action, None
        )
        if (answer.status_code != 403) is not is_allowed or answer.status_code >= 500:
            wrong.append((str(route), answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", PEOPLE)
def test_a_page_is_shown_where_the_policy_says(role: Role, sign_in: SignIn) -> None:
    client, policy, wrong = Client(raise_request_exception=False), RolePolicy(), []
    user = sign_in(role).user
    for route in PAGES:
        user.refresh_from_db()  # one of the pages ends all sessions
        client.force_login(user)
        answer = client.generic(route.method, f"/{route.example}")
        is_allowed = route.action in {OPEN, SELF} or policy.may(
            actor_with("x", role), route.action, None
        )
        if (answer.status_code != 403) is not is_allowed or answer.status_code >= 500:
            wrong.append((str(route), answer.status_code))
    assert wrong == []


@pytest.mark.django_db
def test_a_visitor_is_led_to_the_sign_in_page(open_archive: object) -> None:
    client, wrong = Client(raise_request_exception=False), []
    for route in PAGES:
        answer = client.generic(route.method, f"/{route.example}")
        is_led = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
        if is_led is (route.action == OPEN):
            wrong.append((str(route), answer.status_code))
    assert wrong == []


@pytest.mark.django_db
def test_a_visitor_is_asked_who_they_are_everywhere(open_archive: object) -> None:
    client = Client(raise_request_exception=False)
    answers = {
        str(route): client.generic(route.method, f"/{route.example}").status_code
        for route in ROUTES
        if str(route) not in OPEN_OPERATIONS
    }
    assert {name: status for name, status in answers.items() if status != 401} == {}


def test_what_asks_nobody_is_open_on_purpose() -> None:
    assert {str(route) for route in ROUTES if route.action == OPEN} == OPEN_OPERATIONS


@pytest.mark.django_db
def test_a_visitor_is_let_in_where_the_switch_opens(open_archive: object) -> None:
    install(lets_visitors_read=True)
    client, wrong = Client(raise_request_exception=False), []
    try:
        for route in [*ROUTES, *PAGES]:
            answer = client.generic(route.method, f"/{route.example}")
            is_open = route.action in FOR_VISITORS and route.method in READING
            is_asked = answer.status_code == 401 or (
                answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
            )
            # Where nothing is, signing in might help as well; what is open to all has its own test.
            is_known = "<" not in route.address and route.action != OPEN
            if answer.status_code >= 500 or (is_known and is_asked is is_open):
                wrong.append((str(route), answer.status_code))
    finally:
        install()
    assert wrong == []


@pytest.mark.parametrize("address", sorted(OPEN_ADDRESSES))
def test_open_addresses_answer_everybody(address: str, open_archive: object) -> None:
    assert Client().get(f"/{address}", follow=True).status_code == 200


def test_the_table_in_the_docs_is_this_one() -> None:
    assert access_matrix.PAGE.read_text(encoding="utf-8") == access_matrix.page(), (
        "write it anew: python -m scripts.access_matrix"
    )
