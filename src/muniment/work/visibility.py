"""Which rows of which table somebody may see: each package says it for every one of its tables.

`visible` is the one way to ask (archive spec §7); a table of which nobody said it stops the site
from starting. It lies here because this is the lowest package with tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import checks
from django.db.models import Model

from muniment.runtime.actor import Actor, current_policy

Rows = Any  # a queryset of the table that the rule is for
RULES = "muniment-rules"
"""The tag of the checks without which the site does not start."""


@dataclass(frozen=True, slots=True)
class _Rule:
    rows: Callable[[Actor], Rows]
    reason: str = ""


_rules: dict[type[Model], _Rule] = {}


def show(model: type[Model], rows: Callable[[Actor], Rows]) -> None:
    """Register which rows of a table an actor may see."""
    _rules[model] = _Rule(rows)


def show_with(model: type[Model], path: str, whole: type[Model], *, key: str = "pk") -> None:
    """Register rows that are seen with the row of `whole` that `path` names by its `key`."""

    def rows(actor: Actor) -> Rows:
        found = visible(actor, whole).order_by().values(key)
        return model._default_manager.filter(**{f"{path}__in": found})

    show(model, rows)


def show_to(model: type[Model], action: str) -> None:
    """Register rows that are seen by those who may do `action` to everything."""

    def rows(actor: Actor) -> Rows:
        manager = model._default_manager
        return manager.all() if current_policy().sees_all(actor, action) else manager.none()

    show(model, rows)


def hide(model: type[Model], reason: str) -> None:
    """Register a table of which no row is shown to anybody as it is, and why it needs none."""
    _rules[model] = _Rule(lambda _: model._default_manager.none(), reason)


def visible(actor: Actor, model: type[Model]) -> Rows:
    """Return the rows of a table that an actor may see; LookupError where nobody said which."""
    try:
        return _rules[model].rows(actor)
    except KeyError:
        raise LookupError(f"nobody said which rows of {model.__name__} are seen") from None


def tables_without_rule() -> Iterator[type[Model]]:
    """Give every table of ours of which nobody said who sees it."""
    ours = (each for each in apps.get_models() if each.__module__.startswith("muniment."))
    return (each for each in ours if each not in _rules)


@checks.register(RULES)
def check_tables(**_: object) -> list[checks.CheckMessage]:
    """Complain of each table without a rule (a system check)."""
    return [
        checks.Error(
            f"nobody said which rows of {each._meta.label} are seen",
            hint="say it in `ready` of its package, by muniment.work.visibility",
            obj=each,
            id="muniment.E101",
        )
        for each in tables_without_rule()
    ]
