"""Rows for any table, made from what its model and its constraints say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count, product
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from muniment.work.models import Job

Values = Mapping[str, Any]
_NUMBERS = count(1)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_row(model: type[models.Model], **said: object) -> models.Model:
    """Make a row that the database takes, with rows for whatever it points to; not saved yet."""
    allowed = {**dict(_allowed(model)), **_GIVEN.get(model, {})}
    values = {
        field.attname: allowed.get(field.name, _value(field))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField) and _must_be_given(field)
    }
    return model(**{**values, **said})


# Of tables beside the catalogue: a job that waits is nobody's.
_GIVEN: dict[type[models.Model], dict[str, object]] = {Job: {"lease_owner": "", "held_reason": ""}}


def _must_be_given(field: models.Field[Any, Any]) -> bool:
    return not field.null and not field.has_default()


def _value(field: models.Field[Any, Any]) -> Any:  # noqa: ANN401  # of any kind of field
    if isinstance(field, models.ForeignKey):
        parent = a_row(field.related_model)
        parent.save(force_insert=True)
        return parent.pk
    if field.flatchoices:
        return field.flatchoices[0][0]
    make = next((make for kind, make in _MAKERS if isinstance(field, kind)), None)
    if make is None:
        raise TypeError(f"say here which value {type(field).__name__} may have")
    return make(next(_NUMBERS))


# A kind of field before those that it is one of: a time is a day to Django.
_MAKERS: list[tuple[Any, Callable[[int], object]]] = [
    ((models.CharField, models.TextField), lambda number: f"x{number}"),
    (models.UUIDField, lambda _: uuid4()),
    (models.IntegerField, lambda number: number),
    (models.FloatField, float),
    (models.BooleanField, lambda _: True),
    (models.DateTimeField, lambda _: AT),
    (models.DateField, lambda _: AT.date()),
    (models.BinaryField, lambda number: number.to_bytes(8)),
    (models.JSONField, lambda _: {}),
]


def _allowed(model: type[models.Model]) -> Iterator[tuple[str, object]]:
    """Yield the first value of each field that a check holds to a list."""
    for constraint in checks_of(model):
        for name, value in _conditions(constraint.condition):
            field, _, lookup = name.partition("__")
            if lookup == "in" and isinstance(value, list | tuple):
                yield field, value[0]


def checks_of(model: type[models.Model]) -> list[models.CheckConstraint]:
    """Return the checks that a model names."""
    every = model._meta.constraints
    return [each for each in every if isinstance(each, models.CheckConstraint)]


def _conditions(condition: object) -> Iterator[tuple[str, object]]:
    if isinstance(condition, Q):
        for child in condition.children:
            if isinstance(child, tuple):
                yield child
            else:
                yield from _conditions(child)


def attempts(model: type[models.Model], check: models.CheckConstraint) -> Iterator[Values]:
    """Yield values of the fields of a check, among which one should break it."""
    names: dict[str, None] = {}
    for name, value in _conditions(check.condition):
        names[name.partition("__")[0]] = None
        if isinstance(value, F):
            names[str(getattr(value, "name", ""))] = None  # its stubs do not know it
    fields = [each for each in model._meta.concrete_fields if each.name in names]
    allowed = dict(_allowed(model))
    usual = [allowed.get(field.name) or _value(field) for field in fields]
    for values in product(*map(_candidates, fields, usual)):
        yield {field.attname: value for field, value in zip(fields, values, strict=True)}


def _candidates(field: models.Field[Any, Any], usual: object) -> list[object]:
    further: list[object] = []
    match field:
        case models.IntegerField():
            further = [2, 1, 0, -1, 99]
        case models.CharField() | models.TextField():
            further = ["", "nobody knows"]
        case models.DateTimeField():
            further = [datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]
        case models.BooleanField():
            further = [False]
    return [usual, *further, *([None] if field.null else [])]
