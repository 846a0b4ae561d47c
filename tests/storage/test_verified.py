"""A sealed file that is read to its end is what was sealed, or an error says that it is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.errors import CorruptObject, FixityMismatch, ObjectMissing
from muniment.storage.adapters.local import LocalRoot, open_local_root
from muniment.storage.verified import verified_opener
from tests.storage.damage import lose, rewrite
from tests.storage.staging import Bench, seal_state

CONTENT = b"first line\nsecond line\n" * 1000


@pytest.fixture
def root(tmp_path: Path) -> LocalRoot:
    made = open_local_root(tmp_path / "storage", tmp_path / "work")
    made.initialise()
    return made


@pytest.fixture
def bench(root: LocalRoot, tmp_path: Path) -> Bench:
    made = Bench(tmp_path / "work/area")
    seal_state(root, made, {"a": CONTENT, "empty": b""})
    return made


def in_blocks(stream: BinaryIO) -> bytes:
    return b"".join(iter(lambda: stream.read(100), b""))


def in_lines(stream: BinaryIO) -> bytes:
    return b"".join(stream)


def at_once(stream: BinaryIO) -> bytes:
    return stream.read()


every_way = pytest.mark.parametrize("read", [in_blocks, in_lines, at_once])


@every_way
def test_what_was_sealed_is_read(
    root: LocalRoot, bench: Bench, read: Callable[[BinaryIO], bytes]
) -> None:
    with root.open_version(bench.object_id) as version:
        with closing(verified_opener(version)("a")) as stream:
            assert read(stream) == CONTENT
        with closing(verified_opener(version)("empty")) as stream:
            assert read(stream) == b""


@every_way
@pytest.mark.parametrize(
    "content", [b"", CONTENT[:-1], CONTENT + b"x", CONTENT.replace(b"first", b"FIRST", 1)]
)
def test_what_was_not_sealed_is_an_error_that_names_the_file(
    root: LocalRoot, bench: Bench, read: Callable[[BinaryIO], bytes], content: bytes
) -> None:
    rewrite(root, bench.object_id, "v1/content/a", content)
    with (
        root.open_version(bench.object_id) as version,
        closing(verified_opener(version)("a")) as stream,
        pytest.raises(FixityMismatch, match=f"{bench.object_id} v1: 'a' has the SHA-512"),
    ):
        read(stream)


def test_what_is_not_there_is_told_when_it_is_opened(root: LocalRoot, bench: Bench) -> None:
    lose(root, bench.object_id, "v1/content/a")
    with root.open_version(bench.object_id) as version:
        with pytest.raises(CorruptObject, match="is missing"):
            verified_opener(version)("a")
        with pytest.raises(ObjectMissing):
            verified_opener(version)("b")


@given(position=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
def test_one_bit_is_enough(
    tmp_path_factory: pytest.TempPathFactory, position: int, bit: int
) -> None:
    home = tmp_path_factory.mktemp("home")
    root = open_local_root(home / "storage", home / "work")
    root.initialise()
    bench = Bench(home / "work/area")
    seal_state(root, bench, {"a": CONTENT})
    altered = bytearray(CONTENT)
    altered[position] ^= 1 << bit
    rewrite(root, bench.object_id, "v1/content/a", bytes(altered))
    with (
        root.open_version(bench.object_id) as version,
        closing(verified_opener(version)("a")) as stream,
        pytest.raises(FixityMismatch),
    ):
        stream.read()
