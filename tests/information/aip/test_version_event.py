"""The event of a version carries reason, submission, pipeline and owner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.aip import VersionReason, VersionStory
from tests.information.aip.builders import an_event

texts = st.text(st.characters(codec="utf-8"))


@given(st.builds(VersionStory, st.sampled_from(VersionReason), texts, texts, texts))
def test_a_story_comes_back_from_the_event_detail(story: VersionStory) -> None:
    assert VersionStory.of(an_event(detail=story.as_detail())) == story


def test_the_detail_is_what_the_plan_says() -> None:
    story = VersionStory(VersionReason.INGEST, "s-1", "default", "ada & bob")
    expected = "reason=ingest; submission=s-1; pipeline=default; owner=ada%20%26%20bob"
    assert story.as_detail() == expected


@pytest.mark.parametrize("detail", ["", "checked", "reason=because", "reason", "a=b; c"])
def test_other_events_have_no_story(detail: str) -> None:
    assert VersionStory.of(an_event(detail=detail)) is None
