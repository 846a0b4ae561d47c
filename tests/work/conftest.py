"""Tests of durable work flush only the tables of durable work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.work import backpressure, outbox


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Take away subscribers and gates that a test installed."""
    subscribers, gates = dict(outbox._subscribers), dict(backpressure._gates)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(subscribers)
    backpressure._gates.clear()
    backpressure._gates.update(gates)
