"""The documentation is true: its commands run, and everything that has a name is in it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from muniment.cli.arguments import leaves_of
from muniment.cli.main import VERBS, build_parser
from muniment.runtime.settings import Settings
from muniment.samples import build
from scripts import reference
from tests.archives import Archive
from tests.transcripts import Block, blocks_of, commands_of, matches, run_page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    page
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]
    if not {"_build", "generated"} & set(page.parts)
)
RUN_PAGES = [
    page for page in PAGES if any(b.kind in {"console", "python"} for b in blocks_of(page))
]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample set, built once."""
    folder = tmp_path_factory.mktemp("docs") / "samples"
    build(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN_PAGES, ids=name_of)
def test_the_examples_of_a_page_run(page: Path, archive: Archive, samples: Path) -> None:
    if archive.database and "sqlite3" in page.read_text(encoding="utf-8"):
        pytest.skip("the page is about the embedded default: 2026-11-30")
    folder = archive.home.parent
    shutil.copytree(samples, folder / "samples", symlinks=True)
    path = f"{Path(sys.executable).parent}:{archive.environment()['PATH']}"
    assert run_page(page, folder, archive.environment(PATH=path)) == []


def test_every_setting_is_in_the_reference() -> None:
    page = "\n".join(reference.settings_page())
    assert [name for name in Settings.model_fields if f"MUNIMENT_{name.upper()}`" not in page] == []


def test_every_command_is_in_the_reference() -> None:
    page = "\n".join(reference.commands_page())
    parser = build_parser(list(VERBS))
    assert [name for name, _ in leaves_of(parser) if f"## {name}\n" not in page] == []


def test_every_command_says_what_its_arguments_are() -> None:
    silent = [
        f"{name} {action.dest}"
        for name, parser in leaves_of(build_parser(list(VERBS)))
        for action in parser._actions
        if action.option_strings and not action.help
    ]
    assert silent == []


def test_every_code_has_a_text_in_both_languages() -> None:
    import tomllib

    silent = [
        f"{path.name}:{code}"
        for path in reference.code_files()
        for code, row in tomllib.loads(path.read_text(encoding="utf-8")).items()
        if not row["en"] or not row["fr"]
    ]
    assert silent == []


def test_every_step_is_in_the_reference() -> None:
    from muniment.ingest.catalogue_of_steps import step_names

    page = "\n".join(reference.steps_page())
    assert [name for name in step_names() if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = [
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:|#", target)
    ]
    generated = DOCS / "reference" / "generated"
    lost = [
        target
        for target in targets
        if not (page.parent / target).exists()
        and (page.parent / target).resolve().parent != generated.resolve()
    ]
    assert lost == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("decisions/0*.md")), ids=name_of)
def test_a_decision_record_has_its_four_parts_on_one_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", text, re.M)
    assert heads == ["Context", "Decision", "Consequences", "Alternatives"]
    assert len(text.splitlines()) <= 60


class TestTranscripts:
    """The machine that judges the pages is itself judged."""

    def test_a_block_is_cut_into_commands_with_their_output(self) -> None:
        block = Block("console", "$ one \\\n>   two\nout\n$ three\n[exit 1]\n")
        first, second = commands_of(block)
        assert (first.words, first.expected, first.code) == ("one two", "out", 0)
        assert (second.words, second.expected, second.code) == ("three", "", 1)

    @pytest.mark.parametrize(
        ("expected", "found", "same"),
        [
            ("a … c", "a b c\n", True),
            ("a\n…\nz", "a\nb\nc\nz", True),
            ("a  b", "a      b", True),
            ("a", "b", False),
            ("a.c", "abc", False),
        ],
    )
    def test_three_dots_stand_for_anything(self, expected: str, found: str, same: bool) -> None:
        assert matches(expected, found) is same

    def test_a_page_that_lies_is_found_out(self, tmp_path: Path) -> None:
        page = tmp_path / "page.md"
        page.write_text("```console\n$ echo yes\nno\n```\n")
        assert len(run_page(page, tmp_path, {"PATH": "/usr/bin:/bin"})) == 1

    def test_variables_last_from_one_command_to_the_next(self, tmp_path: Path) -> None:
        page = tmp_path / "page.md"
        page.write_text("```console\n$ x=7; cd /\n$ echo $x $PWD\n7 /\n```\n")
        assert run_page(page, tmp_path, {"PATH": "/usr/bin:/bin"}) == []
