"""Pipelines as data: defined, checked and chosen by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from muniment.ingest.catalogue_of_steps import step_class
from muniment.ingest.models import Pipeline
from muniment.ingest.step import parse_parameters
from muniment.runtime.actor import SYSTEM, Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, VersionConflict, WrongState

DEFAULT_STEPS = (
    "receive",
    "unpack",
    "fetch",
    "verify",
    "scan",
    "identify",
    "validate_formats",
    "characterise",
    "describe",
    "seal",
    "index",
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_RESERVED = frozenset({"new", "import"})
_LONGEST_TITLE = 200
_NEEDED_ORDER = ("receive", "unpack", "verify", "describe", "seal", "index")


def check_steps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps in their stored shape; InvalidArgument says what is wrong with them.

    `[{"name": …, "parameters": {…}}]`. The steps that make an archival object must be there, in
    their order; `fetch` may stand before `verify`, all others between `verify` and `describe`.
    """
    checked: list[dict[str, Any]] = [
        {"name": str(step.get("name", "")), "parameters": dict(step.get("parameters") or {})}
        for step in steps
    ]
    for step in checked:
        parse_parameters(step_class(step["name"]), step["parameters"])
    names = [step["name"] for step in checked]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidArgument(f"a pipeline names a step once; twice here: {', '.join(repeated)}")
    if missing := [name for name in _NEEDED_ORDER if name not in names]:
        raise InvalidArgument(f"a pipeline needs the steps {', '.join(missing)}")
    if [name for name in names if name in _NEEDED_ORDER] != list(_NEEDED_ORDER):
        raise InvalidArgument(f"these steps must come in this order: {', '.join(_NEEDED_ORDER)}")
    before = ["receive", "unpack", *(["fetch"] if "fetch" in names else []), "verify"]
    if names[: len(before)] != before or names[-3:] != list(_NEEDED_ORDER[-3:]):
        raise InvalidArgument(
            "fetch stands between unpack and verify, other steps between verify and describe"
        )
    return checked


def save_pipeline(  # one keyword for each member
    name: str,
    steps: Sequence[Mapping[str, Any]],
    *,
    title: str,
    actor: Actor,
    clock: Clock,
    seen: str = "*",
) -> Pipeline:
    """Make or replace the pipeline of this name; runs under way keep the steps they began with.

    `seen` is the tag of the state that the caller knows: "*" whatever it is, "" that there is none.
    Raises PermissionDenied, InvalidArgument, VersionConflict (it is in another state).
    """
    require(actor, "pipeline.change")
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InvalidArgument(
            f"{name[:100]!r} is no name for a pipeline: 1 to 100 of a-z, A-Z, 0-9, - and _, and "
            f"none of {', '.join(sorted(_RESERVED))}"
        )
    checked = check_steps(steps)
    if len(title) > _LONGEST_TITLE or not title.isprintable():
        raise InvalidArgument(f"a title has at most {_LONGEST_TITLE} visible characters")
    with transaction.atomic():
        known = Pipeline.objects.select_for_update().filter(name=name).first()
        _check_seen(known, name, seen)
        pipeline, _ = Pipeline.objects.update_or_create(
            name=name,
            defaults={
                "title": title or name,
                "steps": checked,
                "changed_at": clock.now(),
                "changed_by": actor.name,
            },
        )
    return pipeline


def _check_seen(known: Pipeline | None, name: str, seen: str) -> None:
    if seen != "*" and seen != (tag_of(known) if known else ""):
        raise VersionConflict(
            f"somebody else has changed the pipeline {name!r} meanwhile"
            if known and seen
            else f"there is a pipeline {name!r} already"
            if known
            else f"somebody else has removed the pipeline {name!r} meanwhile"
        )


def tag_of(pipeline: Pipeline) -> str:
    """Return what names the present state of a pipeline."""
    return pipeline.changed_at.isoformat()


def remove_pipeline(name: str, *, actor: Actor, seen: str = "*") -> None:
    """Remove a pipeline; submissions keep the steps they came with.

    Raises PermissionDenied, ObjectMissing, WrongState (the default one), VersionConflict.
    """
    require(actor, "pipeline.change")
    with transaction.atomic():
        pipeline = Pipeline.objects.select_for_update().filter(name=name).first()
        if pipeline is None:
            raise ObjectMissing(f"there is no pipeline {name!r}")
        if pipeline.is_default:
            raise WrongState(f"{name!r} is the default pipeline; there must be one")
        _check_seen(pipeline, name, seen)
        pipeline.delete()


def ensure_default_pipeline(*, clock: Clock) -> Pipeline:
    """Make the pipeline `default` when there is no default one."""
    existing = Pipeline.objects.filter(is_default=True).first()
    if existing:
        return existing
    steps = [{"name": name} for name in DEFAULT_STEPS]
    with transaction.atomic():
        pipeline = save_pipeline(
            "default", steps, title="Default pipeline", actor=SYSTEM, clock=clock
        )
        Pipeline.objects.filter(pk=pipeline.pk).update(is_default=True)
    pipeline.is_default = True
    return pipeline


def pipeline_named(name: str | None) -> Pipeline:
    """Return a pipeline, the default one without a name; ObjectMissing names the known ones."""
    wanted = {"name": name} if name else {"is_default": True}
    pipeline = Pipeline.objects.filter(**wanted).first()
    if pipeline is None:
        known = ", ".join(Pipeline.objects.order_by("name").values_list("name", flat=True))
        raise ObjectMissing(f"there is no pipeline {name or 'default'!r}; there are: {known}")
    return pipeline


def pipelines() -> list[Pipeline]:
    """Return all pipelines by name. One query."""
    return list(Pipeline.objects.order_by("name"))
