"""What the archive must not decide by itself waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.ingest.models import Submission
from muniment.ingest.services.submissions import decide, submission_of
from muniment.ingest.types import Decision, SubmissionState
from muniment.runtime.actor import Role, actor_with
from muniment.runtime.errors import PermissionDenied, WrongState
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_bag

ADA = actor_with("ada", Role.DEPOSITOR)
BOB = actor_with("bob", Role.DEPOSITOR)
IRIS = actor_with("iris", Role.ARCHIVIST)
INFO = "Source-Organization: Museum\nExternal-Identifier: M-1\n"


@pytest.fixture
def contested(open_archive: OpenArchive, tmp_path: Path) -> tuple[Submission, Submission]:
    """Ada's object, and Bob's claim on it."""
    first = open_archive.hand_in(a_bag(tmp_path / "ada", info=INFO), ADA)
    more = {**CONTENT, "bob.txt": b"Bob was here\n"}
    second = open_archive.hand_in(a_bag(tmp_path / "bob", more, info=INFO), BOB)
    return first, second


def test_a_claim_on_anothers_object_waits(contested: tuple[Submission, Submission]) -> None:
    first, second = contested
    assert first.state == SubmissionState.ACCEPTED
    assert second.state == SubmissionState.HELD
    assert "which belongs to somebody else" in second.held_reason
    assert "ada" not in second.held_reason
    assert set(second.decision["choices"]) == set(Decision)
    assert second.step_runs.get(name="describe").state == "waiting"


def test_the_claim_touches_nothing_while_it_waits(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    assert len(list(open_archive.root.object_ids())) == 1


def test_an_archivist_may_add_the_version(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    first, second = contested
    decide(second, Decision.ADD_VERSION, actor=IRIS, clock=open_archive.clock)
    open_archive.finish(second)
    assert second.state == SubmissionState.ACCEPTED, second.held_reason
    assert (second.object_id, second.version) == (first.object_id, 2)
    assert second.decision["by"] == "iris"


def test_an_archivist_may_make_it_another_object(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    first, second = contested
    decide(second, Decision.NEW_OBJECT, actor=IRIS, clock=open_archive.clock)
    open_archive.finish(second)
    assert second.state == SubmissionState.ACCEPTED, second.held_reason
    assert second.object_id != first.object_id


def test_an_archivist_may_refuse(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    _, second = contested
    decide(second, Decision.REFUSE, actor=IRIS, clock=open_archive.clock)
    open_archive.finish(second)
    assert second.state == SubmissionState.REFUSED
    assert len(list(open_archive.root.object_ids())) == 1


def test_the_claimant_may_not_decide(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    with pytest.raises(PermissionDenied):
        decide(contested[1], Decision.ADD_VERSION, actor=BOB, clock=open_archive.clock)


def test_what_does_not_wait_cannot_be_decided(
    open_archive: OpenArchive, contested: tuple[Submission, Submission]
) -> None:
    with pytest.raises(WrongState):
        decide(contested[0], Decision.REFUSE, actor=IRIS, clock=open_archive.clock)


def test_a_depositor_adds_to_its_own_object(open_archive: OpenArchive, tmp_path: Path) -> None:
    first = open_archive.hand_in(a_bag(tmp_path / "one", info=INFO), ADA)
    second = open_archive.hand_in(a_bag(tmp_path / "two", info=INFO), ADA)
    assert (second.object_id, second.version) == (first.object_id, 2)


def test_an_archivist_adds_to_anyones_object(open_archive: OpenArchive, tmp_path: Path) -> None:
    first = open_archive.hand_in(a_bag(tmp_path / "one", info=INFO), ADA)
    second = open_archive.hand_in(a_bag(tmp_path / "two", info=INFO), IRIS)
    assert (second.object_id, second.version) == (first.object_id, 2)


@pytest.mark.parametrize("role", [Role.READER, Role.AUDITOR, Role.EDITOR, Role.ANONYMOUS])
def test_not_everybody_may_hand_in(open_archive: OpenArchive, tmp_path: Path, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        open_archive.hand_in(a_bag(tmp_path / "bag"), actor_with("eve", role))


def test_a_depositor_sees_only_its_own_submissions(
    open_archive: OpenArchive, tmp_path: Path
) -> None:
    submission = open_archive.hand_in(a_bag(tmp_path / "one"), ADA)
    with pytest.raises(PermissionDenied):
        submission_of(str(submission.submission_id), actor=BOB)
