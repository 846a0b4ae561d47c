"""Giving versions out: what comes out is what was sealed, or nothing."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.aip.received import ReceivedForm, ReceivedPaths, original_bytes
from muniment.information.bagit import validate_bag
from muniment.information.paths import encode_name
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import (
    CorruptObject,
    FixityMismatch,
    InvalidArgument,
    PermissionDenied,
    VersionMissing,
)
from muniment.storage.adapters.local import LocalRoot, open_local_root
from muniment.storage.exporting.export import (
    Exported,
    ExportForm,
    ExportRequest,
    export_version,
)
from tests.judges.fixtures import Judge
from tests.storage.staging import Bench, seal_state

FIRST = {"METS.xml": b"<mets/>", "representations/original/data/a": b"1"}
SECOND = {**FIRST, "representations/original/data/f/ü b\r%": b"2", "empty": b""}
every_form = pytest.mark.parametrize("form", list(ExportForm))


@pytest.fixture
def root(tmp_path: Path) -> LocalRoot:
    opened = open_local_root(tmp_path / "home/storage", tmp_path / "home/work")
    opened.initialise()
    return opened


@pytest.fixture
def bench(root: LocalRoot, tmp_path: Path) -> Bench:
    made = Bench(tmp_path / "home/work/area")
    seal_state(root, made, FIRST)
    seal_state(root, made, SECOND, head=1)
    return made


@pytest.fixture
def request_(bench: Bench, tmp_path: Path) -> ExportRequest:
    return ExportRequest(bench.object_id, ExportForm.FOLDER, tmp_path / "out" / "it")


def export(request: ExportRequest, root: LocalRoot) -> Exported:
    return export_version(request, root=root, actor=SYSTEM, clock=FakeClock())


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_is_the_logical_state(root: LocalRoot, request_: ExportRequest) -> None:
    done = export(request_, root)
    assert tree(request_.target) == SECOND
    assert (done.number, done.file_count, done.size_bytes) == (2, 4, 9)


def test_an_earlier_version_can_be_had(root: LocalRoot, request_: ExportRequest) -> None:
    export(replace(request_, number=1), root)
    assert tree(request_.target) == FIRST


def test_a_zip_is_the_logical_state_below_one_folder(
    root: LocalRoot, request_: ExportRequest
) -> None:
    export(replace(request_, form=ExportForm.ZIP), root)
    with zipfile.ZipFile(request_.target) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {f"{request_.object_id}/{path}": content for path, content in SECOND.items()}


def test_the_same_version_gives_the_same_zip(root: LocalRoot, request_: ExportRequest) -> None:
    zipped = replace(request_, form=ExportForm.ZIP)
    other = replace(zipped, target=request_.target.with_name("other"))
    export(zipped, root)
    export(other, root)
    assert zipped.target.read_bytes() == other.target.read_bytes()


def test_a_bag_is_valid_and_holds_the_logical_state(
    root: LocalRoot, request_: ExportRequest
) -> None:
    export(replace(request_, form=ExportForm.BAG), root)
    assert validate_bag(request_.target).findings == ()
    assert tree(request_.target / "data") == SECOND


@pytest.mark.tool("bagit")
def test_others_find_the_bag_valid(
    root: LocalRoot, request_: ExportRequest, bagit_judge: Judge
) -> None:
    # The first version: `bagit` does not decode "%25" in manifests (RFC 8493 §2.1.3).
    export(replace(request_, form=ExportForm.BAG, number=1), root)
    assert bagit_judge(request_.target) == []


@every_form
def test_a_target_that_is_there_is_left_alone(
    root: LocalRoot, request_: ExportRequest, form: ExportForm
) -> None:
    request_.target.parent.mkdir()
    request_.target.write_bytes(b"mine")
    with pytest.raises(InvalidArgument, match="is there already"):
        export(replace(request_, form=form), root)
    assert request_.target.read_bytes() == b"mine"


@every_form
def test_a_target_is_replaced_when_asked_for(
    root: LocalRoot, request_: ExportRequest, form: ExportForm
) -> None:
    request_.target.mkdir(parents=True)
    (request_.target / "old").write_bytes(b"")
    export(replace(request_, form=form, overwrite=True), root)
    assert [path.name for path in request_.target.parent.iterdir()] == ["it"]
    assert not (request_.target / "old").exists()


@every_form
def test_altered_content_aborts_and_leaves_nothing_behind(
    root: LocalRoot, request_: ExportRequest, form: ExportForm
) -> None:
    content = root.path_of(request_.object_id) / "v1/content/representations/original/data/a"
    content.unlink()
    content.write_bytes(b"x")
    with pytest.raises(FixityMismatch, match="nothing was exported"):
        export(replace(request_, form=form), root)
    assert list(request_.target.parent.iterdir()) == []


@every_form
def test_lost_content_aborts_and_leaves_nothing_behind(
    root: LocalRoot, request_: ExportRequest, form: ExportForm
) -> None:
    (root.path_of(request_.object_id) / "v1/content/representations/original/data/a").unlink()
    with pytest.raises(CorruptObject):
        export(replace(request_, form=form), root)
    assert list(request_.target.parent.iterdir()) == []


def test_a_version_that_is_not_there_cannot_be_had(
    root: LocalRoot, request_: ExportRequest
) -> None:
    with pytest.raises(VersionMissing):
        export(replace(request_, number=3), root)


def test_who_may_not_export_gets_nothing(root: LocalRoot, request_: ExportRequest) -> None:
    nobody = actor_with("nobody", Role.ANONYMOUS)
    with pytest.raises(PermissionDenied):
        export_version(request_, root=root, actor=nobody, clock=FakeClock())
    assert not request_.target.exists()


def test_progress_counts_the_files(root: LocalRoot, request_: ExportRequest) -> None:
    seen: list[int] = []
    export_version(
        request_,
        root=root,
        actor=SYSTEM,
        clock=FakeClock(),
        on_progress=lambda done, _total, _path: seen.append(done),
    )
    assert seen == [1, 2, 3, 4]


BAG = {
    "submission/bagit.txt": b"BagIt",
    "submission/data/meta/sip.json": b"{}",
    "submission/reports/ingest.json": b"ours",
    "representations/original/data/content/x": b"x",
    "representations/preservation/data/x": b"derived",
    "METS.xml": b"ours",
}
EARK = {
    "submission/METS.xml": b"theirs",
    "submission/reports/ingest.json": b"theirs",
    "submission/muniment-reports/ingest.json": b"ours",
    "representations/rep1/data/x": b"x",
    "METS.xml": b"ours",
}
PLAIN = {"representations/original/data/a/%FF": b"x", "submission/reports/ingest.json": b"ours"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            BAG,
            {"bagit.txt": b"BagIt", "data/meta/sip.json": b"{}", "data/content/x": b"x"},
        ),
        (
            EARK,
            {
                "METS.xml": b"theirs",
                "reports/ingest.json": b"theirs",
                "representations/rep1/data/x": b"x",
            },
        ),
        (PLAIN, {"a/\udcff": b"x"}),
    ],
    ids=["bag", "eark", "plain"],
)
def test_the_original_is_what_the_producer_sent(
    root: LocalRoot, tmp_path: Path, state: dict[str, bytes], expected: dict[str, bytes]
) -> None:
    bench = Bench(tmp_path / "home/work/area")
    seal_state(root, bench, state)
    target = tmp_path / "out"
    export(ExportRequest(bench.object_id, ExportForm.ORIGINAL, target), root)
    assert tree(target) == expected


@given(st.binary(min_size=1, max_size=40).filter(lambda name: not set(name) & set(b"/\0")))
def test_the_bytes_of_a_name_come_back(name: bytes) -> None:
    assert original_bytes(f"data/{encode_name(name)}") == b"data/" + name


def test_a_shortened_name_comes_back_without_the_top_folder() -> None:
    whole = "top/data/" + "x" * 300
    assert original_bytes("data/short", whole) == whole.removeprefix("top/").encode()


def test_a_package_without_tag_files_is_a_plain_one() -> None:
    assert ReceivedPaths(lambda _: False).form is ReceivedForm.PLAIN
