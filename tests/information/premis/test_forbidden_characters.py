"""Text that XML 1.0 cannot hold: marked by U+FFFD, valid, and the same to both readers."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
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
    PremisUnit,
    PremisWriter,
    Relationship,
    Representation,
    RightsGranted,
    RightsStatement,
    read_premis,
)
from tests.information.premis.test_round_trip import foreign
from tests.information.xml.forbidden import marked
from tests.judges.fixtures import XsdJudge

wild = st.text(
    st.characters()
    | st.sampled_from("\0\x08\x0b\x1f\x85\u2028\ud800\udfff\ufffe\uffff]]>&<'\"\r\n\t "),
    min_size=1,
    max_size=12,
).filter(lambda text: text != "..")  # an open start of EDTF, which is read as no start


def units_of(text: str) -> list[PremisUnit]:
    """Put one text into every field of every kind of unit that takes one."""
    name = Identifier(text, text)
    link = Link(name, (text, text))
    related = Relationship(text, text, (name,), (name,))
    granted = RightsGranted(
        act=text, restrictions=(text,), starts_at=text, ends_at=text, notes=(text,)
    )
    whole = {"identifiers": (name, name), "original_name": text, "relationships": (related,)}
    file = File(
        identifiers=(name,),
        fixity=(Fixity(text, text, text),),
        size_bytes=1,
        formats=(Format(text, text, text, text, (text, text)),),
        created_at=text,
        validity=text,
        properties={text: text, f"{text}2": text},
        original_name=text,
        location=text,
    )
    statements = [
        RightsStatement(
            identifier=name,
            basis=basis,
            terms=text,
            jurisdiction=text if basis in {"copyright", "statute"} else "",
            notes=(text,),
            documentation=(name,),
            granted=(granted,),
            objects=(link,),
            agents=(link,),
        )
        for basis in ("copyright", "license", "statute", "donor")
    ]
    return [
        file,
        replace(file, relationships=(related,)),
        IntellectualEntity(significant_properties=((text, text),), **whole),  # type: ignore[arg-type]  # one dict for two classes
        Representation(significant_properties=((text, text),), **whole),  # type: ignore[arg-type]  # likewise
        Event(
            identifier=name,
            event_type=text,
            occurred_at=text,
            details=(text, text),
            outcomes=(EventOutcome(text, (text, text)), EventOutcome(text)),
            agents=(link,),
            objects=(link, link),
        ),
        Agent(identifiers=(name,), names=(text,), agent_type=text, version=text, notes=(text,)),
        *statements,
    ]


def written(units: list[PremisUnit]) -> bytes:
    sink = BytesIO()
    with PremisWriter(sink) as writer:
        writer.write_all(units)
    return sink.getvalue()


@given(wild)
def test_any_text_comes_back_marked_by_either_reader(text: str) -> None:
    document = written(units_of(text))
    expected = [marked(unit) for unit in units_of(text)]
    assert list(read_premis(BytesIO(document))) == expected
    assert list(read_premis(BytesIO(foreign(document)))) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(wild)
def test_any_text_is_valid_premis_3(xsd_judge: XsdJudge, tmp_path: Path, text: str) -> None:
    (tmp_path / "premis.xml").write_bytes(written(units_of(text)))
    assert xsd_judge("premis-v3.xsd", tmp_path / "premis.xml") == []


@pytest.mark.parametrize("text", ["\0", "\x1b[2J", "\ud800", "\ufffe"])
def test_what_is_forbidden_is_never_dropped_in_silence(text: str) -> None:
    (event,) = [unit for unit in units_of(text) if isinstance(unit, Event)]
    found = list(read_premis(BytesIO(written([*units_of("x")[:1], event]))))
    back = found[-1]
    assert isinstance(back, Event)
    assert "\ufffd" in back.event_type
    assert len(back.event_type) == len(text)
