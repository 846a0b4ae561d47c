"""What commands do is in the audit trail, as what comes over HTTP is."""

from __future__ import annotations

import getpass
from typing import Any

from tests.cli.lived_in import lived_in, words_of
from tests.cli.test_tree import DESTROYING, WRITE
from tests.open_archives import OpenArchive

__all__ = ["lived_in"]

# What the trail calls it. Not there: what needs no archive.
ACTIONS = {
    "audit export": "audit.export",
    "group remove": "group.remove",
    "group set": "group.add",
    "ingest": "submission.create",
    "job cancel": "job.change",
    "job prune": "job.prune",
    "job release": "job.change",
    "job retry": "job.change",
    "migrate": "command.migrate",
    "object describe": "object.describe",
    "object export": "object.export",
    "object reading": "object.policy",
    "object rights": "object.policy",
    "object tag": "object.tag",
    "pipeline save": "pipeline.change",
    "quarantine again": "submission.create",
    "quarantine remove": "submission.decide",
    "queue pause": "job.change",
    "queue resume": "job.change",
    "rebuild": "catalogue.rebuild",
    "recover": "storage.recover",
    "schedule add": "schedule.change",
    "schedule remove": "schedule.change",
    "submission decide": "submission.decide",
    "user add": "user.add",
    "user change": "user.groups",
    "user token create": "token.create",
    "user token revoke": "token.revoke",
    "webhook add": "webhook.add",
    "webhook remove": "webhook.remove",
}
NEEDS_NO_ARCHIVE = {"bag create", "init"}
LAST = ["job prune", "quarantine remove", "rebuild"]  # they take away what others need


def trail(archive: OpenArchive) -> list[Any]:
    """Return the whole trail, oldest first."""
    from muniment.administration.models import AuditEntry

    with archive.entered():
        return list(AuditEntry.objects.order_by("number").values())


def test_every_command_that_changes_something_has_a_name_in_the_trail() -> None:
    assert set(ACTIONS) == WRITE - NEEDS_NO_ARCHIVE


def test_every_command_that_changes_something_leaves_a_line(lived_in: OpenArchive) -> None:
    missing = []
    for command in [*sorted(set(ACTIONS) - set(LAST)), *LAST]:
        before = len(trail(lived_in))
        words = words_of(lived_in, command)
        lived_in.run(*words, *["--yes"] * (command in DESTROYING))
        lines = trail(lived_in)[before:]
        told = [each for each in lines if each["action"] == ACTIONS[command]]
        if not told or told[0]["actor"] != getpass.getuser():
            missing.append((command, [(each["actor"], each["action"]) for each in lines]))
    assert missing == []


def test_reading_commands_and_dry_runs_leave_none(archive: OpenArchive) -> None:
    before = trail(archive)
    archive.run("object", "list")
    archive.run("search", "letter")
    archive.run("schedule", "remove", "fixity", "--dry-run")
    assert trail(archive) == before


def test_a_line_names_command_object_and_outcome_but_no_option(archive: OpenArchive) -> None:
    words = ("schedule", "add", "nightly", "0 0 * * *", "fixity", "--queue", "s3cret")
    archive.run(*words)
    archive.run(*words)  # the name is taken
    done, failed = trail(archive)[-2:]
    assert (done["action"], done["outcome"]) == ("schedule.change", "done")
    assert done["thing"] == "nightly 0 0 * * * fixity"
    assert done["detail"] == {"command": "schedule add"}
    assert failed["outcome"] == "failed"
    assert failed["detail"] == {"command": "schedule add", "ended": "Conflict"}
    assert "s3cret" not in str(trail(archive))


def test_a_secret_of_a_command_is_nowhere_in_the_trail(archive: OpenArchive) -> None:
    archive.run("user", "add", "ada", "--no-input", "--password-stdin", stdin="a long passphrase\n")
    made = archive.run("user", "token", "create", "ada", "--name", "one", "--scope", "read")
    told = str(trail(archive))
    assert "token.create" in told
    assert "a long passphrase" not in told
    assert made.out.strip() not in told


def test_python_in_the_archive_is_told_by_its_name(archive: OpenArchive) -> None:
    archive.run("shell", "--command", "1 + 1")
    last = trail(archive)[-1]
    assert (last["action"], last["detail"]) == ("command.shell", {"command": "shell"})


def test_the_trail_is_listed_by_actor_and_action(archive: OpenArchive) -> None:
    archive.run("queue", "pause", "night")
    archive.run("queue", "resume", "night")
    archive.run("schedule", "remove", "fixity")
    shown = archive.run("audit", "list", "--action", "job.change", "--limit", "1", "--json").json()
    (entry,) = shown["entries"]
    assert (entry["action"], entry["thing"]) == ("job.change", "night")
    more = archive.run(
        "audit", "list", "--action", "job.change", "--after", shown["next"], "--json"
    )
    assert [each["number"] for each in more.json()["entries"]] == [entry["number"] - 1]
    assert archive.run("audit", "list", "--actor", "nobody", "--json").json()["entries"] == []
    assert "schedule.change" in archive.run("audit", "list").out


def test_a_broken_trail_is_told_with_its_first_broken_line(archive: OpenArchive) -> None:
    for _ in range(3):
        archive.run("queue", "pause", "night")
    sound = archive.run("audit", "verify")
    assert (sound.code, sound.out) == (0, "lines: 3, of them in storage: 0\n")
    with archive.entered():
        from muniment.administration.models import AuditEntry

        AuditEntry.objects.filter(number__gte=2).update(thing="day")
    broken = archive.run("audit", "verify")
    assert broken.code == 1
    assert broken.out.splitlines()[0] == "broken: line 2 of the table is not what was written"


def test_an_export_says_what_it_would_seal_and_what_it_did(archive: OpenArchive) -> None:
    from datetime import UTC, datetime

    from muniment.administration.services.audit import Deed, record
    from muniment.runtime.actor import SYSTEM
    from muniment.runtime.clock import FakeClock

    with archive.entered():
        record(Deed("x"), actor=SYSTEM, clock=FakeClock(datetime(2025, 3, 1, tzinfo=UTC)))
    assert archive.run("audit", "export", "--dry-run").out == "2025-03-01: would be sealed\n"
    day = "2025-03-01: lines 1 to 1, urn:x-muniment:audit:2025-03\n"
    assert archive.run("audit", "export").out == day
    assert archive.run("audit", "export", "--json").json() == {"days": []}
