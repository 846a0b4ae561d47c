"""Our tables of words are those of the DILCIS Board and of METS 1.12."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.information.digest_names import METS_ALGORITHMS, our_name, standard_name
from muniment.information.eark.vocabularies import (
    CHECKSUM_TYPES,
    CONTENT_INFORMATION_TYPES,
    METADATA_TYPES,
    PACKAGE_TYPES,
    STATUSES,
    is_content_category,
    is_media_type,
)

XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture
def official() -> Path:
    """The folder with the official files."""
    folder = os.environ.get("MUNIMENT_SCHEMAS")
    if not folder:
        pytest.skip("MUNIMENT_SCHEMAS names no folder with the official schemas")
    return Path(folder)


def terms(official: Path, name: str) -> set[str]:
    tree = etree.parse(official / f"CSIPVocabulary{name}.xml")
    return {(each.text or "").strip() for each in tree.iter("{*}Term")}


def enumerations(official: Path, schema: str, attribute: str) -> Iterator[set[str]]:
    """Yield the values of each list that an attribute of this name has in a schema."""
    for each in etree.parse(official / schema).iter(f"{XSD}attribute"):
        values = {one.get("value", "") for one in each.iter(f"{XSD}enumeration")}
        if each.get("name") == attribute and values:
            yield values


def test_statuses_and_package_types_are_the_official_ones(official: Path) -> None:
    assert terms(official, "Status") == STATUSES
    assert terms(official, "OAISPackageType") == PACKAGE_TYPES


def test_every_official_category_is_one(official: Path) -> None:
    found = terms(official, "ContentCategory")
    assert len(found) > 30
    assert [each for each in sorted(found) if not is_content_category(each)] == []


def test_every_official_information_type_is_one(official: Path) -> None:
    assert terms(official, "ContentInformationType") <= CONTENT_INFORMATION_TYPES


def test_the_schema_lets_every_information_type_of_ours_pass(official: Path) -> None:
    (listed, *_) = enumerations(official, "DILCISExtensionMETS.xsd", "CONTENTINFORMATIONTYPE")
    assert listed | terms(official, "ContentInformationType") >= CONTENT_INFORMATION_TYPES


def test_metadata_and_checksum_types_are_those_of_mets(official: Path) -> None:
    assert set(METADATA_TYPES) in list(enumerations(official, "mets.xsd", "MDTYPE"))
    assert set(CHECKSUM_TYPES) in list(enumerations(official, "mets.xsd", "CHECKSUMTYPE"))


@pytest.mark.parametrize("algorithm", sorted(METS_ALGORITHMS))
def test_each_of_our_algorithms_has_a_name_that_mets_lists(algorithm: str) -> None:
    assert standard_name(algorithm) in CHECKSUM_TYPES
    assert our_name(standard_name(algorithm)) == algorithm


@given(st.sampled_from(sorted(METS_ALGORITHMS)))
def test_names_of_algorithms_are_known_in_any_case(algorithm: str) -> None:
    name = standard_name(algorithm)
    assert our_name(name.lower()) == our_name(name.upper()) == algorithm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/plain", True),
        ("text/plain; charset=utf-8", True),
        ("application/vnd.oasis.opendocument.text", True),
        (" image/jp2 ", True),
        ("", False),
        ("text", False),
        ("text/", False),
        ("/plain", False),
        ("text /plain", False),
        ("text/pl ain", False),
        (";text/plain", False),
    ],
)
def test_a_media_type_is_told_by_its_form(text: str, expected: bool) -> None:
    assert is_media_type(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Mixed", True), ("Textual works \u2013 Print", True), ("Textual works - Print", True),
     ("mixed", False), ("", False)],
)  # fmt: skip
def test_a_category_may_have_either_dash(text: str, expected: bool) -> None:
    assert is_content_category(text) is expected
