"""Writes the reference pages of the documentation from the code: nothing in them can be stale."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"


def write_reference(folder: Path) -> None:
    """Write every generated page into `folder`; only changed files are touched."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "settings": settings_page(),
        "codes": codes_page(),
        "commands": commands_page(),
        "steps": steps_page(),
        "event-types": event_types_page(),
        "properties": properties_page(),
        "crosswalks": crosswalks_page(),
    }
    for name, lines in pages.items():
        path, text = folder / f"{name}.md", "\n".join(lines) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def settings_page() -> Iterator[str]:
    """One row for each setting: variable, type, default, meaning."""
    from muniment.runtime.settings import Settings

    rows = [
        (
            f"`MUNIMENT_{name.upper()}`",
            f"`{name}`",
            f"`{field.default}`" if field.default not in ("", None, ()) else "not set",
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]
    yield from _table(("variable", "in `muniment.toml`", "default", "meaning"), rows)


def codes_page() -> Iterator[str]:
    """A table for each `codes.toml`: code, severity, clause, text."""
    for path in code_files():
        package = path.relative_to(SOURCE).with_suffix("").as_posix()
        yield f"## {package.removeprefix('muniment/').removesuffix('/codes')}\n"
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = [
            (f"`{code}`", row["severity"], row.get("clause", ""), _code_text(row["en"]))
            for code, row in sorted(table.items())
        ]
        yield from _table(("code", "severity", "clause", "text"), rows)


def code_files() -> list[Path]:
    """Return every code table of the product."""
    return sorted(SOURCE.rglob("*codes.toml"))


def commands_page() -> Iterator[str]:
    """The help of each verb and of each of its own verbs."""
    from muniment.cli.arguments import leaves_of
    from muniment.cli.main import VERBS, build_parser

    os.environ["COLUMNS"] = "96"
    for name, parser in leaves_of(build_parser(sorted(VERBS))):
        yield f"## {name}\n"
        yield f"```text\n{parser.format_help().rstrip()}\n```\n"


def steps_page() -> Iterator[str]:
    """One row for each pipeline step, in the order of the write path."""
    from muniment.ingest.catalogue_of_steps import step_class, step_names

    rows = []
    for name in step_names():
        step = step_class(name)
        event = f"`{step.event_type}`" if step.event_type else "none of its own"
        parameters = ", ".join(f"`{each.name}`" for each in fields(step.parameters)) or "none"
        rows.append((f"`{name}`", str(step.title), event, parameters, _first_line(step.__doc__)))
    yield from _table(("step", "title", "PREMIS event", "parameters", "what it does"), rows)


def event_types_page() -> Iterator[str]:
    """One row for each event type of the vocabulary that we write."""
    from muniment.information.event_types import EventType

    rows = [(f"`{kind.value}`", f"`EventType.{kind.name}`") for kind in EventType]
    yield from _table(("eventType", "in code"), rows)


def properties_page() -> Iterator[str]:
    """One row for each technical property of files."""
    from muniment.formats.properties import property_table

    rows = [(f"`{each.name}`", each.en, each.unit) for each in property_table().values()]
    yield from _table(("property", "meaning", "unit"), rows)


def crosswalks_page() -> Iterator[str]:
    """A table for each form of description that is mapped: what of it becomes which term."""
    from muniment.information.crosswalks import Form, table_of

    for form in Form:
        rows = [(_code_text(source), f"`{term}`") for source, term in table_of(form)]
        if rows:  # Dublin Core is taken as it is
            yield f"## {form}\n"
            yield from _table(("from", "Dublin Core term"), rows)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _code_text(text: str) -> str:
    # Named places look like markup to nobody, but angle brackets and stars do.
    return text.replace("<", "&lt;").replace("*", r"\*").replace("_", r"\_")


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().partition("\n")[0]
