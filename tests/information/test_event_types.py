"""Our event types are words of the vocabulary of the Library of Congress, spelt as there."""

from __future__ import annotations

import pytest

from muniment.information.event_types import EventType

# id.loc.gov/vocabulary/preservation/eventType, preferred labels, as of 2024.
VOCABULARY = """
accession; appraisal; capture; compression; creation; deaccession; decompression; decryption;
deletion; digital signature generation; digital signature validation; dissemination; encryption;
execution; exporting; extraction; filename change; fixity check; forensic feature analysis;
format identification; imaging; information package creation; information package merging;
information package splitting; ingestion; ingestion end; ingestion start;
message digest calculation; metadata extraction; metadata modification; migration; modification;
normalization; packing; policy assignment; quarantine; recovery; redaction; refreshment;
replication; transfer; unpacking; unquarantine; validation; virus check
"""
LABELS = {label.strip() for label in VOCABULARY.split(";")}


@pytest.mark.parametrize("event_type", EventType)
def test_an_event_type_is_a_word_of_the_vocabulary(event_type: EventType) -> None:
    assert event_type.value in LABELS


@pytest.mark.parametrize("event_type", EventType)
def test_its_name_in_code_is_the_word(event_type: EventType) -> None:
    assert event_type.name == event_type.value.upper().replace(" ", "_")
