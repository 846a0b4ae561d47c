"""`muniment --server URL …`: what the archive's own machine prints, over the API alone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from muniment.cli.remote import counterpart_of
from tests.archives import Answer, Archive, ArchiveTemplate
from tests.eventually import eventually
from tests.ingest.packages import a_bag, a_folder
from tests.web.browser import answers

pytestmark = pytest.mark.slow

WITHIN_S = 120
SCOPES = ["--scope", "read", "--scope", "jobs", "--scope", "write", "--scope", "deposit"]


@dataclass(frozen=True, slots=True)
class Site:
    """A served archive with an object, and tokens of an archivist and an auditor."""

    archive: Archive
    address: str
    tokens: dict[str, str]
    object_id: str

    def there(
        self, *words: str | Path, role: str = "archivist", token_file: Path | None = None
    ) -> Answer:
        """Run a command against the server; its own home is empty."""
        return self.archive.run(
            "--server",
            self.address,
            *words,
            MUNIMENT_HOME=str(self.archive.home.parent / "nowhere"),
            MUNIMENT_TOKEN=self.tokens[role],
            MUNIMENT_TOKEN_FILE=str(token_file or ""),
        )


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("remote")
    archive = archive_template.copy(place / "archive")
    object_id = archive.ingest(a_folder(place / "letters"))[0]["object_id"]
    archive.run("object", "tag", object_id, "--add", "ships")
    tokens = {"nobody": "mun_wrong", "none": ""}
    for role in ("archivist", "auditor"):
        archive.run("user", "add", role, "--role", role, "--no-input")
        scopes = [
            each for name in ("read", "jobs", "write", "deposit") for each in ("--scope", name)
        ]
        made = archive.run("user", "token", "create", role, "--name", "t", *scopes)
        tokens[role] = made.out.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    served = archive.start("serve", "--port", port, "--grace", "2", "-q")
    address = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(address), within_s=WITHIN_S)
    yield Site(archive, address, tokens, object_id)
    served.terminate()
    served.communicate(timeout=60)
    archive.remove()


READING: list[Callable[[Site], list[str]]] = [
    lambda _: ["object", "list"],
    lambda site: ["object", "show", site.object_id],
    lambda site: ["object", "tag", site.object_id],
    lambda _: ["search", "letters", "--facets"],
    lambda _: ["submission", "list"],
    lambda _: ["job", "list"],
    lambda _: ["job", "show", "1"],
]


@pytest.mark.parametrize("words", READING, ids=range(len(READING)))
def test_a_server_is_read_as_the_archive_itself(
    site: Site, words: Callable[[Site], list[str]]
) -> None:
    for more in ([], ["--json"]):
        here, there = site.archive.run(*words(site), *more), site.there(*words(site), *more)
        assert there == here
        assert here.code == 0


def test_packages_are_uploaded_and_judged_there(site: Site, tmp_path: Path) -> None:
    good = a_folder(tmp_path / "more letters")
    bad = a_bag(tmp_path / "bag")
    (bad / "data" / "list.csv").write_bytes(b"changed")
    answer = site.there("ingest", good, bad, "--json")
    assert answer.code == 1, answer
    verdicts = [(each["verdict"], each["source_path"]) for each in answer.json()["submissions"]]
    assert verdicts == [("accepted", str(good)), ("refused", str(bad))]
    assert (
        site.there("submission", "show", answer.json()["submissions"][0]["submission_id"]).code == 0
    )


@pytest.mark.parametrize(
    ("words", "role", "code"),
    [
        (["job", "retry", "1"], "auditor", 4),
        (["object", "list"], "nobody", 4),
        (["object", "show", "01990000-0000-7000-8000-000000000000"], "archivist", 1),
        (["job", "cancel", "1"], "archivist", 1),
        (["job", "release", "1", "--dry-run"], "archivist", 2),
        (["fixity", "run"], "archivist", 2),
        (["rebuild"], "archivist", 2),
    ],
)
def test_the_exit_codes_are_those_of_the_archive(
    site: Site, words: list[str], role: str, code: int
) -> None:
    answer = site.there(*words, role=role)
    assert (answer.code, answer.out) == (code, ""), answer
    assert answer.err.startswith("muniment: ")
    assert "Traceback" not in answer.err


def test_without_a_server_or_a_token_it_is_told(site: Site, tmp_path: Path) -> None:
    away = site.archive.run("--server", "http://127.0.0.1:1", "job", "list", MUNIMENT_TOKEN="x")
    assert away.code == 3
    assert "does not answer" in away.err
    assert site.there("job", "list", role="none").code == 2
    (tmp_path / "token").write_text(site.tokens["archivist"] + "\n")
    there = site.there("job", "list", role="none", token_file=tmp_path / "token")
    assert there.code == 0


def test_what_has_no_counterpart_has_none() -> None:
    from muniment.cli import fixity, job

    assert counterpart_of(job.run_prune) is None
    assert counterpart_of(fixity.run_checks) is None
    assert counterpart_of(job.run_list) is not None
