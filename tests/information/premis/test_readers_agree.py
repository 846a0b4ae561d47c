"""The reader by lines and the reader by elements say the same of any line, good or spoilt."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.premis import File, Format, PremisUnit, read_premis, uuid_identifier
from muniment.information.premis.file_line import read_file_line
from muniment.information.premis.write_file import render_file
from muniment.information.premis.writer import FOOTER, HEADER, render
from muniment.runtime.errors import InvalidPackage
from tests.information.premis.strategies import events, files, objects

pieces = st.sampled_from(
    ["<", ">", "&", "&amp;", "&#10;", "&#0;", "&lol;", '"', "'", " ", "\t", "x", "é", "\ufffd", "0",
     "<!-- c -->", "<?pi?>", "<![CDATA[x]]>", "</event>", "<event>", "<object>", "</object>",
     "<size>1</size>", "<size>-1</size>", "<size> 7 </size>", "<eventType/>", "<dragon/>",
     '<object xsi:type="file">', '<object xsi:type="bitstream"/>', "<m:property/>", "<agent/>",
     "<formatNote>n</formatNote>", "<eventDetail>d</eventDetail>", ' xml:lang="en"', "<rights/>"]
)  # fmt: skip


def outcome(document: bytes) -> list[PremisUnit] | str:
    """Return the units, or that the document was refused."""
    try:
        return list(read_premis(BytesIO(document)))
    except InvalidPackage:
        return "refused"


def both_ways(line: str) -> tuple[list[PremisUnit] | str, list[PremisUnit] | str]:
    """Read one line in a document of ours and in one that only looks otherwise."""
    document = (HEADER + line + "\n" + FOOTER).encode("utf-8", "surrogateescape")
    return outcome(document), outcome(document.replace(b"<premis ", b"<premis  ", 1))


@given(unit=objects | events, at=st.integers(0, 800), cut=st.integers(0, 40), new=pieces)
def test_a_line_that_was_spoilt_is_the_same_to_both(
    unit: PremisUnit, at: int, cut: int, new: str
) -> None:
    line = render(unit)
    by_line, by_element = both_ways(line[: at % len(line)] + new + line[at % len(line) + cut :])
    assert by_line == by_element


@given(unit=objects | events, swap=st.permutations(range(12)))
def test_a_line_whose_elements_stand_in_another_order_is_the_same_to_both(
    unit: PremisUnit, swap: list[int]
) -> None:
    parts = re.split(r"(?<=>)(?=<)", render(unit))
    mixed = [parts[each] for each in swap if each < len(parts)] + parts[12:]
    by_line, by_element = both_ways("".join(mixed))
    assert by_line == by_element


@pytest.mark.parametrize("line", ["<dragon/>", '<object xsi:type="bitstream"/>', " ", "<!-- -->"])
def test_what_is_no_unit_of_ours_is_passed_over_by_both(line: str) -> None:
    whole = render(File(identifiers=(uuid_identifier("f"),), formats=(Format(name="text"),)))
    by_line, by_element = both_ways(f"{whole}\n{line}")
    assert by_line == by_element
    assert len(by_line) == 1


@given(files)
def test_a_file_without_references_needs_no_tree(file: File) -> None:
    """What has no relationship and no character reference is taken by the expression."""
    line = render_file(file) + "\n"
    found = read_file_line(line.encode())
    is_plain = not file.relationships and len(file.identifiers) == 1 and "&" not in line
    assert (found is not None) == is_plain
    assert found is None or found.identifiers == file.identifiers


def test_formats_beyond_what_is_remembered_are_read_all_the_same() -> None:
    for number in range(4200):
        file = File(identifiers=(uuid_identifier("f"),), formats=(Format(name=f"f{number}"),))
        assert read_file_line(f"{render_file(file)}\n".encode()) == file
