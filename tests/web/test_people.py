"""The pages of users and groups, as administrators, managers and auditors see them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from muniment.administration.models import GroupRole, User
from muniment.administration.services.users import NewUser, add_user
from muniment.runtime.actor import SYSTEM, Role
from muniment.runtime.clock import FakeClock
from tests.site.conftest import SignIn, open_archive, sign_in

__all__ = ["open_archive", "sign_in"]


def a_window(sign_in: SignIn, role: Role) -> Client:
    client = Client()
    client.force_login(sign_in(role).user)
    return client


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    """The session of an administrator."""
    return a_window(sign_in, Role.ADMINISTRATOR)


@pytest.fixture
def ada(sign_in: SignIn) -> User:
    """An editor."""
    return sign_in(Role.EDITOR, name="ada").user


def text(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def test_a_group_is_made_changed_and_removed(root: Client) -> None:
    answer = root.post("/groups/new", {"name": "map room", "role": ["editor", "auditor"]})
    assert answer["Location"] == "/groups/map%20room"
    assert "map room" in text(root, "/groups")
    root.post("/groups/map%20room/roles", {"role": ["depositor"]})
    given = GroupRole.objects.filter(group__name="map room").values_list("role", flat=True)
    assert list(given) == ["depositor"]
    root.post("/groups/map%20room/remove")
    assert not Group.objects.filter(name="map room").exists()


def test_a_fault_keeps_what_was_written(root: Client) -> None:
    answer = root.post("/groups/new", {"name": "<b>", "role": ["editor"]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="&lt;b&gt;"' in page
    assert 'value="editor" checked' in page


def test_a_user_is_put_into_groups(root: Client, ada: User) -> None:
    root.post("/users/ada/groups", {"group": ["archivists", "auditors"]})
    assert ada.roles == {Role.ARCHIVIST, Role.AUDITOR, Role.READER}
    assert "ada" in text(root, "/groups/archivists")


def test_a_temporary_password_must_be_changed(root: Client, ada: User) -> None:
    root.post("/users/ada/password", {"password": "quiet harbour 1907"})
    ada.refresh_from_db()
    assert ada.check_password("quiet harbour 1907")
    assert ada.must_change_password
    assert "must change the password" in text(root, "/users/ada")


def test_a_user_is_signed_out_everywhere(root: Client, ada: User) -> None:
    browser = Client()
    browser.force_login(ada)
    root.post("/users/ada/sessions/end")
    assert browser.get("/dashboard/").status_code == 302


def test_the_last_administrator_is_told_why_not(root: Client) -> None:
    answer = root.post("/users/administrator/deactivate")
    assert answer.status_code == 422
    assert "last active administrator" in answer.content.decode()


def test_a_manager_changes_no_administrator_and_gives_no_roles(
    root: Client, sign_in: SignIn
) -> None:
    manager = a_window(sign_in, Role.MANAGER)
    answers = [
        manager.post("/users/administrator/password", {"password": "quiet harbour 1907"}),
        manager.post("/users/administrator/groups", {"group": []}),
        manager.post("/users/administrator/sessions/end"),
        manager.post("/users/administrator/second-factor/remove"),
        manager.post("/users/manager/groups", {"group": ["managers", "archivists"]}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert manager.post("/groups/managers/roles", {"role": ["administrator"]}).status_code == 403
    assert User.objects.get(username="administrator").roles >= {Role.ADMINISTRATOR}


def test_an_auditor_sees_and_changes_nothing(ada: User, sign_in: SignIn) -> None:
    auditor = a_window(sign_in, Role.AUDITOR)
    for address in ("/users/ada", "/groups", "/groups/editors"):
        assert "ada" in text(auditor, address) or address == "/groups"
        assert 'method="post" action="/users' not in text(auditor, address)
        assert 'method="post" action="/groups' not in text(auditor, address)
    assert auditor.post("/users/ada/groups", {"group": []}).status_code == 403


@pytest.mark.parametrize("address", ["/users/nobody", "/groups/nothing", "/groups/%3Cb%3E"])
def test_what_is_not_there_is_told(address: str, root: Client) -> None:
    assert root.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/users", "/groups", "/groups/editors", "/api/v1/users"])
def test_a_list_asks_as_much_for_thirty_as_for_three(address: str, root: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for start, stop in ((0, 3), (3, 30)):
        for number in range(start, stop):
            new = NewUser(f"user{number}", groups=["editors"])
            add_user(new, actor=SYSTEM, clock=FakeClock())
        with CaptureQueriesContext(connection) as asked:
            assert root.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
