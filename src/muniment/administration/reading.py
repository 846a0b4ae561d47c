"""How far somebody may read a thing: one function and one filter, with the same answer.

Each package registers the rule for its own models at start (access spec §5). A model without one
is read by those alone who may do the action to all; nothing else decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from muniment.runtime.actor import Actor, Level

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """`level` of one thing; `visible`: the rows of a queryset at this level or above. One query.

    Both are for people who may not read everything: staff is decided by role before.
    """

    level: Callable[[Actor, Any], Level]  # Any: the model that it is registered for
    visible: Callable[[Actor, Any, Level], Any]  # likewise, a queryset of it


_rules: dict[type[Model], ReadingRule] = {}


def register_reading(model: type[Model], rule: ReadingRule) -> None:
    """Make this the rule of a model."""
    _rules[model] = rule


def granted_level(actor: Actor, thing: object) -> Level:
    """Return the level that policies give; NONE for what has no rule."""
    rule = _rules.get(type(thing))  # type: ignore[arg-type]  # what is no model is not found
    return rule.level(actor, thing) if rule else Level.NONE


def granted(actor: Actor, rows: QuerySet[M, M], at_least: Level) -> QuerySet[M, M]:
    """Return the rows that policies open to the actor; none of a model without a rule."""
    rule = _rules.get(rows.model)
    found: QuerySet[M, M] = rule.visible(actor, rows, at_least) if rule else rows.none()
    return found
