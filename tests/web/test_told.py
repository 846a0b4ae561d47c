"""Every sentence that the code of runs can leave behind is found again and shown in French.

The sentences are read from the syntax trees of the modules that write into runs, events and
receipts: a new one fails here until `web/told.py` has a row for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import muniment
from muniment.web.told import told

SOURCE = Path(muniment.__file__).parent
WRITERS = (
    "ingest/steps/*.py",
    "ingest/adapters/*.py",
    "ingest/fetching.py",
    "ingest/runner.py",
    "ingest/step.py",
    "ingest/verifying.py",
    "catalogue/indexing/ledger.py",
    "catalogue/services/reservations.py",
    "storage/exporting/dissemination.py",
    "ingest/ending.py",
    "ingest/events.py",
    "ingest/jobs.py",
    "storage/fixity/recording.py",
    "storage/jobs.py",
    "storage/sealings.py",
    "work/execution.py",
)
_KEPT_IN = {"detail", "outcome_detail", "note", "reason", "message"}
# Raised about the program, never kept in a run; a message of a version is the object's own.
_OF_PROGRAMS = {"ValueError", "NotImplementedError", "LookupError", "RuntimeError", "TypeError"}
_NOT_SHOWN = {"StagedVersion"}
_A_WORD = re.compile(r"[A-Za-z]{2,}")
_THE_SAME = {"version 7"}
"""What is written alike in both languages."""


def sentences() -> Iterator[tuple[str, str]]:
    """Give each sentence, a number in each of its places, and where it is written."""
    for path in sorted(each for pattern in WRITERS for each in SOURCE.glob(pattern)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in _kept(tree):
            text = _text_of(node)
            if len(_A_WORD.findall(text)) > 1 and " " in text:
                yield text, f"{path.relative_to(SOURCE)}:{node.lineno}"


def _kept(tree: ast.AST) -> Iterator[ast.expr]:
    """Give the expressions that end up in a run: of raised errors, and of the known arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if _name_of(node.exc) not in _OF_PROGRAMS and node.exc.args:
                yield from _pieces(node.exc.args[0])
        elif isinstance(node, ast.Call) and _name_of(node) not in _NOT_SHOWN:
            for keyword in node.keywords:
                if keyword.arg in _KEPT_IN:
                    yield from _pieces(keyword.value)


def _pieces(node: ast.expr) -> Iterator[ast.expr]:
    """Give the texts that an expression can be: itself, or either side of a condition."""
    if isinstance(node, ast.IfExp):
        yield from _pieces(node.body)
        yield from _pieces(node.orelse)
    elif isinstance(node, ast.JoinedStr | ast.Constant):
        yield node


def _text_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(each) for each in node.values)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "7"


def _name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_the_sentences_of_runs_are_found() -> None:
    found = [text for text, _ in sentences()]
    assert "nothing is to be fetched" in found
    assert "7 of 7 files identified" in found
    assert len(found) > 30


@pytest.mark.parametrize(("text", "place"), sorted(sentences()), ids=lambda each: each[:40])
def test_a_sentence_of_a_run_is_shown_in_french(text: str, place: str) -> None:
    with override("fr"):
        assert told(text) != text or text in _THE_SAME, (
            f"{place}: web/told.py has no row for this sentence"
        )
