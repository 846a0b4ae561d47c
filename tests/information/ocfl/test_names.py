"""Names inside an object: version directories and content paths that any storage takes."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.ocfl import parse_version_name, safe_content_path, version_name

ELEMENTS = st.text(
    st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda text: text not in {".", ".."})
PATHS = st.lists(ELEMENTS, min_size=1, max_size=4).map("/".join)


@given(number=st.integers(min_value=1, max_value=10**9), width=st.integers(0, 12))
def test_a_version_name_is_read_as_it_was_written(number: int, width: int) -> None:
    name = version_name(number, width)
    is_padded = name.startswith("v0")
    assert parse_version_name(name) == (number, width if is_padded else 0)


@pytest.mark.parametrize("name", ["v0", "v", "1", "V1", "v-1", "v1 ", "v٣", "v00", "v" + "9" * 30])
def test_what_is_no_version_name_is_none(name: str) -> None:
    assert parse_version_name(name) is None


@given(path=PATHS)
def test_a_content_path_is_safe(path: str) -> None:
    safe = safe_content_path(path)
    assert not re.search(r'[\x00-\x1f\x7f\\:*?"<>|~#]', safe)
    assert unicodedata.is_normalized("NFC", safe)
    assert len(safe.split("/")) == len(path.split("/"))
    assert all(0 < len(each.encode()) <= 255 for each in safe.split("/"))
    assert not any(each.endswith((".", " ")) for each in safe.split("/"))


@given(path=PATHS)
def test_a_short_content_path_can_be_decoded(path: str) -> None:
    assert unquote(safe_content_path(path), errors="strict") == path


@given(one=PATHS, two=PATHS)
def test_two_paths_never_meet(one: str, two: str) -> None:
    assert (one == two) == (safe_content_path(one) == safe_content_path(two))


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("a/b c/d.txt", "a/b c/d.txt"),
        ("Grüße/日本.txt", "Grüße/日本.txt"),
        ("100%", "100%25"),
        ("a:b", "a%3ab"),
        ("a\\b", "a%5cb"),
        ("a.", "a%2e"),
        ("a /b", "a%20/b"),
        (" a", "%20a"),
        ("CON", "%43ON"),
        ("nul.txt", "%6eul.txt"),
        ("console", "console"),
        ("e\u0301", "e%cc%81"),
        ("a\nb", "a%0ab"),
    ],
)
def test_what_a_file_system_would_refuse_is_encoded(path: str, safe: str) -> None:
    assert safe_content_path(path) == safe


@pytest.mark.parametrize("name", ["x" * 300 + ".tiff", "ü" * 200 + ".tiff", "%" * 200 + ".tiff"])
def test_a_long_name_is_shortened_and_keeps_its_extension(name: str) -> None:
    safe = safe_content_path(name)
    assert len(safe.encode()) <= 255
    assert re.fullmatch(r"(x+|ü+|(%25)+)-[0-9a-f]{32}\.tiff", safe)
    assert safe_content_path(name[1:]) != safe


def test_a_long_path_is_shortened() -> None:
    path = "/".join(["folder"] * 200) + "/file.txt"
    assert re.fullmatch(r"long/[0-9a-f]{64}/file\.txt", safe_content_path(path))


def test_a_long_name_without_extension_is_shortened() -> None:
    assert re.fullmatch(r"y{160}-[0-9a-f]{32}", safe_content_path("y" * 400))
