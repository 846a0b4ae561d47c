"""What is written in the tag files is read back, whatever it is."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muniment.information.bagit import BagWriter, FetchItem, FolderSink, Label, validate_bag
from muniment.information.bagit.bag_info import read_bag_info, render_bag_info
from muniment.information.bagit.declaration import Declaration
from muniment.information.bagit.manifests import read_manifests
from muniment.information.bagit.names import (
    decode_manifest_path,
    encode_manifest_path,
    key_of,
    spellings,
)
from muniment.runtime.digests import Digests, digest_stream
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.findings import Finding

LEGACY = Declaration((0, 97), label="0.97")
NO_SURROGATES = st.characters(exclude_categories=["Cs"])
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/\\:"), min_size=1)
paths = (
    st.lists(names.filter(lambda name: name.strip(".") != ""), min_size=1, max_size=3)
    .map("/".join)
    .filter(lambda path: not path.startswith("~") and len(path.encode()) < 200)
)
labels = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters=":\ufeff"),
    min_size=1,
    max_size=10,
)
values = st.text(NO_SURROGATES, max_size=30).map(lambda value: " ".join(value.split()))
infos = st.lists(st.builds(Label, labels, values), max_size=6).map(tuple)


@given(paths)
def test_a_path_comes_back_from_a_manifest(path: str) -> None:
    encoded = encode_manifest_path(path)
    assert not set("\r\n") & set(encoded)
    assert decode_manifest_path(encoded, with_percent=True) == path


@given(paths)
def test_a_path_comes_back_from_an_older_manifest_unless_it_holds_the_code(path: str) -> None:
    """Before 1.0 nothing told a name with `%0A` in it from one with a line feed."""
    assume(not {"%0a", "%0d"} & {path[at : at + 3].lower() for at in range(len(path))})
    encoded = encode_manifest_path(path, with_percent=False)
    assert decode_manifest_path(encoded, with_percent=False) == path


@given(paths)
def test_either_spelling_of_a_path_leads_to_the_other(path: str) -> None:
    encoded = encode_manifest_path(path)
    assert key_of(path) in {key_of(encoded), *spellings(key_of(encoded))}


@given(st.dictionaries(paths, st.binary(max_size=20), max_size=4))
def test_manifests_come_back(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("bag") / "bag"
    sink = FolderSink(folder)
    with BagWriter(sink, algorithms=("md5", "sha3-256")) as bag:
        for path, content in files.items():
            bag.added(path, digest_stream(BytesIO(content), ("md5", "sha3-256")))
    findings: list[Finding] = []
    manifests = read_manifests(folder, Declaration(), findings)
    assert findings == []
    md5 = {f"data/{path}": hashlib.md5(content).digest() for path, content in files.items()}
    found = {each.name: each.digests for each in manifests if not each.is_tag}
    assert found["manifest-md5.txt"] == {key_of(path): digest for path, digest in md5.items()}
    assert found["manifest-sha3256.txt"].keys() == found["manifest-md5.txt"].keys()


@given(info=infos)
def test_labels_come_back_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, info: tuple[Label, ...]
) -> None:
    folder = tmp_path_factory.mktemp("info")
    (folder / "bag-info.txt").write_text(render_bag_info(info), encoding="utf-8", newline="")
    assert read_bag_info(folder, Declaration(), []) == info


@given(info=infos, indent=st.sampled_from([" ", "\t", "    "]), end=st.sampled_from("\n\r"))
def test_folded_values_come_back_in_one_piece(
    tmp_path_factory: pytest.TempPathFactory, info: tuple[Label, ...], indent: str, end: str
) -> None:
    folder = tmp_path_factory.mktemp("info")
    lines = [f"{each.label}: {each.value.replace(' ', f'{end}{indent}')}{end}" for each in info]
    (folder / "bag-info.txt").write_text("".join(lines), encoding="utf-8", newline="")
    assert read_bag_info(folder, Declaration(), []) == info


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso8859-1", "shift_jis", "cp1252"])
@pytest.mark.parametrize("version", ["0.95", "0.97", "1.0"])
def test_labels_come_back_in_every_version_and_encoding(
    tmp_path: Path, version: str, encoding: str
) -> None:
    major, _, minor = version.partition(".")
    declaration = Declaration((int(major), int(minor)), encoding, version)
    title = {"shift_jis": "手紙", "iso8859-1": "Été", "cp1252": "œuvre"}.get(encoding, "Ünï 手紙")
    info = (Label("Title", title), Label("Title", title))
    (tmp_path / declaration.info_name).write_bytes(render_bag_info(info).encode(encoding))
    assert read_bag_info(tmp_path, declaration, []) == info


urls = st.sampled_from(["https://a.example", "http://h:8080/x?y=z", "ftp://h/p", "root://e//x"])
sizes = st.none() | st.integers(0, 10**15)


@given(items=st.dictionaries(paths, st.tuples(urls, sizes), min_size=1, max_size=4))
def test_what_is_left_out_comes_back_from_fetch_txt(
    tmp_path_factory: pytest.TempPathFactory, items: dict[str, tuple[str, int | None]]
) -> None:
    folder = tmp_path_factory.mktemp("bag") / "bag"
    digest = {"md5": "0" * 32}
    with BagWriter(FolderSink(folder), algorithms=("md5",)) as bag:
        for path, (url, size) in items.items():
            bag.left_out(path, url, Digests(size or 0, digest), is_size_told=size is not None)
    report = validate_bag(folder, 0)
    keys = {path: key_of(f"data/{path}") for path in items}
    assert report.fetch == tuple(
        FetchItem(url, size, keys[path]) for path, (url, size) in items.items()
    )
    absent = sorted(keys.values())
    assert [(each.code, each.path) for each in report.findings] == [
        ("fetch-absent", key) for key in absent
    ]


def test_a_bag_that_leaves_files_out_is_whole_when_they_are_there(tmp_path: Path) -> None:
    digest = {"sha256": hashlib.sha256(b"two").hexdigest()}
    with BagWriter(FolderSink(tmp_path / "bag"), algorithms=("sha256",)) as bag:
        bag.add("one", [b"one"])
        bag.left_out("two", "https://a.example/two", Digests(3, digest))
    (tmp_path / "bag" / "data" / "two").write_bytes(b"two")
    report = validate_bag(tmp_path / "bag", 0)
    assert (report.findings, report.values("Payload-Oxum")) == ((), ("6.2",))


def test_payload_oxum_counts_what_is_there_once_nothing_lacks(tmp_path: Path) -> None:
    digest = {"sha256": hashlib.sha256(b"two").hexdigest()}
    with BagWriter(FolderSink(tmp_path / "bag"), algorithms=("sha256",)) as bag:
        bag.left_out("two", "https://a.example/two", Digests(4, digest))
    (tmp_path / "bag" / "data" / "two").write_bytes(b"two")
    report = validate_bag(tmp_path / "bag", 0)
    assert [each.code for each in report.findings] == ["oxum-mismatch"]


@pytest.mark.parametrize("url", ["", "a.example", "file:///etc/passwd", "https://a b", "http://\n"])
def test_an_address_that_fetch_txt_cannot_hold_is_refused(tmp_path: Path, url: str) -> None:
    with (
        BagWriter(FolderSink(tmp_path / "bag")) as bag,
        pytest.raises(InvalidArgument, match="no address"),
    ):
        bag.left_out("a", url, Digests(0, {}))
