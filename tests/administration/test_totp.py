"""Codes of an authenticator are those of RFC 6238, near their time and at no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.administration import totp

SECRET = b"12345678901234567890"  # RFC 6238, appendix B
MOMENT = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_the_rfc(seconds: int, code: str) -> None:
    assert totp.code_of(SECRET, seconds // 30) == code


@pytest.mark.parametrize(("drift_s", "opens"), [(0, True), (30, True), (-30, True), (90, False)])
def test_a_clock_may_be_off_by_one_step(drift_s: int, opens: bool) -> None:
    code = totp.code_of(SECRET, totp.step_of(MOMENT + timedelta(seconds=drift_s)))
    assert (totp.matching_step(SECRET, code, MOMENT) is not None) is opens


@given(st.text(max_size=20))
def test_other_texts_open_nothing(text: str) -> None:
    near = {totp.code_of(SECRET, totp.step_of(MOMENT) + drift) for drift in (-1, 0, 1)}
    found = totp.matching_step(SECRET, text.encode("utf-8", "replace").decode(), MOMENT)
    assert (found is not None) is (text in near)


def test_the_square_says_what_authenticators_read() -> None:
    assert totp.address_of(SECRET, "ada@x") == (
        "otpauth://totp/Muniment:ada%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Muniment"
    )
