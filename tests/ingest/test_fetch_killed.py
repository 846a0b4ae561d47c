"""Fetching over a real wire, by the command line; `kill -9` between two files loses nothing."""

from __future__ import annotations

import signal
from pathlib import Path

from muniment.connectors.web.adapters.memory import Page
from tests.archives import Archive
from tests.ingest.aftermath import commands, objects_in, one_process, submissions_in, work_left
from tests.ingest.fetches import LEFT_OUT, a_lean_bag
from tests.ingest.packages import CONTENT
from tests.servers.web import a_web_server

LETTER = "letters/1912-04-10.txt"


def test_a_kill_between_two_files_loses_nothing(archive: Archive, tmp_path: Path) -> None:
    pages = {"/one": Page(CONTENT[LEFT_OUT]), "/two": Page(CONTENT[LETTER])}
    with a_web_server(pages) as server:
        base = f"http://127.0.0.1:{server.port}"
        bag = a_lean_bag(tmp_path / "bag", {LEFT_OUT: f"{base}/one", LETTER: f"{base}/two"})
        hand_in = f"ingest {bag} --json"
        hosts = f"127.0.0.1:{server.port}"
        died = one_process(
            archive,
            hand_in,
            MUNIMENT_FETCH_HOSTS=hosts,
            MUNIMENT_FAILPOINT="fetch.file-fetched",
        )
        assert died.code == -signal.SIGKILL, died.err
        commands(archive, "recover", "worker --once", MUNIMENT_FETCH_HOSTS=hosts)
        assert server.asked == ["/one", "/two"]
    assert [each["verdict"] for each in submissions_in(archive)] == ["accepted"]
    (version,) = objects_in(archive)
    stored = {file.name: file.read_bytes() for file in version.rglob("*") if file.is_file()}
    assert stored[LEFT_OUT] == CONTENT[LEFT_OUT]
    assert stored[Path(LETTER).name] == CONTENT[LETTER]
    assert work_left(archive) == []


def test_nothing_is_fetched_by_default(archive: Archive, tmp_path: Path) -> None:
    with a_web_server({"/list.csv": Page(CONTENT[LEFT_OUT])}) as server:
        bag = a_lean_bag(tmp_path / "bag", base=f"http://127.0.0.1:{server.port}")
        (submission,) = archive.ingest(bag)
        assert server.asked == []
    assert submission["verdict"] == "refused"
    (finding,) = submission["findings"]
    assert (finding["code"], finding["path"]) == ("fetch-host", "data/list.csv")


def test_a_setting_that_is_no_list_of_hosts_says_how_to_write_it(archive: Archive) -> None:
    answer = archive.run("object", "list", "--json", MUNIMENT_FETCH_HOSTS="https://example.org/")
    assert answer.code == 2
    assert "fetch_hosts; write example.org" in answer.json()["error"]["message"]


def test_hosts_may_be_a_list_in_the_file_of_settings(archive: Archive, tmp_path: Path) -> None:
    page = Page(CONTENT[LEFT_OUT])
    with a_web_server({"/list.csv": page}) as server:
        hosts = f"127.0.0.1:{server.port}"
        (archive.home / "muniment.toml").write_text(f'fetch_hosts = ["a.example", "{hosts}"]\n')
        bag = a_lean_bag(tmp_path / "bag", base=f"http://{hosts}")
        assert [each["verdict"] for each in archive.ingest(bag)] == ["accepted"]
