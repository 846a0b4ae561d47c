"""Every command of the tree keeps the rules: help, `--json`, `--dry-run`, `-q`, `-v`, `--yes`."""

from __future__ import annotations

import argparse

import pytest

from muniment.cli.arguments import leaves_of
from muniment.cli.main import VERBS, build_parser

LEAVES = {
    name.removeprefix("muniment "): parser for name, parser in leaves_of(build_parser(list(VERBS)))
}

READ = {
    "audit list",
    "audit verify",
    "bag validate",
    "check",
    "eark validate",
    "fixity report",
    "group list",
    "identify",
    "job list",
    "job show",
    "object diff",
    "object events",
    "object files",
    "object history",
    "object list",
    "object show",
    "ocfl validate",
    "pipeline list",
    "pipeline show",
    "pipeline steps",
    "quarantine list",
    "quarantine show",
    "queue show",
    "schedule list",
    "search",
    "submission list",
    "submission show",
    "user list",
    "user token list",
    "webhook deliveries",
    "webhook list",
}
WRITE = {
    "audit export",
    "bag create",
    "group remove",
    "group set",
    "ingest",
    "init",
    "job cancel",
    "job prune",
    "job release",
    "job retry",
    "migrate",
    "object describe",
    "object export",
    "object reading",
    "object rights",
    "object tag",
    "pipeline save",
    "quarantine again",
    "quarantine remove",
    "queue pause",
    "queue resume",
    "rebuild",
    "recover",
    "schedule add",
    "schedule remove",
    "submission decide",
    "user add",
    "user change",
    "user token create",
    "user token revoke",
    "webhook add",
    "webhook remove",
}
WITHOUT_DRY_RUN = {
    "demo": "is itself one",
    "fixity run": "reads; what it writes is what it found",
    "object verify": "the same",
    "serve": "runs what others asked for",
    "web": "the same",
    "worker": "the same",
    "shell": "runs what the administrator writes",
    "manage": "hands its words on to the framework",
    "completion": "prints a script",
    "openapi": "prints a document of its own",
}
NO_DOCUMENT = {
    "demo", "serve", "web", "worker", "shell", "manage", "completion", "openapi"
}  # fmt: skip
DESTROYING = {"init", "job prune", "quarantine remove"}
# DESIGN §6, as far as issue 3 goes.
FIXED = {
    "init", "check", "demo", "worker", "migrate", "manage", "ingest", "object list", "object show",
    "object history", "object export", "object verify", "object tag", "fixity run",
    "fixity report", "rebuild", "identify", "bag validate", "bag create", "ocfl validate",
    "eark validate", "search", "submission list", "submission show", "quarantine list",
    "quarantine show", "job list", "job show", "job retry", "job cancel", "job release",
    "queue show", "queue pause", "queue resume", "recover", "pipeline list", "pipeline show",
}  # fmt: skip


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def test_every_command_is_sorted_in_here() -> None:
    assert {*READ, *WRITE, *WITHOUT_DRY_RUN} == set(LEAVES)


def test_the_names_that_scripts_stand_on_are_there() -> None:
    assert FIXED - set(LEAVES) == set()


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_says_what_it_does_and_what_its_arguments_are(name: str) -> None:
    parser = LEAVES[name]
    assert parser.description
    silent = [action.dest for action in parser._actions if not action.help]
    assert silent == []


@pytest.mark.parametrize("name", sorted(set(LEAVES) - NO_DOCUMENT))
def test_a_command_that_prints_data_prints_documents(name: str) -> None:
    assert "--json" in options_of(LEAVES[name])


@pytest.mark.parametrize("name", sorted(set(LEAVES) - {"manage"}))
def test_a_command_can_be_made_quiet_and_talkative(name: str) -> None:
    assert {"-q", "--quiet", "-v", "--verbose"} <= options_of(LEAVES[name])


@pytest.mark.parametrize("name", sorted(WRITE))
def test_a_command_that_writes_has_a_dry_run(name: str) -> None:
    assert "--dry-run" in options_of(LEAVES[name])


@pytest.mark.parametrize("name", sorted(READ))
def test_a_command_that_only_reads_has_none(name: str) -> None:
    assert "--dry-run" not in options_of(LEAVES[name])


@pytest.mark.parametrize("name", sorted(DESTROYING))
def test_a_command_that_destroys_wants_a_yes(name: str) -> None:
    assert "--yes" in options_of(LEAVES[name])


@pytest.mark.parametrize("name", LEAVES)
def test_the_help_of_a_command_fits_a_terminal_and_ends_well(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from muniment.cli.main import main

    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([*name.split(), "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: muniment {name}")
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("words", [[], ["nonsense"], ["object"], ["object", "nonsense"], ["-x"]])
def test_words_that_mean_nothing_are_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from muniment.cli.main import main

    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    from muniment.cli.main import main

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"muniment {version('muniment')}\n")
