"""Declarations and sidecars: small files, one form each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.ocfl import (
    Declares,
    declaration_content,
    declaration_name,
    parse_sidecar,
    read_declaration,
    sidecar_line,
)
from muniment.runtime.errors import CorruptObject, StorageUnavailable
from tests.information.ocfl.builders import declare


@pytest.mark.parametrize("kind", list(Declares))
@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_declaration_is_read_as_it_was_written(tmp_path: Path, kind: Declares, spec: str) -> None:
    declare(tmp_path, kind, spec)
    assert read_declaration(tmp_path, kind) == spec
    assert [read_declaration(tmp_path, other) for other in Declares if other is not kind] == [None]


def test_the_forms_are_those_of_namaste() -> None:
    assert declaration_name(Declares.OBJECT) == "0=ocfl_object_1.1"
    assert declaration_content(Declares.ROOT, "1.0") == b"ocfl_1.0\n"


def test_several_declarations_are_corrupt(tmp_path: Path) -> None:
    declare(tmp_path, Declares.ROOT, "1.0")
    declare(tmp_path, Declares.ROOT, "1.1")
    with pytest.raises(CorruptObject, match="several"):
        read_declaration(tmp_path, Declares.ROOT)


def test_a_folder_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        read_declaration(tmp_path / "x", Declares.ROOT)


@given(digest=st.text("0123456789abcdef", min_size=1, max_size=128))
def test_a_sidecar_is_read_as_it_was_written(digest: str) -> None:
    assert parse_sidecar(sidecar_line(digest)) == digest


@pytest.mark.parametrize("line", [b"AB  inventory.json\n", b"ab\tinventory.json"])
def test_other_white_space_and_case_are_read(line: bytes) -> None:
    assert parse_sidecar(line) == "ab"


@pytest.mark.parametrize(
    "line", [b"", b"ab", b"ab inventory.json\n\n", b"ab inventory.json x", b"xy inventory.json\n"]
)
def test_another_form_is_none(line: bytes) -> None:
    assert parse_sidecar(line) is None
