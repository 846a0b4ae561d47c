"""Users, groups, sessions and second factors over HTTP."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from django.test import Client

from muniment.administration import totp
from muniment.administration.models import User
from muniment.administration.types import SCOPES
from muniment.runtime.actor import Role
from tests.site.conftest import Caller, SignIn


@pytest.fixture
def root(sign_in: SignIn) -> Caller:
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def ada(sign_in: SignIn) -> Caller:
    return sign_in(Role.EDITOR, name="ada")


def test_a_group_goes_through_its_life(root: Caller) -> None:
    made = root.send("POST", "groups", {"name": "map room", "roles": ["editor"]})
    assert (made.status_code, made.json()["members"]) == (201, 0)
    again = root.send("POST", "groups", {"name": "map room", "roles": []})
    assert again.status_code == 409
    changed = root.send("PUT", "groups/map%20room", {"roles": ["auditor", "depositor"]})
    assert changed.json()["roles"] == ["auditor", "depositor"]
    assert root.send("DELETE", "groups/map%20room").status_code == 204
    assert root.get("groups/map%20room").status_code == 404


def test_roles_are_told_with_what_they_may(root: Caller) -> None:
    roles = {each["name"]: each["permissions"] for each in root.get("roles").json()["items"]}
    assert set(roles) == {role.value for role in Role}
    assert roles["depositor"]["submission.create"] == "own"
    assert roles["anonymous"] == {}


@pytest.mark.parametrize(
    "body", [{}, {"roles": ["wizard"]}, {"roles": ["reader"]}, {"roles": 7}, {"more": []}]
)
def test_wrong_roles_are_findings(body: object, root: Caller) -> None:
    answer = root.send("PUT", "groups/editors", body)
    assert answer.status_code == 422
    assert answer.json()["findings"]


def test_a_user_is_changed_all_or_nothing(root: Caller, ada: Caller) -> None:
    answer = root.send("PATCH", "users/ada", {"groups": ["auditors"], "password": "short"})
    assert answer.status_code == 422
    assert root.get("users/ada").json()["groups"] == ["editors"]
    answer = root.send("PATCH", "users/ada", {"groups": ["auditors"], "is_active": False})
    assert answer.json()["groups"] == ["auditors"]
    assert not answer.json()["is_active"]
    assert ada.get("me").status_code == 401, "the token of who left opens nothing"


def test_members_of_a_group_are_listed(root: Caller, ada: Caller) -> None:
    items = root.get("users?group=editors").json()["items"]
    assert [each["username"] for each in items] == ["ada"]


def test_sessions_are_listed_and_ended(ada: Caller) -> None:
    browser = Client()
    browser.force_login(ada.user)
    assert ada.get("me/sessions").json()["items"] == []
    assert ada.send("DELETE", "me/sessions").status_code == 204
    assert browser.get("/dashboard/").status_code == 302


def test_a_second_factor_is_set_up_by_a_program(ada: Caller, root: Caller) -> None:
    begun = ada.send("POST", "me/second-factor").json()
    secret = base64.b32decode(begun["secret"])
    assert begun["address"].startswith("otpauth://totp/Muniment:ada?")
    code = totp.code_of(secret, totp.step_of(datetime.now(UTC)))
    codes = ada.send("PUT", "me/second-factor", {"code": code}).json()["recovery_codes"]
    assert len(codes) == 10
    assert root.send("DELETE", "users/ada/second-factor").status_code == 204
    assert root.send("DELETE", "users/ada/second-factor").status_code == 404


def test_a_narrow_token_takes_no_second_factor_away(sign_in: SignIn) -> None:
    caller = sign_in(Role.EDITOR, scopes=SCOPES - {"admin"})
    assert caller.send("DELETE", "me/second-factor").status_code == 403


def test_a_manager_gives_no_roles(sign_in: SignIn, root: Caller) -> None:
    manager = sign_in(Role.MANAGER)
    assert manager.send("PUT", "groups/editors", {"roles": ["administrator"]}).status_code == 403
    assert manager.send("PATCH", "users/administrator", {"is_active": False}).status_code == 403
    assert User.objects.get(username="administrator").is_active


@pytest.mark.parametrize("name", ["nobody", "%00", "%FF", "a%0Ab", "x" * 2000])
@pytest.mark.parametrize("place", ["users", "groups"])
def test_no_name_is_a_fault_of_ours(name: str, place: str, root: Caller) -> None:
    assert root.get(f"{place}/{name}").status_code in {400, 404, 422}
