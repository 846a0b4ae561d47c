"""`muniment demo` at a terminal serves what it filled; elsewhere it ends by itself."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from muniment.cli.web import why_not_free
from tests.archives import Archive, ArchiveTemplate
from tests.cli.terminal import Terminal
from tests.eventually import eventually
from tests.web.browser import answers

pytestmark = pytest.mark.slow

PROMPT = r"Serving at (http://[\d.]+:\d+)/ until Ctrl-C"


@pytest.fixture
def archive(archive_template: ArchiveTemplate, tmp_path: Path) -> Iterator[Archive]:
    """An archive whose commands are processes: a terminal needs one."""
    made = archive_template.copy(tmp_path / "archive")
    yield made
    made.remove()


def terminal(archive: Archive, *words: str) -> Terminal:
    command = archive.command(*words)
    return Terminal(command, archive.home.parent, archive.environment())


def address_in(shown: str) -> str:
    found = re.search(PROMPT, shown)
    assert found
    return found[1]


def test_at_a_terminal_the_demo_serves_until_ctrl_c(archive: Archive) -> None:
    with terminal(archive, "demo", "--grace", "5") as screen:
        screen.wait_for(PROMPT, within_s=240)
        address = address_in(screen.shown)
        eventually(lambda: answers(address), within_s=90)
        with urlopen(f"{address}/login/", timeout=10) as page:
            assert page.status == 200
        screen.type("\x03")
        assert screen.end(within_s=60) == 0
    assert "Traceback" not in screen.shown
    assert not answers(address)


def test_the_first_administrator_is_told_a_password_that_works_and_once(archive: Archive) -> None:
    with terminal(archive, "demo", "--grace", "5") as screen:
        screen.wait_for(PROMPT, within_s=240)
        screen.type("\x03")
        screen.end(within_s=60)
    password = re.search(r"Sign in as admin with the password (\S+)", screen.shown)
    assert password
    said = archive.run(
        "shell",
        "--command",
        "from django.contrib.auth import authenticate; "
        f"print(authenticate(username='admin', password={password[1]!r}))",
    )
    assert said.out.strip() == "admin"
    with terminal(archive, "demo", "--grace", "5") as screen:
        screen.wait_for(PROMPT, within_s=240)
        screen.type("\x03")
        screen.end(within_s=60)
    assert "with the password" not in screen.shown
    assert "muniment user add" in screen.shown


def test_without_a_terminal_the_demo_ends(archive: Archive) -> None:
    answer = archive.run("demo", timeout_s=240)
    assert answer.code == 0, answer.err
    assert "Serving" not in answer.out


def test_at_a_terminal_too_it_ends_when_asked(archive: Archive) -> None:
    with terminal(archive, "demo", "--no-serve") as screen:
        assert screen.end(within_s=240) == 0
    assert "Serving" not in screen.shown


def test_a_taken_port_is_told_before_the_work(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = archive.run("demo", "--serve", "--port", port)
    assert answer.code == 2
    assert f"127.0.0.1:{port}" in answer.err
    assert "in use" in answer.err
    assert "Taking in" not in answer.err


@pytest.mark.parametrize("verb", ["serve", "web"])
def test_serving_says_that_the_port_is_taken(archive: Archive, verb: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = archive.run(verb, "--port", str(taken.getsockname()[1]))
    assert answer.code == 2
    assert "--port" in answer.err


@pytest.mark.parametrize(("host", "port"), [("nowhere.invalid", 8000), ("127.0.0.1", 99999)])
def test_an_address_that_is_none_is_a_sentence(host: str, port: int) -> None:
    assert why_not_free(host, port)
