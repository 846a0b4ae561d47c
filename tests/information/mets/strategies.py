"""Any part of METS that our model can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from muniment.information.mets import (
    AlternativeRecordId,
    Division,
    FileGroup,
    FilePointer,
    MetadataReference,
    MetsAgent,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsPointer,
    MetsRoot,
    SectionEnd,
    SectionStart,
    StructuralMap,
)
from tests.information.premis.strategies import some, words, xml_text

sizes = st.none() | st.integers(0, 10**18 - 1)
ids = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), max_size=3).map(tuple)
roots = st.builds(
    MetsRoot,
    object_id=xml_text,
    label=xml_text,
    type=xml_text,
    other_type=xml_text,
    content_information_type=xml_text,
    other_content_information_type=xml_text,
    profile=xml_text,
)
agents = st.builds(
    MetsAgent,
    role=xml_text,
    type=xml_text,
    other_type=xml_text,
    other_role=xml_text,
    name=xml_text,
    notes=some(st.tuples(xml_text, xml_text)),
)
headers = st.builds(
    MetsHeader,
    created_at=xml_text,
    modified_at=xml_text,
    record_status=xml_text,
    package_type=xml_text,
    agents=some(agents),
    alternative_ids=some(st.builds(AlternativeRecordId, xml_text, xml_text)),
)


def metadata(*sections: str) -> st.SearchStrategy[MetadataReference]:
    return st.builds(
        MetadataReference,
        section=st.sampled_from(sections),
        id=xml_text,
        created_at=xml_text,
        status=xml_text,
        href=xml_text,
        locator_type=st.just("URL"),
        link_type=st.just("simple"),
        metadata_type=xml_text,
        other_metadata_type=xml_text,
        metadata_version=xml_text,
        mime_type=xml_text,
        size_bytes=sizes,
        referenced_at=xml_text,
        checksum=xml_text,
        checksum_type=xml_text,
    )


files = st.builds(
    MetsFile,
    id=xml_text,
    href=xml_text,
    mime_type=xml_text,
    size_bytes=sizes,
    created_at=xml_text,
    checksum=words,
    checksum_type=xml_text,
    owner_id=xml_text,
    administrative_ids=ids,
    descriptive_ids=ids,
    use=xml_text,
    locator_type=st.just("URL"),
    link_type=st.just("simple"),
)
pointers = st.builds(
    MetsPointer,
    href=xml_text,
    title=xml_text,
    locator_type=st.just("URL"),
    link_type=st.just("simple"),
    depth=st.just(0),
)
groups = st.builds(
    FileGroup,
    id=xml_text,
    use=xml_text,
    content_information_type=xml_text,
    other_content_information_type=xml_text,
    administrative_ids=ids,
)
divisions = st.builds(
    Division,
    id=xml_text,
    label=xml_text,
    type=xml_text,
    descriptive_ids=ids,
    administrative_ids=ids,
    content_ids=ids,
)
file_pointers = st.builds(FilePointer, xml_text, st.just(0))
maps = st.builds(StructuralMap, id=xml_text, type=xml_text, label=xml_text)


@st.composite
def documents(draw: st.DrawFn) -> list[MetsPart]:
    """A whole document, part by part."""
    parts: list[MetsPart] = [draw(roots), draw(headers)]
    parts += draw(st.lists(metadata("dmdSec"), max_size=2))
    provenance = metadata("digiprovMD", "rightsMD", "techMD", "sourceMD")
    parts += [SectionStart("amdSec", draw(xml_text)), *draw(st.lists(provenance, max_size=2))]
    parts += [SectionEnd("amdSec"), SectionStart("fileSec", draw(xml_text)), draw(groups)]
    parts += [*draw(st.lists(files, max_size=3)), SectionEnd("fileGrp"), SectionEnd("fileSec")]
    parts += [draw(maps), draw(divisions), *draw(st.lists(file_pointers | pointers, max_size=3))]
    return [*parts, SectionEnd("div"), SectionEnd("structMap")]
