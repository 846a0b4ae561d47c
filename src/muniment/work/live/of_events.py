"""Domain events can be watched: the number of the newest that can be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from muniment.runtime.actor import Actor, may
from muniment.work.live.topics import Key, Topic
from muniment.work.queries import last_event_number

ALL_EVENTS = Key("event", "all")


def _states(things: Collection[str]) -> Mapping[str, str]:
    return {ALL_EVENTS.thing: str(last_event_number())} if ALL_EVENTS.thing in things else {}


def _may_watch(actor: Actor, thing: str) -> bool:  # noqa: ARG001  # all of them, or none
    return may(actor, "event.read")


EVENTS = Topic(ALL_EVENTS.topic, _states, _may_watch)
