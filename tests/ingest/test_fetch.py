"""The step `fetch`: a lean bag is completed, refused with what to do, or tried again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.connectors.web import WebFiles
from muniment.connectors.web.adapters.memory import MemoryWeb, Page
from muniment.information.listing import read_listing
from muniment.ingest.area import WorkArea
from muniment.ingest.models import Submission
from muniment.ingest.queries import receipt_of
from muniment.ingest.services.pipelines import save_pipeline
from muniment.runtime.actor import SYSTEM
from muniment.runtime.registry import adapter_of, provide
from muniment.runtime.settings import settings
from muniment.work import services as work
from muniment.work.embedded import run_until
from muniment.work.models import Job
from tests.ingest.fetches import BASE, LEFT_OUT, URL, a_lean_bag, a_web
from tests.ingest.open_archive import SHORT, OpenArchive
from tests.ingest.packages import CONTENT, a_bag, a_cern_sip

WITH_FETCH = [*SHORT[:2], {"name": "fetch"}, *SHORT[2:]]
HandIn = Callable[[Path, MemoryWeb], Submission]


@pytest.fixture
def hand_in(open_archive: OpenArchive) -> Iterator[HandIn]:
    """Hand a package in while a web is there."""
    pipeline = "fetching"
    save_pipeline(pipeline, WITH_FETCH, title="", actor=SYSTEM, clock=open_archive.clock)

    def done(source: Path, web: MemoryWeb) -> Submission:
        provide(WebFiles, web)  # type: ignore[type-abstract]  # a port is a Protocol
        return open_archive.hand_in(source, SYSTEM, pipeline=pipeline)

    kept = adapter_of(WebFiles)  # type: ignore[type-abstract]  # likewise
    yield done
    provide(WebFiles, kept)  # type: ignore[type-abstract]  # likewise


def findings_of(submission: Submission) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(receipt_of(submission).read_bytes())["findings"]
    return found


def codes_of(submission: Submission) -> set[tuple[object, object]]:
    return {(each["code"], each.get("path")) for each in findings_of(submission)}


def stored(archive: OpenArchive, name: str) -> list[bytes]:
    return [file.read_bytes() for file in archive.home.storage_root.rglob(name)]


def test_what_is_fetched_becomes_payload_and_fetch_txt_is_kept(
    open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
) -> None:
    bag = a_lean_bag(tmp_path / "bag")
    submission = hand_in(bag, a_web())
    assert submission.state == "accepted", submission.held_reason
    assert stored(open_archive, LEFT_OUT) == [CONTENT[LEFT_OUT]]
    assert stored(open_archive, "fetch.txt") == [(bag / "fetch.txt").read_bytes()]
    assert submission.file_count == len(list(bag.rglob("*.*"))) + 1


def test_fetching_is_a_capture_that_names_the_host(
    open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
) -> None:
    submission = hand_in(a_lean_bag(tmp_path / "bag"), a_web())
    event = submission.step_runs.get(name="fetch").event
    size = len(CONTENT[LEFT_OUT])
    assert (event["event_type"], event["outcome"]) == ("capture", "success")
    assert event["detail"] == f"files: 1, bytes: {size}, from files.example"
    assert any(b">capture<" in text for text in stored(open_archive, "premis.xml"))


def test_a_bag_that_lacks_nothing_leaves_no_such_event(
    open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
) -> None:
    submission = hand_in(a_bag(tmp_path / "bag"), a_web({}, "nobody.example"))
    run = submission.step_runs.get(name="fetch")
    assert (submission.state, run.state, run.event) == ("accepted", "done", {})


def test_every_line_whose_host_is_not_listed_says_what_to_set(
    hand_in: HandIn, open_archive: OpenArchive, tmp_path: Path
) -> None:
    urls = {LEFT_OUT: URL, "empty.txt": "http://other.example:8080/e", "letters/réponse.txt": URL}
    submission = hand_in(a_lean_bag(tmp_path / "bag", urls), a_web({}, "nobody.example"))
    assert submission.state == "refused"
    messages = [str(each["message"]) for each in findings_of(submission)]
    assert codes_of(submission) == {("fetch-host", f"data/{name}") for name in urls}
    assert all("MUNIMENT_FETCH_HOSTS" in message for message in messages)
    assert ["other.example:8080 to" in message for message in messages] == [False, True, False]
    assert stored(open_archive, "0=ocfl_object_1.1") == []


def test_one_line_that_is_not_allowed_stops_all_of_them(hand_in: HandIn, tmp_path: Path) -> None:
    urls = {LEFT_OUT: URL, "empty.txt": "ftp://files.example/e"}
    submission = hand_in(a_lean_bag(tmp_path / "bag", urls), a_web())
    assert codes_of(submission) == {("fetch-scheme", "data/empty.txt")}


def test_a_listed_host_in_our_own_network_is_refused(hand_in: HandIn, tmp_path: Path) -> None:
    bag = a_lean_bag(tmp_path / "bag", base="http://inner.example")
    submission = hand_in(bag, a_web({}, "inner.example"))
    assert codes_of(submission) == {("fetch-address", "data/list.csv")}
    assert "inner.example:80" in submission.held_reason


def test_one_that_is_listed_with_its_port_is_asked(hand_in: HandIn, tmp_path: Path) -> None:
    bag = a_lean_bag(tmp_path / "bag", base="http://inner.example")
    page = Page(CONTENT[LEFT_OUT])
    web = a_web({"http://inner.example/list.csv": page}, "inner.example:80")
    assert hand_in(bag, web).state == "accepted"


def test_what_was_fetched_is_held_to_the_manifest(hand_in: HandIn, tmp_path: Path) -> None:
    page = Page(b"<html>Please log in</html>")
    submission = hand_in(a_lean_bag(tmp_path / "bag", length="-"), a_web({URL: page}))
    assert submission.state == "refused"
    assert codes_of(submission) == {
        ("payload-altered", "data/list.csv"),
        ("oxum-mismatch", "bag-info.txt"),
    }


def test_a_partner_that_is_down_is_asked_again(
    open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
) -> None:
    page = Page(status=503, retry_after="3600")
    submission = hand_in(a_lean_bag(tmp_path / "bag"), a_web({URL: page}))
    job = Job.objects.get()
    assert (submission.state, job.state) == ("queued", "queued")
    assert "503 Service Unavailable" in submission.held_reason
    assert (job.run_after - open_archive.clock.now()).total_seconds() > 3500
    provide(WebFiles, a_web())  # type: ignore[type-abstract]  # a port is a Protocol
    work.retry(job.pk, actor=SYSTEM)
    run_until(lambda: Job.objects.get().state == "succeeded")
    submission.refresh_from_db()
    assert submission.state == "accepted"


def test_a_package_may_not_grow_beyond_the_limit(
    hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = dict.fromkeys((LEFT_OUT, "empty.txt", "letters/1912-04-10.txt"), URL)
    bag = a_lean_bag(tmp_path / "bag", urls)
    monkeypatch.setenv("MUNIMENT_MAX_PACKAGE_FILES", str(len(list(bag.rglob("*")))))
    settings.cache_clear()
    try:
        submission = hand_in(bag, a_web())
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert codes_of(submission) == {("fetch-limit", "fetch.txt")}


def test_a_folder_that_came_empty_is_empty_no_more(
    open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
) -> None:
    content = {"deep/list.csv": CONTENT[LEFT_OUT], "a.txt": b"a"}
    bag = a_lean_bag(tmp_path / "bag", {"deep/list.csv": URL}, content=content)
    (bag / "data" / "hollow").mkdir()
    submission = hand_in(bag, a_web())
    receipt = json.loads(receipt_of(submission).read_bytes())
    assert receipt["package"]["empty_folders"] == ["data/hollow"]


class TestLightSips:
    """A light SIP is good for `validate`, and for ingest when its files can be fetched."""

    def test_one_that_is_completed_is_accepted(
        self, open_archive: OpenArchive, hand_in: HandIn, tmp_path: Path
    ) -> None:
        submission = hand_in(a_light_sip(tmp_path), a_web({PAPER_URL: Page(b"paper")}))
        assert submission.state == "accepted", submission.held_reason
        assert stored(open_archive, "paper.txt") == [b"paper"]

    def test_one_that_is_altered_at_its_source_is_refused(
        self, hand_in: HandIn, tmp_path: Path
    ) -> None:
        submission = hand_in(a_light_sip(tmp_path), a_web({PAPER_URL: Page(b"PAPER")}))
        assert {code for code, _ in codes_of(submission)} >= {"payload-altered", "S08-digest"}

    def test_one_whose_pipeline_does_not_fetch_is_refused(
        self, open_archive: OpenArchive, tmp_path: Path
    ) -> None:
        submission = open_archive.hand_in(a_light_sip(tmp_path), SYSTEM)
        assert submission.state == "refused"
        assert {code for code, _ in codes_of(submission)} >= {"fetch-absent", "fetch-incomplete"}


PAPER_URL = f"{BASE}/paper.txt"


def a_light_sip(place: Path) -> Path:
    """Write a SIP of one file, then leave the file out, as a dry run of the original does."""
    sip = a_cern_sip(place)
    document = json.loads((sip / "data/meta/sip.json").read_bytes())
    document["audit"][0]["tool"]["params"]["dry_run"] = True
    paper = (sip / "data/content/paper.txt").read_bytes()
    whole = {"content/paper.txt": paper, "meta/sip.json": json.dumps(document).encode()}
    total = sum(map(len, whole.values()))
    a_bag(sip, whole, f"Payload-Oxum: {total}.2\n", "md5")
    (sip / "data/content/paper.txt").unlink()
    line = f"{PAPER_URL} {len(paper)} data/content/paper.txt\n"
    (sip / "fetch.txt").write_text(line)
    return sip


def test_the_listing_of_a_package_goes_on_with_what_was_fetched(tmp_path: Path) -> None:
    area = WorkArea(tmp_path)
    assert list(area.files()) == []
    area.listing.write_bytes(
        b'{"path":"a","original_name":"a","size_bytes":0,"digests":{},"modified_at":null}\n'
    )
    area.fetched.write_bytes(area.listing.read_bytes().replace(b'"a"', b'"b"'))
    assert [file.path for file in area.files()] == ["a", "b"]
    assert len(list(read_listing(area.listing))) == 1
