"""Names: the bytes are kept, our paths are safe (archive spec §1)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.information.paths import (
    MAX_PART_BYTES,
    MAX_PATH_BYTES,
    PathFault,
    SafePath,
    decode_name,
    encode_name,
    folded,
    safe_path,
    shorten_part,
    shown,
)

any_name = st.binary(min_size=1, max_size=1024)


@given(name=any_name)
def test_encoding_a_name_is_exact(name: bytes) -> None:
    assert decode_name(encode_name(name)) == name


@given(one=any_name, other=any_name)
def test_two_names_never_become_one(one: bytes, other: bytes) -> None:
    assert (encode_name(one) == encode_name(other)) == (one == other)


@given(name=any_name)
def test_an_encoded_name_fits_into_xml_and_json(name: bytes) -> None:
    text = encode_name(name)
    element = etree.Element("name", value=text)
    assert etree.fromstring(etree.tostring(element)).get("value") == text
    assert text.encode().decode() == text


@given(name=any_name)
def test_a_safe_path_stays_below_its_root_and_within_the_limits(name: bytes) -> None:
    path = safe_path(name)
    if isinstance(path, SafePath):
        parts = path.path.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert max(len(part.encode()) for part in parts) <= MAX_PART_BYTES
        assert len(path.path.encode()) <= MAX_PATH_BYTES


@given(name=any_name.filter(lambda name: not set(name) & {0, 0x2F, 0x5C, 0x3A, 0x2E}))
def test_any_name_of_1024_bytes_finds_a_path(name: bytes) -> None:
    assert isinstance(safe_path(name), SafePath)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"a/b.txt", "a/b.txt"),
        (b"./a//b/./c", "a/b/c"),
        (b"100%", "100%25"),
        (b"\xff\xfe.tif", "%FF%FE.tif"),
        ("é".encode(), "é"),
        (b"a\x01b\x7f\n\t", "a%01b\x7f\n\t"),
        ("\ufffe\uffff".encode(), "%EF%BF%BE%EF%BF%BF"),
        ("\ud800".encode("utf-8", "surrogatepass"), "%ED%A0%80"),
        (b"~$letter.docx", "~$letter.docx"),
        (b"a..b/...", "a..b/..."),
    ],
)
def test_names_are_written_as_the_specification_says(name: bytes, path: str) -> None:
    assert safe_path(name) == SafePath(path, path)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (b"", PathFault.EMPTY),
        (b"./.", PathFault.EMPTY),
        (b"a\0b", PathFault.NUL),
        (b"/a", PathFault.ABSOLUTE),
        (b"\\\\server\\share", PathFault.ABSOLUTE),
        (b"C:/a", PathFault.DRIVE),
        (b"a/../b", PathFault.PARENT),
        (b"a/..", PathFault.PARENT),
        (b"a\\..\\b", PathFault.PARENT),
        ((b"x" * 200 + b"/") * 16, PathFault.LONG),
        (b"x/" * 2000, PathFault.DEEP),
        (b"x/" * 256 + b"x", PathFault.DEEP),
    ],
)
def test_unsafe_names_are_refused_with_their_reason(name: bytes, fault: PathFault) -> None:
    assert safe_path(name) is fault


def test_a_path_of_256_parts_is_taken() -> None:
    assert isinstance(safe_path(b"x/" * 255 + b"x"), SafePath)


def test_a_long_part_is_shortened_and_keeps_its_suffix() -> None:
    path = safe_path(b"d/" + b"\xff" * 255 + b".tif")
    assert isinstance(path, SafePath)
    part = path.path.partition("/")[2]
    assert len(part) <= MAX_PART_BYTES
    assert part.startswith("%FF%FF")
    assert part.endswith(".tif")
    assert decode_name(path.original_name) == b"d/" + b"\xff" * 255 + b".tif"


def test_a_part_of_255_bytes_is_kept() -> None:
    assert shorten_part("é" * 127 + "x") == "é" * 127 + "x"


@given(part=st.text(min_size=200, max_size=400))
def test_shortening_cuts_no_character_and_tells_names_apart(part: str) -> None:
    encoded = encode_name(part.encode("utf-8", "surrogatepass"))
    assert len(shorten_part(encoded).encode()) <= MAX_PART_BYTES
    longer = shorten_part(encoded + "x" * 256)
    assert longer != shorten_part(encoded + "x" * 257)


@pytest.mark.parametrize(("one", "other"), [("A", "a"), ("É", "e\u0301"), ("ß", "SS"), ("ﬁ", "FI")])
def test_names_that_some_stores_confuse_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(name=st.text())
def test_folding_knows_unicode_forms(name: str) -> None:
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))


def test_control_characters_are_escaped_for_people() -> None:
    assert shown("a\x1b[2Jb\n") == "a\\x1b[2Jb\\x0a"
