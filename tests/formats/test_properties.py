from __future__ import annotations

from pathlib import Path

import pytest

from muniment.formats.examination_child import examine_file
from muniment.formats.properties import property_of, property_table
from tests.formats.files import KINDS, Kind


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.name)
def test_every_property_of_a_file_is_in_the_table(one: Kind, tmp_path: Path) -> None:
    names = examine_file(one.write(tmp_path)).properties
    assert [name for name in names if property_of(name) is None] == []


def test_a_group_stands_for_its_names() -> None:
    group = property_of("exiftool.IFD0.Make")
    assert group is not None
    assert group.name == "exiftool.*"


def test_an_unknown_name_is_unknown() -> None:
    assert property_of("colour.of.the.sky") is None


def test_every_property_speaks_both_languages() -> None:
    assert all(one.en and one.fr for one in property_table().values())
