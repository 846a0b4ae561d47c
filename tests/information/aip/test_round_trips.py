"""All that is said of files, events and agents is read back from the package."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.information.aip import (
    AipReader,
    DescribedFile,
    RepresentationDescription,
    SubmissionFile,
    write_aip,
)
from muniment.information.aip.files import as_premis, from_premis
from muniment.information.aip.received import (
    ReceivedForm,
    ReceivedPaths,
    original_bytes,
    report_path,
)
from muniment.information.paths import SafePath, safe_path
from muniment.runtime.errors import InvalidPackage
from tests.information.aip.builders import a_description, a_representation, opener_of
from tests.information.premis.strategies import agents, events
from tests.information.xml.forbidden import marked

wild = st.text(st.characters() | st.sampled_from("\0\x1b\ud800\ufffe&<>\"' \n"), max_size=10)
hexes = st.text("0123456789abcdef", min_size=128, max_size=128)
paths = (
    st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=3)
    .map(lambda parts: safe_path(b"/".join(parts)))
    .filter(lambda path: isinstance(path, SafePath))
    .map(lambda path: path.path if isinstance(path, SafePath) else "")
)
files = st.builds(
    DescribedFile,
    path=paths,
    file_id=st.uuids().map(str),
    size_bytes=st.integers(0, 10**18 - 1),
    digests=st.fixed_dictionaries(
        {"sha512": hexes},
        optional=dict.fromkeys(("sha256", "md5", "adler32", "sha3-256", "blake2b-512"), hexes),
    ),
    original_name=wild,
    mime_type=wild,
    puid=st.sampled_from(["", "fmt/18", "x-fmt/111"]),
    format_name=wild.filter(lambda name: name != "unknown"),
    format_version=wild,
    basis=wild,
    warnings=st.lists(wild, max_size=3).map(tuple),
    validity=wild,
    properties=st.dictionaries(wild, wild, max_size=3),
    modified_at=st.sampled_from(["", "2025-01-02T03:04:05+00:00"]),
)


def as_kept(file: DescribedFile) -> DescribedFile:
    """Return what can be kept: a version without a name has no place in PREMIS."""
    return file if file.format_name or not file.puid else replace(file, format_version="")


@given(files)
def test_a_file_comes_back_from_its_premis_object(file: DescribedFile) -> None:
    assert from_premis(as_premis(file)) == file


@settings(max_examples=40)
@given(
    described=st.lists(files, max_size=4, unique_by=lambda file: file.path),
    happened=st.lists(events, max_size=2),
    who=st.lists(agents, max_size=2),
)
def test_a_representation_comes_back_through_its_documents(
    tmp_path_factory: pytest.TempPathFactory,
    described: list[DescribedFile],
    happened: list[object],
    who: list[object],
) -> None:
    folder = tmp_path_factory.mktemp("aip")
    representation: RepresentationDescription = a_representation(
        described, events=lambda: iter(happened), agents=tuple(who)
    )
    write_aip(a_description(representations=(representation,)), folder)
    _, *units = AipReader(opener_of(folder)).representation("original")
    assert units == [*(marked(as_kept(file)) for file in described), *happened, *who]


sent = st.builds(
    SubmissionFile,
    path=paths,
    size_bytes=st.integers(0, 10**18 - 1),
    digests=st.fixed_dictionaries({"sha512": hexes}),
    mime_type=st.sampled_from(["text/plain", "application/xml"]),
    modified_at=st.just("2025-01-02T03:04:05+00:00"),
)


@settings(max_examples=40)
@given(st.lists(sent, max_size=4, unique_by=lambda file: file.path))
def test_the_submission_comes_back_from_the_root_mets(
    tmp_path_factory: pytest.TempPathFactory, submission: list[SubmissionFile]
) -> None:
    folder = tmp_path_factory.mktemp("aip")
    write_aip(a_description(submission=lambda: iter(submission)), folder)
    assert list(AipReader(opener_of(folder)).submission()) == submission


@pytest.mark.parametrize(
    "path",
    ["METS.xml", "metadata/preservation/premis.xml", "metadata/descriptive/dc.xml",
     "representations/original/metadata/preservation/premis.xml"],
)  # fmt: skip
@given(cut=st.integers(0, 5000), junk=st.binary(max_size=8))
def test_a_damaged_document_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, path: str, cut: int, junk: bytes
) -> None:
    folder = tmp_path_factory.mktemp("aip")
    write_aip(a_description(), folder)
    whole = (folder / path).read_bytes()
    at = cut % len(whole)
    (folder / path).write_bytes(whole[:at] + junk + whole[at + len(junk) + 1 :])
    reader = AipReader(opener_of(folder))
    try:
        list(reader.units())
        list(reader.representation("original"))
        list(reader.submission())
        reader.representations()
        reader.dublin_core()
    except InvalidPackage as exc:
        refused = exc.findings[0].path
    else:
        refused = path
    assert refused == path


class TestReceived:
    """From the places in a version back to the paths that were sent."""

    def of(self, *there: str) -> ReceivedPaths:
        return ReceivedPaths({*there}.__contains__)

    @pytest.mark.parametrize(
        ("mark", "form"),
        [
            ("submission/bagit.txt", ReceivedForm.BAG),
            ("submission/METS.xml", ReceivedForm.EARK),
            ("submission/other", ReceivedForm.PLAIN),
        ],
    )
    def test_the_form_is_told_by_what_was_sent(self, mark: str, form: ReceivedForm) -> None:
        assert self.of(mark).form is form

    @pytest.mark.parametrize(
        ("mark", "logical_path", "path"),
        [
            ("submission/bagit.txt", "representations/original/data/a/b", "data/a/b"),
            ("submission/bagit.txt", "submission/tags/x", "tags/x"),
            ("submission/bagit.txt", "representations/access/data/a", None),
            ("submission/METS.xml", "representations/rep1/data/a", "representations/rep1/data/a"),
            ("x", "representations/original/data/a", "a"),
            ("x", "representations/original/METS.xml", None),
            ("x", "representations/original/data", None),
            ("x", "METS.xml", None),
            ("x", "metadata/descriptive/dc.xml", None),
        ],
    )
    def test_each_place_has_its_path(self, mark: str, logical_path: str, path: str | None) -> None:
        assert self.of(mark).of(logical_path) == path

    def test_bytes_of_a_name_come_back(self) -> None:
        assert original_bytes("sub/100%25%FF.txt") == b"sub/100%\xff.txt"

    def test_a_shortened_name_comes_back_from_the_one_that_was_kept(self) -> None:
        long = "x" * 300
        assert (
            original_bytes("data/xx~1.txt", f"top/data/{long}.txt") == f"data/{long}.txt".encode()
        )

    def test_our_report_needs_a_name_of_its_own(self) -> None:
        names = ["reports/ingest.json", "muniment-reports/ingest.json"]
        assert report_path([]) == names[0]
        assert report_path(["reports/other"]) == names[0]
        assert report_path(names[:1]) == names[1]
        assert report_path(names[1:]) == "muniment-reports-2/ingest.json"
        with pytest.raises(InvalidPackage, match="call the file otherwise"):
            report_path(["muniment-reports-2/ingest.json"])
