"""Documents that keep the grammar of METS 1.12, with any text where it allows any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

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
    href_of,
)

AT = "2026-01-01T12:00:00Z"
anything = st.text(
    st.characters() | st.sampled_from("\0\x08\x1f\x85\ud800\ufffe]]>&<'\"\r\n\t "), max_size=10
)
_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
names = st.binary(min_size=1, max_size=8) | _text.map(str.encode)
hrefs = names.map(lambda name: href_of(name.decode("utf-8", "surrogateescape")))
metadata_types = st.sampled_from(["DC", "PREMIS", "PREMIS:EVENT", "EAD", "OTHER"])
checksum_types = st.sampled_from(["Adler-32", "MD5", "SHA-1", "SHA-256", "SHA-512"])
sizes = st.none() | st.integers(0, 2**63 - 1).filter(lambda size: size < 10**18)
locators = {"locator_type": st.just("URL"), "link_type": st.just("simple")}


class Ids:
    """Gives identifiers, each once."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count()
        self.given: list[str] = []

    def __call__(self) -> str:
        self.given.append(f"id-{next(self._numbers)}")
        return self.given[-1]


@st.composite
def valid_documents(draw: st.DrawFn) -> list[MetsPart]:
    """A document that the official schema accepts, part by part."""
    ids = Ids()
    parts: list[MetsPart] = [draw(_roots), draw(_headers)]
    parts += [draw(_metadata("dmdSec", ids())) for _ in range(draw(st.integers(0, 2)))]
    descriptions = tuple(part.id for part in parts if isinstance(part, MetadataReference))
    parts.append(SectionStart("amdSec", ids()))
    sections = draw(st.lists(st.sampled_from(_ADMINISTRATIVE), max_size=4))
    administrative = [
        draw(_metadata(each, ids())) for each in sorted(sections, key=_ADMINISTRATIVE.index)
    ]
    parts += [*administrative, SectionEnd("amdSec"), SectionStart("fileSec", ids())]
    named = tuple(each.id for each in administrative)
    # A group holds groups or files, never both.
    parts += [draw(_groups(ids(), named, depth)) for depth in range(draw(st.integers(1, 2)))]
    parts += [draw(_files(ids(), named, descriptions)) for _ in range(draw(st.integers(0, 3)))]
    parts += [SectionEnd("fileGrp")] * sum(isinstance(part, FileGroup) for part in parts)
    parts.append(SectionEnd("fileSec"))
    return [*parts, *draw(_structures(ids, named, descriptions))]


_ADMINISTRATIVE = ("techMD", "rightsMD", "sourceMD", "digiprovMD")
_roots = st.builds(
    MetsRoot,
    object_id=anything,
    label=anything,
    type=anything,
    profile=anything,
    other_type=anything,
    content_information_type=st.sampled_from(["MIXED", "OTHER"]),
    other_content_information_type=anything,
)
_agents = st.builds(
    MetsAgent,
    role=st.sampled_from(["CREATOR", "ARCHIVIST", "PRESERVATION", "OTHER"]),
    type=st.sampled_from(["ORGANIZATION", "INDIVIDUAL", "OTHER"]),
    other_type=anything,
    other_role=anything,
    name=anything,
    notes=st.lists(
        st.tuples(anything, st.sampled_from(["SOFTWARE VERSION", "IDENTIFICATIONCODE"])),
        max_size=2,
    ).map(tuple),
)
_headers = st.builds(
    MetsHeader,
    created_at=st.just(AT),
    modified_at=st.sampled_from([AT, ""]),
    record_status=anything,
    package_type=st.sampled_from(["SIP", "AIP", "DIP", "AIU", "AIC"]),
    agents=st.lists(_agents, max_size=2).map(tuple),
    alternative_ids=st.lists(
        st.builds(AlternativeRecordId, anything, st.just("SUBMISSIONAGREEMENT")), max_size=1
    ).map(tuple),
)


def _metadata(section: str, identifier: str) -> st.SearchStrategy[MetadataReference]:
    return st.builds(
        MetadataReference,
        section=st.just(section),
        id=st.just(identifier),
        created_at=st.just(AT),
        status=st.sampled_from(["CURRENT", "SUPERSEDED"]),
        href=hrefs,
        metadata_type=metadata_types,
        other_metadata_type=anything,
        metadata_version=anything,
        mime_type=anything,
        size_bytes=sizes,
        referenced_at=st.just(AT),
        checksum=anything,
        checksum_type=checksum_types,
        **locators,
    )


def _groups(identifier: str, named: tuple[str, ...], depth: int) -> st.SearchStrategy[FileGroup]:
    return st.builds(
        FileGroup,
        id=st.just(identifier),
        use=anything,
        content_information_type=st.sampled_from(["MIXED", "OTHER"]),
        other_content_information_type=anything,
        administrative_ids=st.sampled_from([(), named]),
        depth=st.just(depth),
    )


def _files(
    identifier: str, named: tuple[str, ...], descriptions: tuple[str, ...]
) -> st.SearchStrategy[MetsFile]:
    return st.builds(
        MetsFile,
        id=st.just(identifier),
        href=hrefs,
        mime_type=anything,
        size_bytes=sizes,
        created_at=st.just(AT),
        checksum=anything.filter(bool),
        checksum_type=checksum_types,
        owner_id=anything,
        administrative_ids=st.just(named),
        descriptive_ids=st.just(descriptions),
        use=anything,
        **locators,
    )


@st.composite
def _structures(
    draw: st.DrawFn, ids: Ids, named: tuple[str, ...], descriptions: tuple[str, ...]
) -> list[MetsPart]:
    files = st.sampled_from(ids.given)
    pointers = st.builds(MetsPointer, href=hrefs, title=anything, depth=st.just(1), **locators)
    kind = draw(st.sampled_from(["PHYSICAL", "LOGICAL"]))
    parts: list[MetsPart] = [StructuralMap(id=ids(), type=kind, label=draw(anything))]
    parts.append(Division(id=ids(), label=draw(anything), type=draw(anything)))
    for _ in range(draw(st.integers(0, 2))):
        parts.append(
            Division(
                id=ids(),
                label=draw(anything),
                descriptive_ids=descriptions,
                administrative_ids=named,
                content_ids=("urn:a", "urn:b"),
                depth=1,
            )
        )
        # The schema wants mptr before fptr.
        parts += draw(st.lists(pointers, max_size=1))
        parts += [FilePointer(draw(files), 1)]
        parts.append(SectionEnd("div"))
    return [*parts, SectionEnd("div"), SectionEnd("structMap")]
