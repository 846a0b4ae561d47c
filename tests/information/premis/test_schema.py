"""The official schema accepts whatever the writer writes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.information.premis import PremisUnit, PremisWriter
from tests.information.premis.strategies import agents, events, objects, rights
from tests.judges.fixtures import XsdJudge


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(objects, min_size=1, max_size=2),
    st.lists(events, max_size=1),
    st.lists(agents, max_size=1),
    st.lists(rights, max_size=1),
)
def test_every_unit_is_valid_premis_3(
    xsd_judge: XsdJudge,
    tmp_path: Path,
    some_objects: list[PremisUnit],
    some_events: list[PremisUnit],
    some_agents: list[PremisUnit],
    some_rights: list[PremisUnit],
) -> None:
    path = tmp_path / "premis.xml"
    with path.open("wb") as sink, PremisWriter(sink) as writer:
        writer.write_all([*some_objects, *some_events, *some_agents, *some_rights])
    assert xsd_judge("premis-v3.xsd", path) == []
