"""`muniment pipeline list|show|save|steps`: pipelines as data."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument

SUMMARY = "List, show and define pipelines"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="the pipelines")
    listing.set_defaults(run=list_pipelines)
    show = verbs.add_parser("show", help="one pipeline, in the form that `save` reads")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(run=show_pipeline)
    save = verbs.add_parser("save", help="make or replace a pipeline from a JSON file")
    save.add_argument("file", metavar="FILE", help="{name, title, steps}; - for standard input")
    save.set_defaults(run=save_pipeline)
    steps = verbs.add_parser("steps", help="the steps that a pipeline may name")
    steps.set_defaults(run=list_steps)
    for verb in (listing, show, save, steps):
        verb.add_argument("--json", action="store_true", help="print one JSON document")


def list_pipelines(_args: argparse.Namespace, console: Console) -> int:
    """Print names and steps."""
    from muniment.ingest.models import Pipeline

    rows = list(Pipeline.objects.order_by("name"))
    if console.as_json:
        console.document({"pipelines": [_document(row) for row in rows]})
        return 0
    for row in rows:
        mark = " (default)" if row.is_default else ""
        console.line(f"{row.name}{mark}: {' → '.join(step['name'] for step in row.steps)}")
    return 0


def show_pipeline(args: argparse.Namespace, console: Console) -> int:
    """Print one as JSON, for people indented."""
    from muniment.ingest.services.pipelines import pipeline_named

    document = _document(pipeline_named(args.name))
    if console.as_json:
        console.document(document)
    else:
        console.line(json.dumps(document, indent=2, ensure_ascii=False))
    return 0


def save_pipeline(args: argparse.Namespace, console: Console) -> int:
    """Check and keep what the file says."""
    from muniment.ingest.services import pipelines
    from muniment.site.bootstrap import clock, local_administrator

    document = _read(args.file)
    pipeline = pipelines.save_pipeline(
        str(document.get("name", "")),
        document.get("steps") or [],
        title=str(document.get("title", "")),
        actor=local_administrator(),
        clock=clock(),
    )
    if console.as_json:
        console.document(_document(pipeline))
    else:
        console.say(f"Pipeline {pipeline.name} is saved.")
    return 0


def list_steps(_args: argparse.Namespace, console: Console) -> int:
    """Print every step with its parameters."""
    from dataclasses import fields

    from muniment.ingest.catalogue_of_steps import step_class, step_names

    steps = [step_class(name) for name in step_names()]
    documents = [
        {
            "name": step.name,
            "title": str(step.title),
            "event_type": step.event_type,
            "parameters": [each.name for each in fields(step.parameters)],
        }
        for step in steps
    ]
    if console.as_json:
        console.document({"steps": documents})
        return 0
    for step in steps:
        parameters = ", ".join(each.name for each in fields(step.parameters))
        console.line(f"{step.name:<18}{step.title}  {parameters}")
    return 0


def _read(file: str) -> dict[str, list[dict[str, object]]]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, ValueError) as exc:
        raise InvalidArgument(f"{file}: {exc}") from exc
    if not isinstance(document, dict) or not isinstance(document.get("steps"), list):
        raise InvalidArgument(f"{file}: a pipeline is an object with name, title and steps")
    return document


def _document(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("name", "title", "is_default", "steps")}
