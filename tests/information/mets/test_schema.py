"""The official schema accepts what the writer writes, and the reader gives it back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from muniment.information.mets import MetsPart, MetsWriter, read_mets
from tests.information.mets.valid_documents import valid_documents
from tests.information.xml.forbidden import marked
from tests.judges.fixtures import XsdJudge


def written(parts: list[MetsPart]) -> bytes:
    sink = BytesIO()
    with MetsWriter(sink) as writer:
        writer.write_all(parts)
    return sink.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(valid_documents())
def test_every_document_is_valid_mets(
    xsd_judge: XsdJudge, tmp_path: Path, parts: list[MetsPart]
) -> None:
    (tmp_path / "METS.xml").write_bytes(written(parts))
    assert xsd_judge("mets.xsd", tmp_path / "METS.xml") == []


@given(valid_documents())
def test_every_document_comes_back(parts: list[MetsPart]) -> None:
    assert list(read_mets(BytesIO(written(parts)))) == [marked(part) for part in parts]


@given(valid_documents())
def test_one_part_takes_one_line(parts: list[MetsPart]) -> None:
    """The README of a package verifies it with grep and sed, a line at a time."""
    assert written(parts).count(b"\n") == len(parts) + 2
