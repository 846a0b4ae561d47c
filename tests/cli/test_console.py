"""What a command writes, whatever the text and the stream."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.cli.console import Console
from muniment.cli.main import main


def written(text: object, encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a document is on a stream of this encoding."""
    raw = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True))
        Console(as_json=True).document(text)
        found = raw.getvalue().decode(encoding)
        sys.stdout.detach()  # type: ignore[union-attr]  # our own wrapper
    return found


@given(text=st.text(st.characters(codec=None)))
def test_a_document_of_any_text_is_one_line_that_reads_back(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = written({"name": text}, "utf-8", patch)
    assert found.count("\n") == 1
    assert json.loads(found) == {"name": text}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stream_that_cannot_say_a_letter_gets_its_escape(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert json.loads(written("→ ü", encoding, monkeypatch)) == "→ ü"


def test_people_get_escapes_too(capsys: pytest.CaptureFixture[str]) -> None:
    Console().line("name \udcff")
    Console().say("told \udcff")
    assert capsys.readouterr() == ("name \\udcff\n", "told \\udcff\n")


def test_a_quiet_console_says_nothing_but_answers(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(quiet=True)
    console.say("by the way")
    console.line("the answer")
    with console.progress("work") as progress:
        progress(1, 2, "half")
    assert capsys.readouterr() == ("the answer\n", "")


def test_a_fault_of_our_own_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import muniment.cli.ocfl

    def fail(*_: object) -> int:
        raise KeyError("two\nlines")

    monkeypatch.setattr(muniment.cli.ocfl, "run_validate", fail)
    assert main(["ocfl", "validate", "x"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("muniment: this is a fault of Muniment itself (KeyError: ")
    assert len(err.splitlines()) == 1
    assert main(["ocfl", "validate", "x", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "error"
    assert main(["ocfl", "validate", "x", "-v"]) == 3
    assert "Traceback" in capsys.readouterr().err
