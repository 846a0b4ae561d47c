"""PREMIS as other systems write it: other prefixes, spaces, extensions, and parts left out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest

from muniment.information.premis import (
    PREMIS_NAMESPACE,
    Agent,
    Event,
    EventOutcome,
    File,
    Fixity,
    Format,
    Identifier,
    IntellectualEntity,
    Link,
    PremisUnit,
    Relationship,
    Representation,
    RightsGranted,
    RightsStatement,
    read_premis,
)
from muniment.runtime.errors import InvalidPackage

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
V2 = "info:lc/xmlns/premis-v2"


def read(inner: str, namespace: str = PREMIS_NAMESPACE) -> list[PremisUnit]:
    document = f'<p:premis xmlns:p="{namespace}" {XSI}>{inner}</p:premis>'
    return list(read_premis(BytesIO(document.encode())))


def tag(name: str, *inner: str) -> str:
    return f"<p:{name}>{''.join(inner)}</p:{name}>"


def identifier(kind: str, value: str = "1") -> str:
    name = f"{kind}Identifier"
    return tag(name, tag(f"{name}Type", "local"), tag(f"{name}Value", value))


def an_object(category: str, *inner: str) -> str:
    return f'<p:object xsi:type="p:{category}">{identifier("object")}{"".join(inner)}</p:object>'


KNOWN = (Identifier("local", "1"),)


def test_a_file_with_several_characteristics_is_one_file() -> None:
    """PREMIS §1.5: one for each layer of a compressed or encrypted file."""
    first = tag("objectCharacteristics", tag("size", "7"), a_fixity("MD5", "aa"))
    second = tag("objectCharacteristics", tag("size", "9"), a_fixity("SHA-1", "bb"), a_format("x"))
    (file,) = read(an_object("file", first, second))
    assert file == File(
        identifiers=KNOWN,
        size_bytes=7,
        fixity=(Fixity("MD5", "aa"), Fixity("SHA-1", "bb")),
        formats=(Format(name="x"),),
    )


def a_fixity(algorithm: str, digest: str) -> str:
    return tag("fixity", tag("messageDigestAlgorithm", algorithm), tag("messageDigest", digest))


def a_format(name: str) -> str:
    return tag("format", tag("formatDesignation", tag("formatName", name)))


def test_places_and_names_are_taken_from_where_they_stand() -> None:
    storage = tag(
        "storage", tag("contentLocation", tag("contentLocationType", "uri"),
                       tag("contentLocationValue", " a b "))
    )  # fmt: skip
    (file,) = read(an_object("file", tag("originalName", " white  space "), storage, storage))
    assert isinstance(file, File)
    assert (file.original_name, file.location) == (" white  space ", " a b ")


def test_the_properties_of_others_are_not_ours() -> None:
    """Archivematica puts the whole output of its tools there."""
    tools = "<fits xmlns='urn:fits'><properties><property name='x'>1</property></properties></fits>"
    namesake = "<properties xmlns='urn:other'><property name='x'>1</property></properties>"
    nested = tag("object", identifier("object", "inner"))
    extension = tag("objectCharacteristicsExtension", tools, namesake, nested)
    (file,) = read(an_object("file", tag("objectCharacteristics", extension)))
    assert isinstance(file, File)
    assert (file.identifiers, file.properties, file.validity) == (KNOWN, {}, "")


def test_an_entity_and_a_representation_keep_what_they_say() -> None:
    significant = tag(
        "significantProperties",
        tag("significantPropertiesType", "colour"),
        tag("significantPropertiesValue", "yes"),
    )
    related = tag(
        "relationship",
        tag("relationshipType", "derivation"),
        tag("relationshipSubType", "has source"),
        identifier("relatedObject", "2"),
        identifier("relatedEvent", "3"),
    )
    relationship = Relationship(
        "derivation", "has source", (Identifier("local", "2"),), (Identifier("local", "3"),)
    )
    found = read(
        an_object("intellectualEntity", significant, related) + an_object("representation", related)
    )
    assert found == [
        IntellectualEntity(
            identifiers=KNOWN,
            significant_properties=(("colour", "yes"),),
            relationships=(relationship,),
        ),
        Representation(identifiers=KNOWN, relationships=(relationship,)),
    ]


AN_EVENT = tag("eventType", "ingestion") + tag("eventDateTime", "2026-01-01")


@pytest.mark.parametrize(
    ("inner", "details", "outcomes"),
    [
        ("", (), ()),
        (tag("eventDetail", "by hand"), ("by hand",), ()),
        (
            tag("eventDetailInformation", tag("eventDetail", "a"), tag("eventDetail", "b")),
            ("a", "b"),
            (),
        ),
        (tag("eventOutcomeInformation"), (), (EventOutcome(""),)),
        (
            tag("eventOutcomeInformation", tag("eventOutcome", "pass"))
            + tag("eventOutcomeInformation", tag("eventOutcome", "fail"),
                  tag("eventOutcomeDetail", tag("eventOutcomeDetailNote", "why"),
                      tag("eventOutcomeDetailNote", "where"))),
            (),
            (EventOutcome("pass"), EventOutcome("fail", ("why", "where"))),
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("namespace", [PREMIS_NAMESPACE, V2])
def test_events_are_read_in_both_versions(
    namespace: str, inner: str, details: Sequence[str], outcomes: Sequence[EventOutcome]
) -> None:
    (event,) = read(tag("event", identifier("event"), AN_EVENT, inner), namespace)
    assert event == Event(
        identifier=KNOWN[0],
        event_type="ingestion",
        occurred_at="2026-01-01",
        details=tuple(details),
        outcomes=tuple(outcomes),
    )


def test_links_keep_their_roles() -> None:
    agent = tag(
        "linkingAgentIdentifier",
        tag("linkingAgentIdentifierType", "t"),
        tag("linkingAgentIdentifierValue", "v"),
        tag("linkingAgentRole", "implementer"),
        tag("linkingAgentRole", "authorizer"),
    )
    thing = tag("linkingObjectIdentifier", tag("linkingObjectIdentifierType", "t"))
    (event,) = read(tag("event", identifier("event"), AN_EVENT, agent, thing))
    assert isinstance(event, Event)
    assert event.agents == (Link(Identifier("t", "v"), ("implementer", "authorizer")),)
    assert event.objects == (Link(Identifier("t", "")),)


def test_an_agent_may_have_names_and_notes_without_end() -> None:
    inner = "".join(tag("agentName", name) for name in "ab") + tag("agentNote", "n")
    (agent,) = read(tag("agent", identifier("agent"), inner, tag("agentExtension", "<x/>")))
    assert agent == Agent(identifiers=KNOWN, names=("a", "b"), notes=("n",))


def test_rights_of_any_basis_are_read() -> None:
    granted = tag(
        "rightsGranted",
        tag("act", "disseminate"),
        tag("restriction", "reading room"),
        tag("termOfGrant", tag("startDate", ".."), tag("endDate", "2099")),
        tag("rightsGrantedNote", "note"),
    )
    information = tag(
        "otherRightsInformation",
        tag("otherRightsBasis", "a letter"),
        tag("otherRightsNote", "of 1912"),
        identifier("otherRightsDocumentation", "doc"),
    )
    (rights,) = read(
        tag("rights", tag("rightsStatement", identifier("rightsStatement"),
                          tag("rightsBasis", "donor"), information, granted))
    )  # fmt: skip
    assert rights == RightsStatement(
        identifier=KNOWN[0],
        basis="donor",
        terms="a letter",
        notes=("of 1912",),
        documentation=(Identifier("local", "doc"),),
        granted=(
            RightsGranted(
                act="disseminate",
                restrictions=("reading room",),
                ends_at="2099",
                notes=("note",),
            ),
        ),
    )


def test_rights_without_information_keep_their_basis() -> None:
    statement = tag("rightsStatement", identifier("rightsStatement"), tag("rightsBasis", "Statute"))
    (rights,) = read(tag("rights", statement, tag("rightsExtension", "<x/>")))
    assert rights == RightsStatement(identifier=KNOWN[0], basis="Statute")


@pytest.mark.parametrize(
    ("unit", "what"),
    [
        ('<p:object xsi:type="p:file"/>', "object"),
        ('<p:object xsi:type="representation"/>', "object"),
        (tag("event", AN_EVENT), "event"),
        (tag("agent", tag("agentName", "a")), "agent"),
        (tag("rights", tag("rightsStatement", tag("rightsBasis", "x"))), "rightsStatement"),
    ],
)
def test_a_unit_without_an_identifier_is_refused_by_its_name(unit: str, what: str) -> None:
    with pytest.raises(InvalidPackage, match=f"an element {what} has no identifier"):
        read(unit)


@pytest.mark.parametrize("category", ["", "dragon", "p:dragon"])
def test_an_object_of_an_unknown_category_is_refused(category: str) -> None:
    with pytest.raises(InvalidPackage, match="category"):
        read(f'<p:object xsi:type="{category}">{identifier("object")}</p:object>')


@pytest.mark.parametrize("size", ["-1", "1.5", "many", "9" * 19, "\u0661", "1 2"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(InvalidPackage, match="size"):
        read(an_object("file", tag("objectCharacteristics", tag("size", size))))


@pytest.mark.parametrize("size", [" 7 ", "7", "\n7\n", "007"])
def test_white_space_around_a_size_is_none_of_it(size: str) -> None:
    (file,) = read(an_object("file", tag("objectCharacteristics", tag("size", size))))
    assert isinstance(file, File)
    assert file.size_bytes == 7


def test_premis_inside_of_another_document_is_found() -> None:
    """As Archivematica has it: each unit in a section of METS of its own."""
    unit = f'<p:agent xmlns:p="{PREMIS_NAMESPACE}">{identifier("agent")}</p:agent>'
    document = f"<mets><amdSec><mdWrap><xmlData>{unit}</xmlData></mdWrap></amdSec>{unit}</mets>"
    assert len(list(read_premis(BytesIO(document.encode())))) == 2


def test_comments_and_cdata_are_no_part_of_a_text() -> None:
    name = tag("agentName", "<!-- who -->A<![CDATA[<d>]]>a")
    (agent,) = read(tag("agent", identifier("agent"), name))
    assert isinstance(agent, Agent)
    assert agent.names == ("A<d>a",)


@pytest.mark.parametrize(
    "document", [b"<premis/>", b"<premis xmlns='urn:other'><object/></premis>", b"<html/>"]
)
def test_a_document_without_a_unit_is_no_premis(document: bytes) -> None:
    with pytest.raises(InvalidPackage, match="no object, event, agent or rights"):
        list(read_premis(BytesIO(document)))
