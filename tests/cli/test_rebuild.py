"""`muniment rebuild` in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.catalogue.services.rebuilding import drop_rebuilt_rows
from muniment.cli.main import main
from tests.catalogue.shelves import Shelf, make_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("MUNIMENT_HOME", str(tmp_path))
    return make_shelf(tmp_path)


def test_the_dump_before_equals_the_dump_after(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = shelf.seal()
    shelf.index(sealed.object_id)
    before, after = tmp_path / "before.jsonl", tmp_path / "dumps" / "after.jsonl"
    assert main(["rebuild", "--dry-run", "--dump", str(before)]) == 0
    drop_rebuilt_rows()
    capsys.readouterr()
    assert main(["rebuild", "--dump", str(after), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "objects": 1,
        "versions": 1,
        "files": 2,
        "copies": 1,
        "fixity_checks": 0,
        "resumed": False,
        "problems": [],
        "dump": str(after),
        "dump_lines": len(after.read_bytes().splitlines()),
    }
    assert before.read_bytes() == after.read_bytes()
    assert main(["search", "harbour", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1


def test_what_could_not_be_read_is_named_and_exit_1(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = shelf.seal()
    shelf.seal()
    path = shelf.root.path_of(broken.object_id) / "inventory.json"
    path.chmod(0o600)
    path.write_bytes(b"{}")
    assert main(["rebuild"]) == 1
    captured = capsys.readouterr()
    assert f"not as it was: {broken.object_id} {path.parent}: " in captured.out
    assert "1 objects," in captured.out
