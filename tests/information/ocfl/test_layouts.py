"""Storage layouts: the examples of the registered extensions, and what cannot be placed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.ocfl import HashAndIdNTuple, find_objects, read_layout, write_layout
from muniment.information.ocfl.layouts import (
    FlatDirect,
    FlatOmitPrefix,
    HashedNTuple,
    Layout,
    NTupleOmitPrefix,
    layout_from_config,
)
from muniment.runtime.errors import CorruptObject, InvalidArgument
from tests.information.ocfl.builders import an_object

LONG = "abcdefghij" * 26
HORROR = "..hor/rib:le-$id"
UUID = "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66"
DIGEST = "3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4"
TURNED = NTupleOmitPrefix(":", 4, 2, "left", reverse_object_root=True)
RIGHT = NTupleOmitPrefix("edu/", 3, 3, "right")
LAYOUTS: list[Layout] = [
    FlatDirect(),
    HashAndIdNTuple(),
    HashedNTuple("md5", 2, 15, short_object_root=True),
    FlatOmitPrefix("edu/"),
    TURNED,
]


@pytest.mark.parametrize(
    ("layout", "object_id", "path"),
    [
        (FlatDirect(), "object-01", "object-01"),
        (FlatDirect(), "..hor_rib:lé-$id", "..hor_rib:lé-$id"),
        (HashAndIdNTuple(), "object-01", "3c0/ff4/240/object-01"),
        (HashAndIdNTuple(), HORROR, "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        (
            HashAndIdNTuple(),
            "..Hor/rib:lè-$id",
            "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id",
        ),
        (
            HashAndIdNTuple(),
            LONG,
            "55b/432/806/" + LONG[:100] + "-"
            "55b432806f4e270da0cf23815ed338742179002153cd8d896f23b3e2d8a14359",
        ),
        (HashAndIdNTuple("md5", 5, 2), "object-01", "ff755/34492/object-01"),
        (HashAndIdNTuple("md5", 0, 0), "object-01", "object-01"),
        (HashedNTuple(), "object-01", f"3c0/ff4/240/{DIGEST}"),
        (
            HashedNTuple("md5", 2, 15, True),
            HORROR,
            "08/31/97/66/fb/6c/29/35/dd/17/5b/94/26/77/17/e0",
        ),
        (HashedNTuple(tuple_size=0, number_of_tuples=0), "object-01", DIGEST),
        (FlatOmitPrefix(":"), "namespace:12887296", "12887296"),
        (FlatOmitPrefix(":"), UUID, "6e8bc430-9c3a-11d9-9669-0800200c9a66"),
        (FlatOmitPrefix("EDU/"), "https://institution.edu/abc/edu/f8.05v", "f8.05v"),
        (TURNED, "namespace:12887296", "6927/8821/12887296"),
        (TURNED, UUID, "66a9/c002/6e8bc430-9c3a-11d9-9669-0800200c9a66"),
        (TURNED, "abc123", "321c/ba00/abc123"),
        (RIGHT, "https://institution.edu/3448793", "344/879/300/3448793"),
        (RIGHT, "https://institution.edu/abc/edu/f8.05v", "f8./05v/000/f8.05v"),
    ],
)
def test_an_example_of_the_extension_is_placed_as_it_says(
    layout: Layout, object_id: str, path: str
) -> None:
    assert layout.path_of(object_id) == path


@pytest.mark.parametrize(
    ("layout", "object_id"),
    [
        (FlatDirect(), "info:fedora/object-01"),
        (FlatDirect(), "x" * 256),
        (FlatDirect(), ".."),
        (FlatDirect(), ""),
        (FlatDirect(), "extensions"),
        (FlatOmitPrefix("info:"), "info:fedora/object-01"),
        (FlatOmitPrefix(":"), "urn:x:"),
        (TURNED, "urn:x:"),
        (NTupleOmitPrefix(tuple_size=1), "urn:..x"),
        (HashAndIdNTuple(), ""),
    ],
)
def test_an_id_that_has_no_place_is_refused(layout: Layout, object_id: str) -> None:
    with pytest.raises(InvalidArgument):
        layout.path_of(object_id)


@given(object_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_default_layout_places_any_id_safely(object_id: str) -> None:
    first, second, third, name = HashAndIdNTuple().path_of(object_id).split("/")
    assert {len(first), len(second), len(third)} == {3}
    assert 0 < len(name) <= 165
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_%")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_layout_is_read_as_it_was_written(tmp_path: Path, layout: Layout) -> None:
    write_layout(tmp_path, layout)
    assert read_layout(tmp_path) == layout
    config = tmp_path / "extensions" / layout.name / "config.json"
    assert json.loads(config.read_bytes())["extensionName"] == layout.name


@pytest.mark.parametrize(
    ("name", "config"),
    [
        (HashAndIdNTuple.name, {"tupleSize": 33}),
        (HashAndIdNTuple.name, {"tupleSize": True}),
        (HashAndIdNTuple.name, {"tupleSize": 0}),
        (HashAndIdNTuple.name, {"tupleSize": 32, "numberOfTuples": 3}),
        (HashAndIdNTuple.name, {"digestAlgorithm": "crc99"}),
        (HashedNTuple.name, {"shortObjectRoot": 1}),
        (HashedNTuple.name, {"tupleSize": 16, "numberOfTuples": 4, "shortObjectRoot": True}),
        (FlatOmitPrefix.name, {}),
        (NTupleOmitPrefix.name, {"zeroPadding": "top"}),
        (NTupleOmitPrefix.name, {"tupleSize": 0}),
        (NTupleOmitPrefix.name, {"delimiter": ""}),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(name: str, config: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        layout_from_config(name, config)


def test_an_unknown_layout_is_none(tmp_path: Path) -> None:
    assert read_layout(tmp_path) is None
    (tmp_path / "ocfl_layout.json").write_text('{"extension": "0099-x", "description": ""}')
    assert read_layout(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"extension": "../x"}', "[" * 100_000])
def test_a_description_that_cannot_be_read_is_corrupt(tmp_path: Path, text: str) -> None:
    (tmp_path / "ocfl_layout.json").write_text(text)
    with pytest.raises(CorruptObject):
        read_layout(tmp_path)


def test_a_config_with_wrong_parameters_is_corrupt(tmp_path: Path) -> None:
    write_layout(tmp_path, HashAndIdNTuple())
    (tmp_path / "extensions" / HashAndIdNTuple.name / "config.json").write_text('{"tupleSize": -1}')
    with pytest.raises(CorruptObject, match="tupleSize"):
        read_layout(tmp_path)


def test_walking_finds_every_object_in_order_and_looks_into_none(tmp_path: Path) -> None:
    for place in ("b/c", "a", "b/a"):
        an_object(tmp_path / place)
    an_object(tmp_path / "extensions" / "x")
    an_object(tmp_path / "a" / "inner")
    (tmp_path / "link").symlink_to("a")
    found = [str(path.relative_to(tmp_path)) for path in find_objects(tmp_path)]
    assert found == ["a", "b/a", "b/c"]
