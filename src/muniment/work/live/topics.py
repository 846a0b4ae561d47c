"""What can be watched: each package registers its kinds of thing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument

MOST_KEY_LENGTH = 100


class Key(NamedTuple):
    """One thing that is watched: its topic and its identifier."""

    topic: str
    thing: str

    def __str__(self) -> str:
        return f"{self.topic}:{self.thing}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of thing. `states` gives, for identifiers of any form, a text that differs whenever a
    page that shows the thing would look different; one query for all of them, not one for each.
    """

    name: str
    states: Callable[[Collection[str]], Mapping[str, str]]
    may_watch: Callable[[Actor, str], bool]


_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> None:
    """Let things of this kind be watched; a second call replaces the first."""
    _topics[topic.name] = topic


def key_of(text: str) -> Key:
    """Read `topic:thing`; InvalidArgument for what is none."""
    topic, colon, thing = text.partition(":")
    if not colon or topic not in _topics or len(text) > MOST_KEY_LENGTH or not thing.isprintable():
        raise InvalidArgument("what is watched is named topic:thing, by a topic that is known")
    return Key(topic, thing)


def states_of(keys: Iterable[Key]) -> dict[Key, str]:
    """Return how all these are now; "" for what is not there."""
    things: dict[str, set[str]] = {}
    for key in keys:
        things.setdefault(key.topic, set()).add(key.thing)
    found: dict[Key, str] = {}
    for name, wanted in things.items():
        states = _topics[name].states(wanted)
        found |= {Key(name, thing): states.get(thing, "") for thing in wanted}
    return found


def may_watch(actor: Actor, key: Key) -> bool:
    """Ask the topic whether the actor may see this thing now."""
    return _topics[key.topic].may_watch(actor, key.thing)
