"""`muniment completion`: a script with which the shell itself completes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from muniment.cli.arguments import leaves_of
from muniment.cli.main import VERBS, build_parser
from tests.cli.terminal import Terminal


@pytest.fixture(scope="session")
def scripts() -> dict[str, str]:
    """The scripts of both shells."""
    import contextlib
    import io

    from muniment.cli.main import main

    found = {}
    for shell in ("bash", "zsh"):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert main(["completion", shell]) == 0
        found[shell] = out.getvalue()
    return found


def completed(script: str, words: list[str], folder: Path) -> set[str]:
    """Return what bash offers behind these words, the last of which is being typed."""
    line = " ".join(f"'{word}'" for word in words)
    program = (
        f"{script}\nCOMP_WORDS=({line}) COMP_CWORD={len(words) - 1}\n"
        '_shtab_muniment\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc"], input=program, capture_output=True, text=True, check=True, cwd=folder
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["obj"], {"object"}),
        (["object", "e"], {"events", "export"}),
        (["queue", ""], {"show", "pause", "resume"}),
        (["queue", "pause", "--d"], {"--dry-run"}),
        (["ingest", "--pi"], {"--pipeline"}),
        (["object", "export", "--as", ""], {"bag", "zip", "folder", "original"}),
        (["job", "list", "--state", "s"], {"succeeded"}),
        (["completion", ""], {"bash", "zsh"}),
        (["worker", "--v"], {"--verbose"}),
    ],
)
def test_bash_offers_what_can_stand_there(
    scripts: dict[str, str], tmp_path: Path, words: list[str], offered: set[str]
) -> None:
    found = completed(scripts["bash"], ["muniment", *words], tmp_path)
    assert offered <= found
    assert words[-1] == "" or found == offered


def test_bash_offers_every_verb(scripts: dict[str, str], tmp_path: Path) -> None:
    assert set(VERBS) <= completed(scripts["bash"], ["muniment", ""], tmp_path)


@pytest.mark.parametrize(
    "words", [["ingest", "let"], ["bag", "validate", "let"], ["object", "export", "--to", "let"]]
)
def test_bash_offers_files_where_files_are_named(
    scripts: dict[str, str], tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letter.txt").touch()
    found = completed(scripts["bash"], ["muniment", *words], tmp_path)
    assert {each.rstrip("/") for each in found} == {"letters", "letter.txt"}


def test_a_person_at_a_terminal_types_two_letters_and_a_tab(
    scripts: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "completion").write_text(scripts["bash"])
    with Terminal(["bash", "--norc", "--noprofile", "-i"], tmp_path) as bash:
        bash.type("muniment() { printf '<%s>' \"$@\"; }; source ./completion; echo rea''dy\n")
        bash.wait_for("ready")
        bash.type("muniment que\tpau\tx --dry\t\n")
        assert bash.wait_for(r"<queue><pause><x><--dry-run>")


@pytest.mark.parametrize("name", [name for name, _ in leaves_of(build_parser(list(VERBS)))])
def test_the_script_for_zsh_knows_each_command_with_its_options(
    scripts: dict[str, str], name: str
) -> None:
    verb, *leaf = name.removeprefix("muniment ").split()
    assert re.search(rf"^ +{leaf[0] if leaf else verb}:'", scripts["zsh"], re.MULTILINE)
    options = "_".join(["_shtab_muniment", verb, *leaf, "options"])
    assert f"\n{options}=(" in scripts["zsh"]
