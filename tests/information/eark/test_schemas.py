"""The METS that we write is valid for METS 1.12 with the attributes of the DILCIS Board."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.information.aip.test_writing import a_whole_package
from tests.information.eark.builders import a_sip
from tests.judges.fixtures import XsdJudge

# mets.xsd lets foreign attributes through unless their schema is known: this makes both known.
BOTH = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="mets.xsd"/>
<xs:import namespace="https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
    schemaLocation="DILCISExtensionMETS.xsd"/>
</xs:schema>"""


@pytest.fixture
def both_schemas(xsd_judge: XsdJudge, tmp_path: Path) -> Path:
    folder = tmp_path / "schemas"
    folder.mkdir()
    for schema in Path(os.environ["MUNIMENT_SCHEMAS"]).glob("*.xsd"):
        shutil.copy(schema, folder)
    (folder / "both.xsd").write_text(BOTH)
    return folder / "both.xsd"


@pytest.mark.parametrize("path", ["METS.xml", "representations/original/METS.xml"])
def test_a_sip_is_valid(xsd_judge: XsdJudge, both_schemas: Path, tmp_path: Path, path: str) -> None:
    assert xsd_judge(str(both_schemas), a_sip(tmp_path / "sip") / path) == []


@pytest.mark.parametrize("path", ["METS.xml", "representations/original/METS.xml"])
def test_an_aip_is_valid(
    xsd_judge: XsdJudge, both_schemas: Path, tmp_path: Path, path: str
) -> None:
    assert xsd_judge(str(both_schemas), a_whole_package(tmp_path / "aip") / path) == []


def test_the_judge_sees_a_wrong_attribute(
    xsd_judge: XsdJudge, both_schemas: Path, tmp_path: Path
) -> None:
    mets = a_sip(tmp_path / "sip") / "METS.xml"
    mets.write_text(mets.read_text().replace('OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="ZIP"'))
    assert xsd_judge(str(both_schemas), mets) != []


def test_the_premis_of_a_sip_is_valid(xsd_judge: XsdJudge, tmp_path: Path) -> None:
    path = "representations/original/metadata/preservation/premis.xml"
    assert xsd_judge("premis-v3.xsd", a_sip(tmp_path) / path) == []
