"""The second factor: in force once confirmed, each code once, taken away by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.administration import totp
from muniment.administration.models import AuditEntry, RecoveryCode, SecondFactor, User
from muniment.administration.services.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    has_second_factor,
    opens,
    remove_second_factor,
    secret_begun,
)
from muniment.administration.services.users import NewUser, add_user, ensure_first_groups
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import (
    InvalidArgument,
    Misconfigured,
    Missing,
    PermissionDenied,
    WrongState,
)
from muniment.runtime.secret_box import SecretBox

pytestmark = pytest.mark.django_db
BOX = SecretBox("a key of fifty characters and some more, for the tests")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ada() -> User:
    ensure_first_groups()
    return add_user(NewUser("ada", groups=["archivists"]), actor=SYSTEM, clock=FakeClock())


def a_code(secret: bytes, clock: FakeClock) -> str:
    return totp.code_of(secret, totp.step_of(clock.now()))


def set_up(user: User, clock: FakeClock) -> tuple[bytes, list[str]]:
    secret = begin_second_factor(user, box=BOX)
    codes = confirm_second_factor(user, a_code(secret, clock), box=BOX, clock=clock)
    clock.advance(60)
    return secret, codes


def test_it_counts_only_after_its_first_code(ada: User, clock: FakeClock) -> None:
    secret = begin_second_factor(ada, box=BOX)
    assert not has_second_factor(ada)
    assert secret_begun(ada, box=BOX) == secret
    assert not opens(ada, a_code(secret, clock), box=BOX, clock=clock)
    confirm_second_factor(ada, a_code(secret, clock), box=BOX, clock=clock)
    assert has_second_factor(ada)
    assert secret_begun(ada, box=BOX) is None


def test_a_wrong_first_code_puts_nothing_in_force(ada: User, clock: FakeClock) -> None:
    begin_second_factor(ada, box=BOX)
    with pytest.raises(InvalidArgument):
        confirm_second_factor(ada, "12", box=BOX, clock=clock)
    assert not has_second_factor(ada)


def test_nothing_is_confirmed_that_was_not_begun(ada: User, clock: FakeClock) -> None:
    with pytest.raises(Missing):
        confirm_second_factor(ada, "123456", box=BOX, clock=clock)


def test_one_in_force_is_not_replaced(ada: User, clock: FakeClock) -> None:
    set_up(ada, clock)
    with pytest.raises(WrongState):
        begin_second_factor(ada, box=BOX)


def test_a_code_opens_once(ada: User, clock: FakeClock) -> None:
    secret, _ = set_up(ada, clock)
    code = a_code(secret, clock)
    assert opens(ada, f" {code[:3]} {code[3:]} ", box=BOX, clock=clock)
    assert not opens(ada, code, box=BOX, clock=clock)


def test_the_first_code_does_not_open_as_well(ada: User, clock: FakeClock) -> None:
    secret = begin_second_factor(ada, box=BOX)
    code = a_code(secret, clock)
    confirm_second_factor(ada, code, box=BOX, clock=clock)
    assert not opens(ada, code, box=BOX, clock=clock)


def test_a_recovery_code_opens_once(ada: User, clock: FakeClock) -> None:
    _, codes = set_up(ada, clock)
    assert len(set(codes)) == 10
    assert opens(ada, codes[3].upper(), box=BOX, clock=clock)
    assert not opens(ada, codes[3], box=BOX, clock=clock)
    assert opens(ada, codes[4], box=BOX, clock=clock)


@pytest.mark.parametrize(
    "code", ["", " ", "000000", "\ud800", "x" * 10_000, "\u0661\u0662\u0663\u0664\u0665\u0666"]
)
def test_anything_else_opens_nothing(code: str, ada: User, clock: FakeClock) -> None:
    secret, _ = set_up(ada, clock)
    assert code != a_code(secret, clock)
    assert not opens(ada, code, box=BOX, clock=clock)


def test_no_secret_is_kept_in_the_clear(ada: User, clock: FakeClock) -> None:
    secret, codes = set_up(ada, clock)
    kept = bytes(SecondFactor.objects.get().sealed_secret)
    assert secret not in kept
    assert totp.text_of(secret).encode() not in kept
    rows = str(list(RecoveryCode.objects.values())) + str(list(AuditEntry.objects.values()))
    assert not any(code in rows for code in codes)


def test_another_key_does_not_open_the_secret(ada: User, clock: FakeClock) -> None:
    set_up(ada, clock)
    with pytest.raises(Misconfigured, match=r"secret\.key"):
        opens(ada, "123456", box=SecretBox("another"), clock=clock)


def test_it_is_taken_away_by_oneself_and_by_an_administrator(ada: User, clock: FakeClock) -> None:
    set_up(ada, clock)
    remove_second_factor(ada, actor=ada.actor, clock=clock)
    assert not has_second_factor(ada)
    clock.advance(timedelta(minutes=5).total_seconds())
    set_up(ada, clock)
    remove_second_factor(ada, actor=SYSTEM, clock=clock)
    with pytest.raises(Missing):
        remove_second_factor(ada, actor=SYSTEM, clock=clock)


def test_nobody_else_takes_it_away(ada: User, clock: FakeClock) -> None:
    set_up(ada, clock)
    with pytest.raises(PermissionDenied):
        remove_second_factor(ada, actor=actor_with("eve", Role.ARCHIVIST), clock=clock)


def test_a_manager_takes_none_of_an_administrator_away(clock: FakeClock) -> None:
    ensure_first_groups()
    root = add_user(NewUser("root", groups=["administrators"]), actor=SYSTEM, clock=clock)
    set_up(root, clock)
    with pytest.raises(PermissionDenied):
        remove_second_factor(root, actor=actor_with("mia", Role.MANAGER), clock=clock)
