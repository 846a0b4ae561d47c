"""Telling open pages that what they show has changed (orchestration spec §3.10, §6).

A page names what it shows; the server says "changed", and the page asks for that part again, by the
route that asks the policy. So nothing but names goes over the stream, and nothing can be missed:
what is compared is how things are, not a list of what happened.
"""

from muniment.work.live.hub import Hub, TooManyWatchers, Watcher
from muniment.work.live.topics import Key, Topic, key_of, register_topic

__all__ = ["Hub", "Key", "TooManyWatchers", "Topic", "Watcher", "key_of", "register_topic"]
