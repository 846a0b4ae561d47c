from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.work.owner import Owner, is_surely_dead, parse, this_process

_words = st.text(st.characters(exclude_characters="/", codec="utf-8"), min_size=1)


@given(st.builds(Owner, _words, _words, _words, _words, _words))
def test_what_was_written_is_read(owner: Owner) -> None:
    assert parse(str(owner)) == owner


def test_this_process_lives() -> None:
    assert not is_surely_dead(str(this_process()))


def test_an_ended_process_is_dead() -> None:
    code = "from muniment.work.owner import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert is_surely_dead(ended.stdout.decode().strip())


def test_a_new_process_with_the_old_number_is_another() -> None:
    assert is_surely_dead(str(replace(this_process(), started="1")))


@pytest.mark.parametrize(
    "owner",
    [
        replace(this_process(), machine="other", started="1"),
        replace(this_process(), boot="other", started="1"),
        replace(this_process(), namespace="other", started="1"),
    ],
)
def test_of_other_machines_nothing_is_known(owner: Owner) -> None:
    assert not is_surely_dead(str(owner))


@pytest.mark.parametrize("text", ["", "worker", "a/b/c"])
def test_of_other_names_nothing_is_known(text: str) -> None:
    assert not is_surely_dead(text)
