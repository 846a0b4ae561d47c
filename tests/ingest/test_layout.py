"""Where the files of a package go, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.aip.received import ReceivedPaths, report_path
from muniment.information.listing import ListedFile
from muniment.ingest.layout import Layout, place_of


def a_file(path: str) -> ListedFile:
    return ListedFile(path, path, 0, {}, None)


@pytest.mark.parametrize(
    ("layout", "path", "logical_path"),
    [
        (Layout.PLAIN, "a/b.txt", "representations/original/data/a/b.txt"),
        (Layout.PLAIN, "data/b.txt", "representations/original/data/data/b.txt"),
        (Layout.BAG, "data/a/b.txt", "representations/original/data/a/b.txt"),
        (Layout.BAG, "bagit.txt", "submission/bagit.txt"),
        (Layout.BAG, "tags/data/x", "submission/tags/data/x"),
        (Layout.CERN_SIP, "data/content/x.pdf", "representations/original/data/content/x.pdf"),
        (Layout.CERN_SIP, "data/meta/sip.json", "submission/data/meta/sip.json"),
        (Layout.CERN_SIP, "manifest-md5.txt", "submission/manifest-md5.txt"),
        (Layout.EARK_SIP, "representations/rep1/data/a/b", "representations/rep1/data/a/b"),
        (
            Layout.EARK_SIP,
            "representations/rep1/METS.xml",
            "submission/representations/rep1/METS.xml",
        ),
        (Layout.EARK_SIP, "METS.xml", "submission/METS.xml"),
    ],
)
def test_every_kind_of_package_has_its_places(layout: Layout, path: str, logical_path: str) -> None:
    assert place_of(a_file(path), layout, "").logical_path == logical_path


def test_a_single_top_folder_is_not_part_of_a_bag() -> None:
    place = place_of(a_file("my-bag/data/a.txt"), Layout.BAG, "my-bag")
    assert place.logical_path == "representations/original/data/a.txt"


def test_a_plain_package_keeps_its_top_folder() -> None:
    place = place_of(a_file("top/a.txt"), Layout.PLAIN, "top")
    assert place.path == "top/a.txt"


_parts = st.sampled_from(
    ["data", "content", "meta", "representations", "original", "rep", "x", "bagit.txt", "METS.xml",
     "reports", "muniment-reports", "ingest.json", "submission"]
)  # fmt: skip
_paths = st.lists(_parts, min_size=1, max_size=5).map("/".join)


@given(paths=st.sets(_paths, max_size=12), layout=st.sampled_from(Layout))
def test_no_two_files_get_one_place(paths: set[str], layout: Layout) -> None:
    places = [place_of(a_file(path), layout, "").logical_path for path in sorted(paths)]
    assert len(set(places)) == len(places)


_MARKS = {Layout.BAG: "bagit.txt", Layout.CERN_SIP: "bagit.txt", Layout.EARK_SIP: "METS.xml"}


@given(paths=st.sets(_paths, max_size=12), layout=st.sampled_from(Layout))
def test_every_file_finds_its_way_back(paths: set[str], layout: Layout) -> None:
    """What a version has of a package, our own report beside it, says what the package was."""
    # A package with bagit.txt at its root is a bag, whatever else it is.
    sent = (paths - {"bagit.txt"}) | ({_MARKS[layout]} if layout in _MARKS else set())
    places = {place_of(a_file(path), layout, "").logical_path: path for path in sent}
    below = [
        place.removeprefix("submission/") for place in places if place.startswith("submission/")
    ]
    ours = f"submission/{report_path(below)}"
    received = ReceivedPaths({*places, ours}.__contains__)
    assert ours not in places
    assert received.of(ours) is None
    assert {place: received.of(place) for place in places} == places
