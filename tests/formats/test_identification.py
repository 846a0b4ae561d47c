from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.formats.batches import Allowance
from muniment.formats.identification import Identification, Identifier
from tests.eventually import eventually
from tests.formats.files import KINDS

SMALL = Allowance(files=16, size_bytes=1 << 20, base_s=30, rate_bytes_s=1 << 20)
QUICK = replace(SMALL, base_s=2)


@pytest.fixture(scope="module")
def identifier() -> Iterator[Identifier]:
    with Identifier(helpers=2) as one:
        yield one


@pytest.fixture
def bad() -> Iterator[Identifier]:
    with Identifier(helpers=1, allowance=SMALL, child="tests.formats.bad_pronom") as one:
        yield one


def write_texts(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_text(f"text {name}\n")
    return [folder / name for name in names]


def test_real_files_have_their_formats(identifier: Identifier, tmp_path: Path) -> None:
    known = [one for one in KINDS if one.puid and one.name not in {"a.doc", "claims.pdf"}]
    paths = [one.write(tmp_path).path for one in known]
    found = [one.puid for one in identifier.identify(paths)]
    assert found == [one.puid for one in known]


def test_the_basis_name_and_version_are_told(identifier: Identifier, tmp_path: Path) -> None:
    path = next(one for one in KINDS if one.name == "a.png").write(tmp_path).path
    (found,) = identifier.identify([path])
    assert (found.format_name, found.mime_type) == ("Portable Network Graphics", "image/png")
    assert found.format_version
    assert "byte match" in found.basis
    assert (found.warnings, found.error) == ((), None)


def test_a_wrong_extension_is_a_mismatch(identifier: Identifier, tmp_path: Path) -> None:
    png = next(one for one in KINDS if one.name == "a.png").make()
    path = tmp_path / "a.pdf"
    path.write_bytes(png)
    (found,) = identifier.identify([path])
    assert found.extension_mismatch
    assert found.warnings == ("extension mismatch",)


def test_a_name_alone_is_a_warning(identifier: Identifier, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"\0\1\2\3")
    (found,) = identifier.identify([path])
    assert (found.puid, found.warnings) == ("fmt/208", ("match on extension only",))


def test_an_unknown_file_has_no_puid(identifier: Identifier, tmp_path: Path) -> None:
    path = tmp_path / "a.qqqq"
    path.write_bytes(b"\0\1\2\3")
    (found,) = identifier.identify([path])
    assert (found.puid, found.warnings, found.error) == ("", ("no match",), None)


def test_an_empty_file_is_a_warning(identifier: Identifier, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    (found,) = identifier.identify([path])
    assert found.error is None
    assert "the file is empty" in found.warnings


def test_what_is_no_file_is_told(identifier: Identifier, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    text = write_texts(tmp_path, "a.txt")
    found = list(identifier.identify([fifo, *text, tmp_path / "gone", tmp_path]))
    assert [one.error for one in found] == [
        "not a regular file",
        None,
        "No such file or directory",
        "not a regular file",
    ]
    assert found[1].puid == "x-fmt/111"


def test_names_that_are_not_utf_8(identifier: Identifier, tmp_path: Path) -> None:
    png = next(one for one in KINDS if one.name == "a.png").make()
    names = [b"\xff\xfe.png", b"caf\xe9 \n.txt", "\u00e9.PNG".encode()]
    paths = [tmp_path / os.fsdecode(name) for name in names]
    for path in paths:
        path.write_bytes(png)
    found = list(identifier.identify(paths))
    assert [one.puid for one in found] == ["fmt/11"] * 3
    assert [one.extension_mismatch for one in found] == [False, True, False]


def test_a_relative_path_is_one_of_the_caller(
    identifier: Identifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    (found,) = identifier.identify([Path("a.txt")])
    assert found.puid == "x-fmt/111"


def test_many_files_come_in_order(identifier: Identifier, tmp_path: Path) -> None:
    paths = write_texts(tmp_path, *(f"{n}.{'txt' if n % 3 else 'html'}" for n in range(500)))
    found = [one.puid for one in identifier.identify(iter(paths))]
    assert [puid == "x-fmt/111" for puid in found] == [n % 3 != 0 for n in range(500)]


def test_no_file_is_no_work(identifier: Identifier) -> None:
    assert list(identifier.identify([])) == []


def test_tool_and_signatures_are_named(identifier: Identifier) -> None:
    name, version = identifier.tool()
    assert name == "Siegfried"
    assert "DROID_SignatureFile_V" in version


def test_a_file_that_hangs_costs_only_itself(tmp_path: Path) -> None:
    paths = write_texts(tmp_path, "a.txt", "hang.txt", "b.txt")
    with Identifier(helpers=1, allowance=QUICK, child="tests.formats.bad_pronom") as identifier:
        found = list(identifier.identify(paths))
    assert [one.puid for one in found] == ["x-fmt/111", "", "x-fmt/111"]
    assert "did not end within" in str(found[1].error)


@pytest.mark.parametrize("deed", ["crash", "leave"])
def test_one_bad_file_costs_only_itself(deed: str, bad: Identifier, tmp_path: Path) -> None:
    names = [f"{number}.txt" for number in range(30)]
    names[5] = f"{deed}.txt"
    found = list(bad.identify(write_texts(tmp_path, *names)))
    assert [number for number, one in enumerate(found) if one.error] == [5]
    assert {one.puid for one in found if not one.error} == {"x-fmt/111"}


def test_several_bad_files_are_all_named(bad: Identifier, tmp_path: Path) -> None:
    names = ["crash1.txt", "a.txt", "leave.txt", "crash2.txt", "b.txt"]
    found = list(bad.identify(write_texts(tmp_path, *names)))
    assert [one.error is not None for one in found] == [True, False, True, True, False]
    assert "SIGSEGV" in str(found[0].error)


def test_a_killed_helper_is_started_again(tmp_path: Path) -> None:
    paths = write_texts(tmp_path, "a.txt")
    with Identifier(helpers=1) as identifier:
        list(identifier.identify(paths))
        os.killpg(identifier.helpers[0].pid or 0, 9)
        (found,) = identifier.identify(paths)
        assert identifier.helpers[0].starts == 2
    assert (found.puid, found.error) == ("x-fmt/111", None)


def test_closing_gives_up_what_hangs(tmp_path: Path) -> None:
    identifier = Identifier(
        helpers=1, allowance=replace(SMALL, base_s=600), child="tests.formats.bad_pronom"
    )
    found = identifier.identify(write_texts(tmp_path, "hang.txt"))
    thread = threading.Thread(target=_ignoring, args=(found,))
    thread.start()
    eventually(lambda: identifier.helpers[0].pid is not None, within_s=10)
    identifier.close()
    thread.join(10)
    assert not thread.is_alive()


def _ignoring(found: Iterator[Identification]) -> None:
    from muniment.runtime.errors import ToolFailed

    with pytest.raises(ToolFailed):
        next(found)


texts = st.text(st.characters(codec="utf-8"), max_size=20)
identifications = st.builds(
    Identification,
    puid=texts,
    format_name=texts,
    format_version=texts,
    mime_type=texts,
    basis=texts,
    warnings=st.lists(texts).map(tuple),
    extension_mismatch=st.booleans(),
    error=st.none() | st.text(st.characters(codec="utf-8"), min_size=1),
)


@given(identifications)
@settings(deadline=None)
def test_json_keeps_an_identification(one: Identification) -> None:
    assert Identification.from_json(orjson.loads(orjson.dumps(one.as_json()))) == one
