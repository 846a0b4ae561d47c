"""Where exports may go, and what is said of places where they may not."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.errors import InvalidArgument
from muniment.storage.exporting.target import local_target


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("out", "out"),
        ("/srv/out", "/srv/out"),
        ("../out", "../out"),
        ("notes: 2026", "notes: 2026"),
        ("a:b", "a:b"),
        ("file:///srv/out", "/srv/out"),
        ("file:/srv/out", "/srv/out"),
        ("FILE:///srv/out", "/srv/out"),
        ("file://localhost/srv/out", "/srv/out"),
        ("file:///srv/a%20b%25", "/srv/a b%"),
        ("file:///srv/%C3%BC", "/srv/ü"),
    ],
)
def test_a_path_or_a_file_uri_is_a_local_place(text: str, path: str) -> None:
    assert local_target(text) == Path(path)


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/key",
        "az://container",
        "hdfs://node/path",
        "http://example.org/x",
        "sftp://host/x",
        "S3://bucket",
    ],
)
def test_another_scheme_is_refused_with_what_can_be_used(text: str) -> None:
    with pytest.raises(InvalidArgument, match=r"local folders only.*file:///"):
        local_target(text)


@pytest.mark.parametrize("text", ["file://server/share", "file:///a?b", "file:///a#b"])
def test_a_file_that_is_not_here_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument, match="no file on this machine"):
        local_target(text)


@pytest.mark.parametrize("text", ["", "a\0b"])
def test_nothing_is_no_place(text: str) -> None:
    with pytest.raises(InvalidArgument, match="needs a place"):
        local_target(text)


@given(name=st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name))
def test_any_path_comes_through_its_uri(name: bytes) -> None:
    path = b"/" + name
    assert os.fsencode(local_target("file://" + quote_from_bytes(path))) == os.fsencode(
        Path(os.fsdecode(path))
    )
