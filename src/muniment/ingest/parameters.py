"""The parameters of a step as people and programs see them: fields of a form, a JSON Schema."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields

from muniment.ingest.step import Step
from muniment.runtime.errors import InvalidArgument

_TYPES: Mapping[object, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its JSON type, its default (None: it must be given), what it may be."""

    name: str
    type: str
    default: object
    choices: tuple[str, ...]

    def read(self, text: str) -> object:
        """Return the value that a form sent; InvalidArgument names what is wrong."""
        if self.type == "boolean":
            return bool(text)
        try:
            return {"integer": int, "number": float}.get(self.type, str)(text)
        except ValueError as exc:
            raise InvalidArgument(f"{self.name}: {text[:40]!r} is no {self.type}") from exc


def parameters_of(step: type[Step]) -> list[Parameter]:
    """Return the parameters that a step declares, in their order."""
    kinds = typing.get_type_hints(step.parameters)
    return [
        Parameter(
            each.name,
            _TYPES.get(kinds[each.name], "string"),
            None if each.default is MISSING else each.default,
            tuple(each.metadata.get("choices", ())),
        )
        for each in fields(step.parameters)
    ]


def schema_of(step: type[Step]) -> dict[str, object]:
    """Return the JSON Schema of a step's parameters."""
    known = parameters_of(step)
    return {
        "type": "object",
        "properties": {each.name: _schema(each) for each in known},
        "required": [each.name for each in known if each.default is None],
        "additionalProperties": False,
    }


def _schema(parameter: Parameter) -> dict[str, object]:
    schema: dict[str, object] = {"type": parameter.type}
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return schema
