"""`muniment completion`: a script that the shell itself accepts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from muniment.cli.main import VERBS


def script_for(shell: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "muniment.cli.main", "completion", shell],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_bash_completes_the_verbs() -> None:
    program = script_for("bash") + (
        '\nCOMP_WORDS=(muniment "") COMP_CWORD=1\n_shtab_muniment\necho "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash"], input=program, capture_output=True, text=True, check=True)
    assert set(VERBS) <= set(done.stdout.split())


@pytest.mark.parametrize("verb", VERBS)
def test_the_script_for_zsh_knows_the_verb(verb: str) -> None:
    assert f"{verb}:" in script_for("zsh")
