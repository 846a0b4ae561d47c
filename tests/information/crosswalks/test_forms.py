"""What each form says of the same letters, term by term."""

from __future__ import annotations

from io import BytesIO

import pytest

from muniment.information.crosswalks import Form, read_descriptions
from muniment.information.dublin_core import DublinCore
from tests.information.crosswalks import examples


def described(text: str) -> tuple[Form, DublinCore]:
    (found,) = read_descriptions(BytesIO(text.encode()), document="a.xml")
    return found.form, found.record


def by_term(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in described(text)[1]:
        found.setdefault(each.term, []).append(
            f"{each.value}@{each.language}" if each.language else each.value
        )
    return found


def test_mods() -> None:
    assert described(examples.MODS)[0] is Form.MODS
    assert by_term(examples.MODS) == {
        "title": ["Les lettres du port: 1907 à 1912. Tome 2@fr"],
        "alternative": ["Harbour letters@en"],
        "creator": ["Lovelace, Ada, 1815-1852", "I. Kroll"],
        "contributor": ["Port Museum"],
        "type": ["text", "letter"],
        "publisher": ["Port Press"],
        "issued": ["1913"],
        "created": ["1907/1912"],
        "language": ["fre"],
        "format": ["image/tiff"],
        "extent": ["12 leaves"],
        "abstract": ["Twelve letters of a harbour master."],
        "tableOfContents": ["Departure -- Return"],
        "audience": ["adult"],
        "description": ["Leaf 3 is torn."],
        "subject": ["Ships -- Letters", "387.1"],
        "spatial": ["Genève", "France -- Brest"],
        "temporal": ["1907/1912"],
        "identifier": ["doi:10.1234/letters", "urn:x:7", "https://example.org/letters"],
        "isPartOf": ["Papers of the port"],
        "relation": ["urn:x:9"],
        "replaces": ["https://example.org/1"],
        "accessRights": ["Reading room"],
        "rights": ["Free to use"],
    }


def test_ead_2002_says_it_of_the_whole_fonds() -> None:
    assert described(examples.EAD_2002)[0] is Form.EAD
    assert by_term(examples.EAD_2002) == {
        "title": ["Papers of the port"],
        "identifier": ["CH-12"],
        "creator": ["Lovelace, Ada", "Port Museum"],
        "publisher": ["City Archive"],
        "date": ["1907 to 1912", "1907-1912"],
        "extent": ["3 boxes", "0.4 m"],
        "language": ["fre"],
        "abstract": ["Twelve letters of a harbour master."],
        "description": ["Letters that left the port.\nMore."],
        "provenance": ["Bought in 1920."],
        "accessRights": ["Reading room."],
        "rights": ["Free."],
        "subject": ["Ships"],
        "spatial": ["Genève"],
        "type": ["Letters"],
    }


@pytest.mark.parametrize("namespace", ["http://ead3.archivists.org/schema/undeprecated/", ""])
def test_ead_in_its_other_namespaces(namespace: str) -> None:
    text = examples.EAD_2002.replace("urn:isbn:1-931666-22-9", namespace)
    assert by_term(text)["title"] == ["Papers of the port"]


def test_ead_3() -> None:
    assert by_term(examples.EAD_3) == {
        "title": ["Papers of the port@en"],
        "date": ["1907/1912", "1913"],
        "creator": ["Lovelace, Ada"],
        "extent": ["3 boxes"],
        "language": ["fre"],
    }


def test_datacite() -> None:
    assert described(examples.DATACITE)[0] is Form.DATACITE
    assert by_term(examples.DATACITE) == {
        "title": ["Harbour letters@en"],
        "alternative": ["Lettres du port@fr"],
        "creator": ["Lovelace, Ada"],
        "contributor": ["Kroll, Ignace"],
        "rightsHolder": ["Port Museum"],
        "publisher": ["Port Press"],
        "issued": ["1913"],
        "type": ["Text", "Letters"],
        "subject": ["Ships"],
        "created": ["1907/1912"],
        "date": ["1950"],
        "language": ["fr"],
        "identifier": ["doi:10.1234/letters", "ark:12148/x"],
        "isPartOf": ["doi:10.1/2"],
        "relation": ["https://example.org/r"],
        "extent": ["12 leaves"],
        "format": ["image/tiff"],
        "rights": ["Free to use"],
        "license": ["https://example.org/by"],
        "abstract": ["Twelve letters."],
        "description": ["Scanned."],
        "spatial": [
            "Genève",
            "east=6.1; north=46.2",
            "northlimit=4; southlimit=3; eastlimit=2; westlimit=1",
        ],
    }


def test_marcxml() -> None:
    assert described(examples.MARCXML)[0] is Form.MARCXML
    assert by_term(examples.MARCXML) == {
        "type": ["Text"],
        "identifier": ["isbn:9780000000002", "doi:10.1234/letters"],
        "language": ["fre", "eng"],
        "creator": ["Lovelace, Ada 1815-1852"],
        "title": ["Harbour letters 1907 to 1912"],
        "publisher": ["Port Press"],
        "issued": ["1913"],
        "dateCopyrighted": ["1914"],
        "abstract": ["Twelve letters."],
        "subject": ["Ships -- Switzerland"],
        "contributor": ["Kroll, Ignace"],
        "isPartOf": ["Port J. 2 1913"],
    }


def test_the_fixed_field_of_marc_says_the_language_where_nothing_else_does() -> None:
    assert by_term(examples.MARCXML.replace('tag="041"', 'tag="998"'))["language"] == ["fre"]


def test_dublin_core_in_a_wrapper_of_others_is_taken_as_it_is() -> None:
    text = (
        '<dublincore xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:title xml:lang="fr">Lettres</dc:title></dublincore>'
    )
    assert described(text)[0] is Form.DUBLIN_CORE
    assert by_term(text) == {"title": ["Lettres@fr"]}
