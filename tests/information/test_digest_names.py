"""Names of digest algorithms: ours, those of PREMIS and METS, and what others make of them."""

from __future__ import annotations

import pytest

from muniment.information.digest_names import METS_ALGORITHMS, our_name, standard_name
from muniment.runtime.digests import ALGORITHMS


@pytest.mark.parametrize("algorithm", sorted({*ALGORITHMS, *METS_ALGORITHMS}))
def test_a_name_comes_back_from_the_standard(algorithm: str) -> None:
    assert our_name(standard_name(algorithm)) == algorithm
    assert our_name(standard_name(algorithm).lower()) == algorithm
    assert our_name(algorithm) == algorithm


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("sha512", "SHA-512"), ("md5", "MD5"), ("adler32", "Adler-32"), ("sha3-256", "SHA3-256")],
)
def test_names_are_written_as_the_vocabulary_has_them(ours: str, theirs: str) -> None:
    assert standard_name(ours) == theirs


@pytest.mark.parametrize("name", ["SHA512", "sha-512", "Sha-512", "sha512"])
def test_names_of_others_are_known_in_any_case(name: str) -> None:
    assert our_name(name) == "sha512"


def test_a_name_that_nobody_knows_is_kept_in_lower_case() -> None:
    assert our_name("Whirlpool") == "whirlpool"


def test_what_mets_can_name_we_can_compute() -> None:
    assert set(ALGORITHMS) >= METS_ALGORITHMS
