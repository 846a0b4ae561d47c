"""The house: layers, lock, licence and the rules that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from muniment.cli.main import VERBS, module_of

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "muniment"
PYTHON = sorted([*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])


def imports_of(path: Path) -> set[str]:
    """Return the absolute names that a module imports, at any depth of it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def modules_that_import(name: str) -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if any(each == name or each.startswith(f"{name}.") for each in imports_of(path))
    ]


def test_imports_only_go_down() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["unittest.mock", "mock", "pytest_mock"])
def test_nothing_of_ours_is_mocked(name: str) -> None:
    assert modules_that_import(name) == []


@pytest.mark.parametrize("verb", ["bag", "ocfl", "eark", "identify"])
def test_commands_about_files_start_without_the_framework(verb: str) -> None:
    program = (
        "import sys\nfrom muniment.cli.main import main\n"
        f"try:\n    main(['{verb}', '--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_module_with_the_three_names(verb: str) -> None:
    module = module_of(verb)
    assert module.SUMMARY
    assert isinstance(module.NEEDS_ARCHIVE, bool)
    assert callable(module.configure)


def test_every_table_says_whether_it_is_rebuilt_from_storage() -> None:
    silent = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("muniment.")
        and not isinstance(getattr(model, "rebuilt", None), bool)
    ]
    assert silent == []


def test_the_lock_names_only_the_public_index() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([^/\"]+)", lock))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    wanted = [*project["dependencies"], *extras]
    record = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[\[<>=~!; ]", each)[0] for each in wanted]
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", record)] == []


def test_nothing_is_left_for_later_without_a_number() -> None:
    marks = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d)")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in PYTHON
        if path != Path(__file__)
        for line in path.read_text(encoding="utf-8").splitlines()
        if marks.search(line)
    ]
    assert found == []


def test_an_ignored_type_error_says_why() -> None:
    bare = re.compile(r"# type: ignore(\[[\w, -]+\])?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in PYTHON
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []


def test_every_failpoint_has_a_name_of_its_own_area() -> None:
    names = re.findall(
        r'failpoint\("([^"]+)"\)',
        "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")),
    )
    assert [name for name in names if not re.fullmatch(r"[a-z_-]+(\.[a-z_-]+)+", name)] == []


@pytest.mark.parametrize("name", [".ci/run", "scripts/setup", "scripts/renew-pins"])
def test_scripts_are_sound_and_can_be_run(name: str) -> None:
    subprocess.run(["bash", "-n", str(ROOT / name)], check=True)
    assert (ROOT / name).stat().st_mode & 0o111


@pytest.mark.parametrize("target", ["demo", "test", "lint", "docs", "bench", "tools"])
def test_make_knows_the_target_and_says_what_it_does(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:.* ## .+$", makefile, re.MULTILINE)
