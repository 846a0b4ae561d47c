from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.work.retry import RetryPolicy, after_worker_loss_s

every_policy = pytest.mark.parametrize("policy", RetryPolicy)


@every_policy
@given(attempts=st.integers(0, 10_000), seed=st.integers())
def test_no_wait_is_longer_than_the_policy_says(
    policy: RetryPolicy, attempts: int, seed: int
) -> None:
    rule = policy.value
    wait = rule.delay_s(attempts, chance=random.Random(seed))
    assert 0 < wait <= rule.longest_s * (1 + rule.jitter)


@every_policy
def test_waits_grow(policy: RetryPolicy) -> None:
    class Even(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return (a + b) / 2

    waits = [policy.value.delay_s(attempts, chance=Even()) for attempts in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[0] == policy.value.first_s


def test_the_policies_are_those_of_the_style_guide() -> None:
    assert RetryPolicy.REQUEST.value.max_attempts == 20
    assert RetryPolicy.REQUEST.value.limit_s == 10
    assert RetryPolicy.REQUEST.value.within_s == 300
    assert RetryPolicy.LONG_REQUEST.value.limit_s == 7200
    assert RetryPolicy.LONG_REQUEST.value.longest_s == 600
    assert RetryPolicy.LOCAL_TOOL.value.max_attempts == 1
    assert RetryPolicy.PARTNER.value.factor == 4
    assert RetryPolicy.PARTNER.value.longest_s == 7200


@pytest.mark.parametrize(("attempts", "least_s"), [(1, 10), (2, 20), (3, 40), (7, 600), (99, 600)])
def test_a_lost_worker_costs_a_growing_wait_up_to_ten_minutes(
    attempts: int, least_s: float
) -> None:
    assert least_s <= after_worker_loss_s(attempts, 5.0) <= least_s * 1.2


def test_twenty_requests_end_after_five_minutes_of_waiting() -> None:
    policy = RetryPolicy.REQUEST.value
    used_up = [attempts for attempts in range(1, 21) if policy.is_used_up(attempts, 20)]
    assert used_up[0] == 17  # the waits before it add up to more than 300 s
    assert used_up[-1] == 20


def test_without_a_span_only_the_number_of_tries_counts() -> None:
    policy = RetryPolicy.PARTNER.value
    assert not policy.is_used_up(4, 5)
    assert policy.is_used_up(5, 5)
