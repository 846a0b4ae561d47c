"""`muniment pipeline list|show|save|steps`: pipelines as data."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument

SUMMARY = "List, show and define pipelines"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    add_leaf(verbs, "list", "the pipelines", list_pipelines)
    show = add_leaf(verbs, "show", "one pipeline, in the form that `save` reads", show_pipeline)
    show.add_argument("name", metavar="NAME", help="of the pipeline")
    save = add_leaf(verbs, "save", "make or replace a pipeline from a JSON file", save_pipeline)
    save.add_argument("file", metavar="FILE", help="{name, title, steps}; - for standard input")
    with_dry_run(save)
    add_leaf(verbs, "steps", "the steps that a pipeline may name", list_steps)


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
        console.text(json.dumps(document, indent=2, ensure_ascii=False))
    return 0


def save_pipeline(args: argparse.Namespace, console: Console) -> int:
    """Check and keep what the file says."""
    from django.db import transaction

    from muniment.ingest.services import pipelines
    from muniment.site.bootstrap import clock, local_administrator

    document = _read(args.file)
    with transaction.atomic():
        pipeline = pipelines.save_pipeline(
            str(document.get("name", "")),
            document.get("steps") or [],
            title=str(document.get("title", "")),
            actor=local_administrator(),
            clock=clock(),
        )
        transaction.set_rollback(args.dry_run)
    if console.as_json:
        console.document(_document(pipeline) | {"dry_run": args.dry_run})
    else:
        done = "would be saved" if args.dry_run else "is saved"
        console.say(f"Pipeline {pipeline.name} {done}.")
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
