"""`muniment object export` of several objects: resumable, with a manifest, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import ArchiveTemplate
from tests.open_archives import OpenArchive
from tests.storage.exporting.test_consignment import assert_manifest_is_true, objects_in
from tests.storage.test_work_killed import failpoints


@pytest.fixture(scope="module")
def stocked(
    archive_template: ArchiveTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OpenArchive]:
    """An archive with three letters and a map, which tests only read."""
    folder = tmp_path_factory.mktemp("stocked")
    made = archive_template.copy(folder / "archive")
    archive = OpenArchive(made.home, made.database)
    names = [folder / f"letter-{number}.txt" for number in (1, 2, 3)] + [folder / "map.txt"]
    for name in names:
        name.write_text(f"This is {name.stem}.")
    with django_db_blocker.unblock():
        archive.ingest(*names)
        yield archive
    made.remove()


def _ids(archive: OpenArchive) -> list[str]:
    found = archive.run("object", "list", "--json").json()["objects"]
    return sorted(each["object_id"] for each in found)


def _export(archive: OpenArchive, *words: str | Path) -> dict[str, Any]:
    answer = archive.run("object", "export", *words, "--json")
    assert answer.code == 0, answer.out + answer.err
    document: dict[str, Any] = answer.json()
    return document


def test_several_objects_go_into_one_folder_with_a_manifest(
    stocked: OpenArchive, tmp_path: Path
) -> None:
    first, second, *_ = _ids(stocked)
    document = _export(stocked, first, second, "--to", tmp_path / "out")
    assert document["manifest"] == str(tmp_path / "out" / "manifest.jsonl")
    assert [each["path"] for each in document["objects"]] == [f"{first}-v1", f"{second}-v1"]
    assert all(each["exported"] for each in document["objects"])
    assert_manifest_is_true(tmp_path / "out")
    assert stocked.run("bag", "validate", tmp_path / "out" / f"{first}-v1").code == 0


def test_what_was_given_out_is_among_what_happened_to_it(
    stocked: OpenArchive, tmp_path: Path
) -> None:
    first = _ids(stocked)[0]
    _export(stocked, first, "--to", tmp_path / "one")
    answer = stocked.run("object", "events", first, "--type", "dissemination", "--json")
    told = [event["outcome_detail"] for event in answer.json()["events"]]
    assert any(each.endswith(f"bytes, to {tmp_path / 'one'}") for each in told)


def test_a_query_says_which_objects(stocked: OpenArchive, tmp_path: Path) -> None:
    uri = (tmp_path / "out of here").as_uri()
    document = _export(stocked, "--query", "name:letter", "--to", uri, "--as", "zip")
    assert len(document["objects"]) == 3
    assert len(list((tmp_path / "out of here").glob("*.zip"))) == 3


def test_people_read_a_line_for_each_object(stocked: OpenArchive, tmp_path: Path) -> None:
    answer = stocked.run("object", "export", "--query", "", "--to", tmp_path / "out")
    assert len(answer.out.splitlines()) == 4
    assert "4 exported" in answer.err
    again = stocked.run("object", "export", "--query", "", "--to", tmp_path / "out")
    assert again.out.count("(was there)") == 4
    assert "0 exported" in again.err


def test_a_dry_run_writes_nothing(stocked: OpenArchive, tmp_path: Path) -> None:
    out = tmp_path / "out"
    document = _export(stocked, "--query", "", "--to", out, "--dry-run")
    assert [each["object_id"] for each in document["objects"]] == _ids(stocked)
    assert document["dry_run"] is True
    assert (
        "4 objects would go"
        in stocked.run("object", "export", "--query", "", "--to", out, "--dry-run").err
    )
    one = _export(stocked, _ids(stocked)[0], "--to", out, "--dry-run")
    assert (one["path"], one["dry_run"]) == (str(out), True)
    assert (
        "would go there"
        in stocked.run("object", "export", _ids(stocked)[0], "--to", out, "--dry-run").out
    )
    assert not out.exists()


def test_one_object_that_is_not_there_does_not_keep_the_others_back(
    archive: OpenArchive, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    bad, good = [
        each["object_id"] for each in archive.ingest(tmp_path / "a.txt", tmp_path / "b.txt")
    ]
    content = next(path for path in archive.storage_root.rglob("a.txt") if bad in str(path))
    content.chmod(0o600)
    content.write_bytes(b"altered")
    answer = archive.run("object", "export", bad, good, "--to", tmp_path / "out")
    assert answer.code == 1
    assert f"{bad}: not exported" in answer.out
    documents = archive.run("object", "export", bad, good, "--to", tmp_path / "out", "--json")
    assert documents.json()["objects"][0]["error"]["code"] == "fixity-mismatch"
    assert objects_in(tmp_path / "out") == [f"{good}-v1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name objects, or say --query"),
        (["ID", "--query", "x"], "one of both"),
        (["ID", "ID2", "--version", "1"], "go with one object"),
        (["--query", "x", "--overwrite"], "go with one object"),
        (["ID", "--to", "s3://bucket/x"], "local folders only"),
        (["--query", "size:>many"], "size"),
    ],
)
def test_wrong_words_are_wrong_usage(
    stocked: OpenArchive, tmp_path: Path, words: list[str], said: str
) -> None:
    first, second, *_ = _ids(stocked)
    named = [{"ID": first, "ID2": second}.get(word, word) for word in words]
    to = [] if "--to" in words else ["--to", str(tmp_path / "out")]
    answer = stocked.run("object", "export", *named, *to)
    assert answer.code == 2
    assert said in answer.err


def test_an_object_that_nobody_knows_ends_before_anything_is_written(
    stocked: OpenArchive, tmp_path: Path
) -> None:
    answer = stocked.run("object", "export", _ids(stocked)[0], "nobody", "--to", tmp_path / "out")
    assert answer.code == 1
    assert "there is no object 'nobody'" in answer.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", failpoints("consign"))
def test_killed_at_each_place_it_goes_on_and_nothing_is_twice(
    stocked: OpenArchive, tmp_path: Path, place: str
) -> None:
    out = tmp_path / "out"
    words = ["object", "export", "--query", "", "--to", str(out)]
    for passage in (2, 1):
        killed = stocked.apart.run(*words, MUNIMENT_FAILPOINT=f"{place}@{passage}")
        assert killed.code == -signal.SIGKILL
    assert stocked.run(*words).code == 0
    assert sorted(objects_in(out)) == [f"{each}-v1" for each in _ids(stocked)]
    assert_manifest_is_true(out)
    for object_id in _ids(stocked):
        answer = stocked.run("object", "events", object_id, "--type", "dissemination", "--json")
        told = [event["outcome_detail"] for event in answer.json()["events"]]
        assert sum(str(out) in each for each in told) == 1


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_instants_it_goes_on_and_nothing_is_twice(
    stocked: OpenArchive, tmp_path: Path, seed: int
) -> None:
    chance, out = random.Random(seed), tmp_path / "out"
    words = ["object", "export", "--query", "", "--to", str(out)]
    for _ in range(2):
        child = stocked.apart.start(*words)
        try:
            child.communicate(timeout=chance.uniform(0.4, 1.2))
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
    assert stocked.run(*words).code == 0
    assert sorted(objects_in(out)) == [f"{each}-v1" for each in _ids(stocked)]
    assert_manifest_is_true(out)
