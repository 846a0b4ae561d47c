"""Storage layouts: the examples of the registered extensions, and what cannot be placed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
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
        # In lower case, this letter has two characters.
        (FlatOmitPrefix(":"), "\u0130\u0130:abc", "abc"),
        (FlatOmitPrefix("."), "a.b", "b"),
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
        (FlatDirect(), "ocfl_layout.json"),
        (FlatDirect(), "0=ocfl_1.1"),
        (FlatDirect(), "a\0b"),
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


IDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["urn:x:..", "a/b", "..", ".", "extensions", "0=ocfl_1.1", "a" * 300, "edu/", "\0", "urn:x:a/b"]
)
SIZES = st.sampled_from([(0, 0), (1, 1), (3, 3), (2, 15), (32, 1)])


def hashed(algorithm: str, size: tuple[int, int], is_short: bool) -> Layout:
    # Nothing would be left of an MD5 after 32 tuples of one character.
    return HashedNTuple(algorithm, *size, short_object_root=is_short and size != (32, 1))


def cut(delimiter: str, size: tuple[int, int], padding: str, is_reverse: bool) -> Layout:
    return NTupleOmitPrefix(delimiter, *size, zero_padding=padding, reverse_object_root=is_reverse)


def any_layout() -> st.SearchStrategy[Layout]:
    delimiter = st.text(st.characters(codec="ascii"), min_size=1, max_size=3)
    algorithm = st.sampled_from(["md5", "sha1", "sha256", "sha512", "blake2b-160"])
    pieces = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return st.one_of(
        st.just(FlatDirect()),
        st.builds(FlatOmitPrefix, delimiter),
        st.builds(lambda name, size: HashAndIdNTuple(name, *size), algorithm, SIZES),
        st.builds(hashed, algorithm, SIZES, st.booleans()),
        st.builds(cut, delimiter, pieces, st.sampled_from(["left", "right"]), st.booleans()),
    )


@given(layout=any_layout(), object_id=IDS)
def test_a_layout_places_an_id_below_the_root_or_refuses_it(layout: Layout, object_id: str) -> None:
    with suppress(InvalidArgument):
        path = layout.path_of(object_id)
        assert not {"", ".", ".."} & set(path.split("/"))
        assert "\0" not in path
        assert path.split("/")[0] not in {"extensions", "ocfl_layout.json"}
        assert layout.path_of(object_id) == path


@given(layout=any_layout())
def test_any_layout_comes_back_from_its_configuration(layout: Layout) -> None:
    config = json.loads(json.dumps(layout.config()))
    assert layout_from_config(layout.name, config) == layout
    assert layout_from_config(layout.name, {**config, "extensionName": layout.name}) == layout


@given(
    ids=st.sets(IDS.filter(bool), min_size=2, max_size=2),
    size=SIZES,
    algorithm=st.sampled_from(["sha256", "sha512"]),
)
def test_two_ids_never_share_a_place_in_a_hashed_layout(
    ids: set[str], size: tuple[int, int], algorithm: str
) -> None:
    assume(not {"extensions", "ocfl_layout.json"} & ids)  # the root's own names are refused
    for layout in (HashAndIdNTuple(algorithm, *size), HashedNTuple(algorithm, *size)):
        one, other = (layout.path_of(each) for each in ids)
        assert one != other
        assert not one.startswith(f"{other}/")
        assert not other.startswith(f"{one}/")


@given(
    config=st.dictionaries(
        st.sampled_from(
            [
                "digestAlgorithm",
                "tupleSize",
                "numberOfTuples",
                "shortObjectRoot",
                "delimiter",
                "zeroPadding",
                "reverseObjectRoot",
            ]
        ),
        st.none()
        | st.booleans()
        | st.integers(-2, 40)
        | st.floats()
        | st.sampled_from(["sha256", "left", ":", ""])
        | st.lists(st.none(), max_size=1),
    ),
    name=st.sampled_from([each.name for each in LAYOUTS]),
)
def test_any_configuration_is_taken_or_refused(config: dict[str, Any], name: str) -> None:
    with suppress(InvalidArgument):
        layout = layout_from_config(name, config)
        assert layout is not None
        assert config.items() >= {k: v for k, v in layout.config().items() if k in config}.items()


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


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
@pytest.mark.parametrize(
    "place", ["ocfl_layout.json", f"extensions/{HashAndIdNTuple.name}/config.json"]
)
def test_a_description_that_is_no_file_is_corrupt_and_not_opened(
    tmp_path: Path, place: str, make: Callable[[Path], object]
) -> None:
    write_layout(tmp_path, HashAndIdNTuple())
    (tmp_path / place).unlink()
    make(tmp_path / place)
    with pytest.raises(CorruptObject, match="not a regular file"):
        read_layout(tmp_path)


def test_walking_finds_every_object_in_order_and_looks_into_none(tmp_path: Path) -> None:
    for place in ("b/c", "a", "b/a"):
        an_object(tmp_path / place)
    an_object(tmp_path / "extensions" / "x")
    an_object(tmp_path / "a" / "inner")
    (tmp_path / "link").symlink_to("a")
    found = [str(path.relative_to(tmp_path)) for path in find_objects(tmp_path)]
    assert found == ["a", "b/a", "b/c"]
