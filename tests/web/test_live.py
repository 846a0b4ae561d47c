"""`/live` on a real site: what a watching page gets, and what it costs others."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from muniment.web import WATCHERS
from tests.archives import Archive, ArchiveTemplate
from tests.eventually import eventually
from tests.web.browser import PASSWORD, Site, answers, serving


@dataclass
class Stream:
    """A page that watches, line by line."""

    connection: http.client.HTTPConnection
    response: http.client.HTTPResponse

    @property
    def status(self) -> int:
        return self.response.status

    def event(self) -> dict[str, str]:
        """Read the next event; {} at the end of the stream."""
        found: dict[str, str] = {}
        while line := self._line():
            text = line.decode().strip()
            if text[:1].isalnum() and len(text.split(": ", 1)) == 2:
                name, _, value = text.partition(": ")
                found[name] = value
            elif not text and "event" in found:
                return found
        return {}

    def _line(self) -> bytes:
        """Read a line, chunks put together; a connection that was cut is the end."""
        try:
            return self.response.readline()
        except (ConnectionError, http.client.IncompleteRead):
            return b""

    def close(self) -> None:
        self.response.close()
        self.connection.close()


def cookie_of(site: Site, user: str) -> str:
    """Sign in without a browser."""
    with closing(http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)) as page:
        return _cookie_over(page, user)


def _cookie_over(page: http.client.HTTPConnection, user: str) -> str:
    page.request("GET", "/login/")
    answer = page.getresponse()
    text = answer.read().decode()
    csrf = (answer.headers["Set-Cookie"] or "").split(";")[0]
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    body = f"username={user}&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token}"
    headers = {"Cookie": csrf, "Content-Type": "application/x-www-form-urlencoded"}
    page.request("POST", "/login/", body, headers)
    signed = page.getresponse()
    signed.read()
    assert signed.status == 302, signed.status
    cookies = signed.headers.get_all("Set-Cookie") or []
    return next(each.split(";")[0] for each in cookies if each.startswith("sessionid"))


@contextmanager
def watch(site: Site, cookie: str, *things: str, last: str = "") -> Iterator[Stream]:
    """Watch until the block ends."""
    stream = _watch(site, cookie, *things, last=last)
    try:
        yield stream
    finally:
        stream.close()


def _watch(site: Site, cookie: str, *things: str, last: str = "") -> Stream:
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)
    query = "&".join(f"watch={each}" for each in things)
    headers = {"Cookie": cookie} | ({"Last-Event-ID": last} if last else {})
    connection.request("GET", f"/live?{query}", headers=headers)
    return Stream(connection, connection.getresponse())


def with_two(archive: Archive) -> Archive:
    for name, role in (("ada", "administrator"), ("otto", "depositor")):
        _add(archive, name, role)
    return archive


def _add(archive: Archive, name: str, role: str) -> None:
    words = archive.command("user", "add", name, "--role", role, "--password-stdin", "-q")
    subprocess.run(
        words, env=archive.environment(), input=PASSWORD.encode() + b"\n", check=True, timeout=120
    )


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One site for all who leave it as it was."""
    made = archive_template.copy(tmp_path_factory.mktemp("live") / "archive")
    with serving(with_two(made)) as found:
        yield found
    made.remove()


def a_job(archive: Archive, asked_by: str = "ada") -> str:
    """Queue a job that nobody runs; return its number."""
    code = f"print(Job.objects.create(kind='prune', asked_by={asked_by!r}).pk)"
    return archive.run("shell", "--command", code).out.strip()


def a_waiting_submission(site: Site, tmp_path: Path) -> str:
    (tmp_path / "letter.txt").write_text("a letter")
    answer = site.archive.run("ingest", tmp_path / "letter.txt", "--no-wait", "--json").json()
    return str(answer["submissions"][0]["submission_id"])


def topics_of(event: dict[str, str]) -> set[str]:
    return set(json.loads(event["data"])["topics"])


