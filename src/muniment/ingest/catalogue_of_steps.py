"""The steps that pipelines may name: our own and those found by entry point `muniment.steps`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from muniment.ingest.step import Step
from muniment.runtime.errors import InvalidArgument

OWN_STEPS = {
    "receive": "receive:Receive",
    "unpack": "unpack:Unpack",
    "fetch": "fetch:Fetch",
    "verify": "verify:Verify",
    "scan": "scan:Scan",
    "identify": "identify:Identify",
    "validate_formats": "validate_formats:ValidateFormats",
    "characterise": "characterise:Characterise",
    "describe": "describe:Describe",
    "seal": "seal:Seal",
    "index": "index:Index",
}
GROUP = "muniment.steps"


def step_names() -> list[str]:
    """Return the names of all steps, our own first and in the order of the write path."""
    others = sorted(point.name for point in entry_points(group=GROUP))
    return [*OWN_STEPS, *(name for name in others if name not in OWN_STEPS)]


@cache
def step_class(name: str) -> type[Step]:
    """Return the class of a step; InvalidArgument names the known ones."""
    if name in OWN_STEPS:
        module, _, attribute = OWN_STEPS[name].partition(":")
        found = getattr(import_module(f"muniment.ingest.steps.{module}"), attribute)
    else:
        points = entry_points(group=GROUP, name=name)
        if not points:
            raise InvalidArgument(
                f"there is no step {name!r}; there are: {', '.join(step_names())}"
            )
        found = next(iter(points)).load()
    if not (isinstance(found, type) and issubclass(found, Step)):
        raise InvalidArgument(f"the entry point of the step {name!r} is not a Step")
    return found
