"""Any PREMIS unit that our model can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from muniment.information.premis import (
    Agent,
    Event,
    EventOutcome,
    File,
    Fixity,
    Format,
    Identifier,
    IntellectualEntity,
    Link,
    Relationship,
    Representation,
    RightsGranted,
    RightsStatement,
)

# XML 1.0 §2.2 allows these and no others; what it forbids is tested apart.
xml_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r&<>\"'"),
    max_size=20,
)
words = xml_text.filter(bool)


def some(
    strategy: st.SearchStrategy[object], least: int = 0
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


identifiers = st.builds(Identifier, words, words)
links = st.builds(Link, identifiers, some(words))
relationships = st.builds(Relationship, words, words, some(identifiers, 1), some(identifiers))
designated = st.builds(Format, words, xml_text, st.just(""), st.just(""), some(words))
registered = st.builds(Format, st.just(""), st.just(""), words, words, some(words))
both = st.builds(Format, words, xml_text, words, words, some(words))
files = st.builds(
    File,
    identifiers=some(identifiers, 1),
    fixity=some(st.builds(Fixity, words, words, xml_text)),
    size_bytes=st.none() | st.integers(0, 10**18 - 1),
    formats=some(designated | registered | both, 1),
    created_at=xml_text,
    validity=xml_text,
    properties=st.dictionaries(xml_text, xml_text, max_size=3),
    original_name=xml_text,
    location=xml_text,
    relationships=some(relationships),
)
entities = st.builds(
    IntellectualEntity,
    identifiers=some(identifiers, 1),
    significant_properties=some(st.tuples(xml_text, xml_text)),
    original_name=xml_text,
    relationships=some(relationships),
)
representations = st.builds(
    Representation,
    identifiers=some(identifiers, 1),
    significant_properties=some(st.tuples(xml_text, xml_text)),
    original_name=xml_text,
    relationships=some(relationships),
)
events = st.builds(
    Event,
    identifier=identifiers,
    event_type=words,
    occurred_at=words,
    details=some(xml_text),
    outcomes=some(st.builds(EventOutcome, xml_text, some(xml_text))),
    agents=some(links),
    objects=some(links),
)
agents = st.builds(
    Agent,
    identifiers=some(identifiers, 1),
    names=some(xml_text),
    agent_type=xml_text,
    version=xml_text,
    notes=some(xml_text),
)
grants = st.builds(
    RightsGranted,
    act=words,
    restrictions=some(words),
    starts_at=xml_text.filter(lambda text: text != ".."),
    ends_at=xml_text,
    notes=some(words),
)


def statements(*bases: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.builds(
        RightsStatement,
        identifier=identifiers,
        basis=st.sampled_from(bases),
        notes=some(xml_text),
        documentation=some(identifiers),
        granted=some(grants),
        objects=some(links),
        agents=some(links),
        **fields,
    )


rights = (
    statements("copyright", "Copyright", "statute", terms=xml_text, jurisdiction=xml_text)
    | statements("license", "LICENSE", terms=xml_text)
    | statements("donor", "policy", terms=xml_text.filter(lambda t: t not in {"donor", "policy"}))
)
objects = files | entities | representations
