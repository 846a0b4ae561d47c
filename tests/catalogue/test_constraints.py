"""Each constraint of the catalogue's tables is broken once, and the database refuses it.

The cases come from the models, so a new constraint is tried by itself.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.catalogue.rows import a_row, attempts, checks_of

pytestmark = pytest.mark.django_db

MODELS: list[type[models.Model]] = list(apps.get_app_config("catalogue").get_models())
FIELDS = [(model, field) for model in MODELS for field in model._meta.concrete_fields]
NOT_NULL = [
    (model, field)
    for model, field in FIELDS
    if not field.null and not isinstance(field, models.AutoField)
]
KEYS = [(model, field) for model, field in FIELDS if isinstance(field, models.ForeignKey)]
POSITIVE = [
    (model, field)
    for model, field in FIELDS
    if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
]
UNIQUE_FIELDS = [
    (model, field)
    for model, field in FIELDS
    if field.unique and not isinstance(field, models.AutoField)
]
UNIQUE = [
    (model, constraint)
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, models.UniqueConstraint)
]
CHECKS = [(model, check) for model in MODELS for check in checks_of(model)]


def named(value: Any) -> str:  # noqa: ANN401  # a model, a field or a constraint
    is_model = isinstance(value, type)  # which may have a column `name`
    return str(value._meta.label if is_model else value.name)


def refusal(row: models.Model) -> str:
    """Return what the database says against a row, "" when it takes it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            connection.check_constraints()  # keys are looked at where a transaction ends
            transaction.set_rollback(True)
    except IntegrityError as exc:
        return str(exc)
    return ""


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_a_row_that_keeps_all_is_taken(model: type[models.Model]) -> None:
    assert refusal(a_row(model)) == ""


@pytest.mark.parametrize(("model", "field"), NOT_NULL, ids=named)
def test_what_must_be_said_may_not_be_missing(
    model: type[models.Model], field: models.Field[Any, Any]
) -> None:
    row = a_row(model)
    setattr(row, field.attname, None)
    said = refusal(row)
    assert "null" in said.lower()
    assert str(field.column) in said


@pytest.mark.parametrize(("model", "field"), KEYS, ids=named)
def test_what_is_pointed_to_must_be_there(
    model: type[models.Model], field: models.ForeignKey[Any, Any]
) -> None:
    row = a_row(model)
    setattr(row, field.attname, a_row(field.related_model).pk or 987_654_321)
    assert "foreign key" in refusal(row).lower()


@pytest.mark.parametrize(("model", "field"), POSITIVE, ids=named)
def test_a_number_of_things_is_not_negative(
    model: type[models.Model], field: models.Field[Any, Any]
) -> None:
    assert "check" in refusal(a_row(model, **{field.attname: -1})).lower()


@pytest.mark.parametrize(("model", "field"), UNIQUE_FIELDS, ids=named)
def test_what_names_one_row_names_no_other(
    model: type[models.Model], field: models.Field[Any, Any]
) -> None:
    first = a_row(model)
    first.save(force_insert=True)
    said = refusal(a_row(model, **{field.attname: getattr(first, field.attname)}))
    assert "unique" in said.lower()
    assert str(field.column) in said


@pytest.mark.parametrize(("model", "constraint"), UNIQUE, ids=named)
def test_what_may_be_there_once_is_there_once(
    model: type[models.Model], constraint: models.UniqueConstraint
) -> None:
    fields = [each for each in model._meta.concrete_fields if each.name in constraint.fields]
    fields.sort(key=lambda field: constraint.fields.index(field.name))
    first = a_row(model)
    first.save(force_insert=True)
    same = {field.attname: getattr(first, field.attname) for field in fields}
    said = refusal(a_row(model, **same))
    # PostgreSQL names the constraint, SQLite its columns.
    columns = ", ".join(f"{model._meta.db_table}.{field.column}" for field in fields)
    assert constraint.name in said or said == f"UNIQUE constraint failed: {columns}"
    for field in fields:
        others = {name: value for name, value in same.items() if name != field.attname}
        assert refusal(a_row(model, **others)) == "", f"{field.name} alone may differ"


@pytest.mark.parametrize(("model", "check"), CHECKS, ids=named)
def test_every_check_refuses_something(
    model: type[models.Model], check: models.CheckConstraint
) -> None:
    said = [refusal(a_row(model, **values)) for values in attempts(model, check)]
    assert any(check.name in each for each in said), "no value that was tried breaks it"
    assert "" in said, "nothing that was tried keeps it"
