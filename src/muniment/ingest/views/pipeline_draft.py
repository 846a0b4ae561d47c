"""A pipeline as it stands in the editor, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from muniment.ingest.catalogue_of_steps import step_class, step_names
from muniment.ingest.parameters import Parameter, parameters_of
from muniment.runtime.errors import InvalidArgument

Steps = list[dict[str, Any]]  # Any: parameters of several types


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of a pipeline with the values of its parameters."""

    name: str
    title: str
    about: str
    values: tuple[tuple[Parameter, object], ...]


def shown_steps(steps: Sequence[Mapping[str, Any]]) -> list[ShownStep]:
    """Return what pages show of steps."""
    return [_shown(step["name"], step.get("parameters") or {}) for step in steps]


def _shown(name: str, given: Mapping[str, object]) -> ShownStep:
    step = step_class(name)
    values = tuple((each, given.get(each.name, each.default)) for each in parameters_of(step))
    return ShownStep(name, str(step.title), str(step.about or step.passed), values)


@dataclass(frozen=True, slots=True)
class Draft:
    """Name, title, steps, and the tag of the state from which the editing began ("": a new one)."""

    name: str
    title: str
    steps: Steps
    seen: str

    @classmethod
    def of_form(cls, said: QueryDict, name: str = "") -> Draft:
        """Read the form; a step that nobody knows raises InvalidArgument."""
        steps = [_step_of_form(said, each) for each in said.getlist("step")]
        return cls(name or said.get("name", ""), said.get("title", ""), steps, said.get("seen", ""))

    def after(self, deed: str, step: str) -> Draft:
        """Return the draft after `up`, `down`, `remove` or `add` of a step."""
        steps, names = list(self.steps), [each["name"] for each in self.steps]
        if deed == "add" and step not in names:
            step_class(step)
            steps.insert(_place_of(step, names), {"name": step, "parameters": {}})
        elif step in names:
            place = names.index(step)
            taken = steps.pop(place)
            if deed in {"up", "down"}:
                steps.insert(max(place + (1 if deed == "down" else -1), 0), taken)
            elif deed != "remove":
                raise InvalidArgument(f"the editor knows no {deed[:20]!r}")
        return replace(self, steps=steps)

    def seen_now(self, tag: str) -> Draft:
        """Return the draft as one that knows the present state."""
        return replace(self, seen=tag)

    def others(self) -> list[tuple[str, str]]:
        """Return name and title of the steps that could be added."""
        names = {each["name"] for each in self.steps}
        return [(name, str(step_class(name).title)) for name in step_names() if name not in names]


def _step_of_form(said: QueryDict, name: str) -> dict[str, Any]:
    given = {}
    for each in parameters_of(step_class(name)):
        text = said.get(f"{name}.{each.name}", "")
        value = each.read(text) if text or each.type in {"boolean", "string"} else each.default
        if value != each.default:
            given[each.name] = value
    return {"name": name, "parameters": given}


def _place_of(step: str, names: Sequence[str]) -> int:
    """Return where a step comes in: in the order of our own ones, others before `describe`."""
    order = {name: place for place, name in enumerate(step_names())}
    own = order.get(step, 0)
    if step == "describe" or "describe" not in names or own < order["describe"]:
        return next((n for n, name in enumerate(names) if order.get(name, 0) > own), len(names))
    return names.index("describe")