def test_a_page_is_told_of_each_change_and_resumes(site: Site, tmp_path: Path) -> None:
    submission = f"submission:{a_waiting_submission(site, tmp_path)}"
    number = a_job(site.archive)
    cookie = cookie_of(site, "ada")
    with watch(site, cookie, submission, f"job:{number}") as stream:
        assert stream.response.headers["Content-Type"] == "text/event-stream"
        first = stream.event()
        assert topics_of(first) == {submission, f"job:{number}"}
        site.archive.run("job", "cancel", number, "--quiet")
        second = stream.event()
        assert topics_of(second) == {f"job:{number}"}
    with watch(site, cookie, submission, f"job:{number}", last=second["id"]) as resumed:
        site.archive.run("job", "retry", number, "--quiet")
        third = resumed.event()
    assert topics_of(third) == {f"job:{number}"}
    # The number is that of a state: what is as it was before has the number of before.
    assert third["id"] == first["id"] != second["id"]


def test_what_is_not_for_oneself_is_not_watched(site: Site, tmp_path: Path) -> None:
    identifier = a_waiting_submission(site, tmp_path)
    cookie = cookie_of(site, "otto")
    with watch(site, cookie, f"submission:{identifier}") as foreign:
        assert foreign.status == 403
    with watch(site, cookie, "submission:01890000-0000-7000-8000-000000000000") as missing:
        assert missing.status == 403


def test_a_visitor_watches_nothing(site: Site) -> None:
    with watch(site, "", "job:1") as stream:
        assert stream.status == 302


@pytest.mark.parametrize("thing", ["", "nonsense", "job:x", "tree:1", "job:" + "9" * 40, "job:%00"])
def test_a_hostile_name_is_refused_in_a_sentence(site: Site, thing: str) -> None:
    with watch(site, cookie_of(site, "ada"), thing) as stream:
        assert stream.status in {400, 403, 422}
        assert b"Traceback" not in stream.response.read()


def test_who_is_switched_off_is_let_go(site: Site) -> None:
    _add(site.archive, "eve", "depositor")
    number = a_job(site.archive, "eve")
    with watch(site, cookie_of(site, "eve"), f"job:{number}") as stream:
        assert stream.event()
        off = "User.objects.filter(username='eve').update(is_active=False)"
        site.archive.run("shell", "--command", off)
        site.archive.run("job", "cancel", number, "--quiet")
        assert stream.event() == {}


def test_idle_watchers_leave_room_for_pages_and_places_come_back(site: Site) -> None:
    job, cookie = f"job:{a_job(site.archive)}", cookie_of(site, "ada")
    with ExitStack() as stack:
        statuses = {stack.enter_context(watch(site, cookie, job)).status for _ in range(WATCHERS)}
        assert statuses == {200}
        assert stack.enter_context(watch(site, cookie, job)).status == 429
        assert answers(site.address)

    def has_room() -> bool:
        with watch(site, cookie, job) as stream:
            return stream.status == 200

    eventually(has_room, within_s=60)


@dataclass
class Own:
    """A site of one test, which ends it itself."""

    process: subprocess.Popen[bytes]
    site: Site


@contextmanager
def own_site(archive: Archive, verb: str, port: str) -> Iterator[Own]:
    words = {"serve": ("--grace", "5"), "web": ("--processes", "1")}[verb]
    process = archive.start(verb, "--port", port, *words, "--quiet")
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(address), within_s=90)
        yield Own(process, Site(archive, address))
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_stopping_does_not_wait_for_watchers(archive: Archive, port: str) -> None:
    job = f"job:{a_job(with_two(archive))}"
    with (
        own_site(archive, "serve", port) as own,
        watch(own.site, cookie_of(own.site, "ada"), job) as stream,
    ):
        assert stream.event()
        own.process.send_signal(signal.SIGTERM)
        assert own.process.wait(timeout=60) == 0
        while stream.event():
            pass  # a change of the job that was told before the end


def test_a_killed_site_is_watched_again_and_nothing_is_missed(archive: Archive, port: str) -> None:
    number = a_job(with_two(archive))
    with own_site(archive, "web", port) as own:
        cookie = cookie_of(own.site, "ada")
        with watch(own.site, cookie, f"job:{number}") as stream:
            last = stream.event()["id"]
            for child in psutil.Process(own.process.pid).children(recursive=True):
                child.kill()
            own.process.kill()
            own.process.wait(timeout=30)
            assert stream.event() == {}
    archive.run("job", "cancel", number, "--quiet")
    with (
        own_site(archive, "web", port) as own,
        watch(own.site, cookie, f"job:{number}", last=last) as again,
    ):
        assert topics_of(again.event()) == {f"job:{number}"}
