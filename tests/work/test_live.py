"""The hub: whoever watches is told that something changed, once, and only while they may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.errors import InvalidArgument
from muniment.work.live import Hub, Key, TooManyWatchers, Topic, Watcher, key_of, register_topic
from muniment.work.live.hub import Change
from tests.eventually import eventually

A, B = Key("lamp", "a"), Key("lamp", "b")


@dataclass
class Lamps:
    """Things that change when a test says so."""

    states: dict[str, str] = field(default_factory=lambda: {"a": "off", "b": "off"})
    visible: bool = True
    broken: Exception | None = None

    def ask(self, _things: object) -> dict[str, str]:
        if self.broken:
            raise self.broken
        return dict(self.states)


@pytest.fixture
def lamps() -> Lamps:
    made = Lamps()
    register_topic(Topic("lamp", made.ask, lambda _actor, _thing: made.visible))
    return made


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub(most=3, every_s=0.01, ask_s=0.01)
    yield made
    made.close()
    eventually(lambda: "live" not in {each.name for each in threading.enumerate()}, within_s=10)


def watching(hub: Hub, *keys: Key, actor: Callable[[], Actor | None] = lambda: SYSTEM) -> Watcher:
    watcher = Watcher(keys, actor)
    hub.join(watcher)
    return watcher


def next_change(watcher: Watcher) -> Change | None:
    return watcher.changes.get(timeout=10)


def test_who_begins_to_watch_is_told_at_once(hub: Hub, lamps: Lamps) -> None:
    change = next_change(watching(hub, A, B))
    assert change is not None
    assert set(change.keys) == {A, B}


def test_a_change_is_told_once_and_alone(hub: Hub, lamps: Lamps) -> None:
    watcher = watching(hub, A, B)
    next_change(watcher)
    lamps.states["b"] = "on"
    change = next_change(watcher)
    assert change is not None
    assert change.keys == (B,)
    assert watcher.changes.empty()


def test_who_comes_back_and_missed_nothing_is_told_nothing(hub: Hub, lamps: Lamps) -> None:
    change = next_change(watching(hub, A))
    assert change is not None
    again = Watcher([A], lambda: SYSTEM, last_state=change.state)
    hub.join(again)
    eventually(lambda: again.told != {}, within_s=10)
    assert again.changes.empty()


def test_who_comes_back_is_told_what_changed_meanwhile(hub: Hub, lamps: Lamps) -> None:
    change = next_change(watching(hub, A))
    assert change is not None
    lamps.states["a"] = "on"
    again = Watcher([A], lambda: SYSTEM, last_state=change.state)
    hub.join(again)
    assert next_change(again) is not None


@given(text=st.text(max_size=80))
def test_a_hostile_last_id_is_like_none(text: str) -> None:
    register_topic(Topic("lamp", Lamps().ask, lambda _actor, _thing: True))
    hub = Hub(most=1, every_s=0.01)
    watcher = Watcher([A], lambda: SYSTEM, last_state=text)
    hub._tell(watcher, {A: "off"})
    assert not watcher.changes.empty()


def test_who_may_no_more_is_let_go(hub: Hub, lamps: Lamps) -> None:
    watcher = watching(hub, A)
    next_change(watcher)
    lamps.visible = False
    assert next_change(watcher) is None
    assert hub.watching == 0


def test_the_permission_is_asked_before_each_change(hub: Hub, lamps: Lamps) -> None:
    answers: list[Actor | None] = [SYSTEM, None]
    hub.ask_s = 3600
    watcher = watching(hub, A, actor=lambda: answers.pop(0))
    next_change(watcher)
    lamps.states["a"] = "on"
    assert next_change(watcher) is None


def test_more_than_the_most_are_sent_away_and_a_place_is_given_again(
    hub: Hub, lamps: Lamps
) -> None:
    watchers = [watching(hub, A) for _ in range(3)]
    with pytest.raises(TooManyWatchers):
        watching(hub, A)
    hub.leave(watchers[0])
    watching(hub, A)
    assert hub.watching == 3


def test_the_thread_ends_with_the_last_watcher_and_begins_again(hub: Hub, lamps: Lamps) -> None:
    first = watching(hub, A)
    next_change(first)
    hub.leave(first)
    eventually(lambda: "live" not in {each.name for each in threading.enumerate()}, within_s=10)
    assert next_change(watching(hub, A)) is not None


def test_a_fault_of_ours_lets_all_go_and_the_next_is_served(
    hub: Hub, lamps: Lamps, caplog: pytest.LogCaptureFixture
) -> None:
    lamps.broken = RuntimeError("a bug")
    assert next_change(watching(hub, A)) is None
    eventually(lambda: "not woken" in caplog.text, within_s=10)
    lamps.broken = None
    assert next_change(watching(hub, A)) is not None


def test_waiting_gives_a_beat_when_nothing_changes() -> None:
    assert next(Watcher([A], lambda: SYSTEM).wait(0.01)) is None


@pytest.mark.parametrize(
    "text", ["", "lamp", "tree:1", ":1", "lamp:\n", "lamp:" + "x" * 200, "lamp:\x00"]
)
def test_what_names_nothing_is_refused(text: str, lamps: Lamps) -> None:
    with pytest.raises(InvalidArgument):
        key_of(text)
