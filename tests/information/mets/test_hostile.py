"""METS of others in any order, and bytes that mean harm: parts or a refusal, nothing else."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from muniment.information.mets import (
    METS_NAMESPACE,
    Division,
    FileGroup,
    MetsPart,
    SectionEnd,
    SectionStart,
    StructuralMap,
    read_mets,
)
from muniment.runtime.errors import InvalidPackage
from tests.information.mets.test_schema import written
from tests.information.mets.valid_documents import valid_documents

NAMES = ("metsHdr", "agent", "note", "dmdSec", "amdSec", "techMD", "mdRef", "mdWrap", "fileSec",
         "fileGrp", "file", "FLocat", "structMap", "div", "fptr", "mptr", "mets",
         "dragon")  # fmt: skip
ATTRIBUTES = ("", " ID='a'", " SIZE='x'", " ADMID=' a  b '", " x:href='%zz'", " DEPTH='9'")
pieces = st.sampled_from(
    [f"<m:{name}{each}{end}>" for name in NAMES for each in ATTRIBUTES for end in ("", "/")]
    + [f"</m:{name}>" for name in NAMES]
    + ["text", "&amp;", "&lol;", "<!-- c -->", "<?pi?>", "<![CDATA[x]]>", "<other/>"]
)
HEAD = f'<m:mets xmlns:m="{METS_NAMESPACE}" xmlns:x="http://www.w3.org/1999/xlink">'


def parts_of(document: bytes) -> list[MetsPart] | None:
    """Return the parts, None for a document that is refused."""
    try:
        return list(read_mets(BytesIO(document)))
    except InvalidPackage:
        return None


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    """Well-formed METS in an order that no schema allows."""
    name, attribute = draw(st.sampled_from(NAMES)), draw(st.sampled_from(ATTRIBUTES))
    inner = "".join(draw(st.lists(trees(depth - 1), max_size=3))) if depth else "t"
    return f"<m:{name}{attribute}>{inner}</m:{name}>"


@given(st.lists(trees(), max_size=3))
def test_elements_in_any_order_are_parts(inner: list[str]) -> None:
    document = f"{HEAD}{''.join(inner)}</m:mets>"
    found = parts_of(document.encode())
    assert found is not None
    open_now: list[str] = []
    for part in found:
        if isinstance(part, SectionEnd):
            assert open_now.pop() == part.name
        elif name := opened_by(part):
            open_now.append(name)
    assert open_now == []


def opened_by(part: MetsPart) -> str:
    """Return the name of the element that a part opens, "" when it opens none."""
    match part:
        case SectionStart():
            return part.name
        case FileGroup():
            return "fileGrp"
        case StructuralMap():
            return "structMap"
        case Division():
            return "div"
    return ""


@given(st.lists(pieces, max_size=12))
def test_tags_in_any_order_are_parts_or_a_refusal(inner: list[str]) -> None:
    parts_of(f"{HEAD}{''.join(inner)}</m:mets>".encode())


@given(
    parts=valid_documents(),
    at=st.integers(0, 5000),
    junk=st.binary(max_size=6),
    cut=st.integers(0, 9),
)
def test_a_document_that_was_damaged_is_parts_or_a_refusal(
    parts: list[MetsPart], at: int, junk: bytes, cut: int
) -> None:
    whole = written(parts)
    at %= len(whole)
    parts_of(whole[:at] + junk + whole[at + cut :])


@given(parts=valid_documents(), at=st.integers(1, 5000))
def test_a_document_that_was_cut_is_refused(parts: list[MetsPart], at: int) -> None:
    whole = written(parts).rstrip()
    assert parts_of(whole[: -(at % len(whole)) or -1]) is None
