"""The site does not start with an address that does not ask the policy (access spec §5)."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from muniment.administration.policy import ACTIONS
from muniment.runtime.errors import Misconfigured
from muniment.runtime.http.views import OPEN, SELF, ApiView
from muniment.work.visibility import RULES

_KNOWN = ACTIONS | {OPEN, SELF}


def every_address(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every address of the site with its pattern."""
    for each in resolver.url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from every_address(each, address)
        else:
            yield address, each


def actions_of(pattern: URLPattern) -> list[object]:
    """Return what an address asks the policy, for each method; nothing where it does not ask."""
    view = getattr(pattern.callback, "view_class", None)
    if isinstance(view, type) and issubclass(view, ApiView):
        return list(view.actions.values())
    action = getattr(pattern.callback, "action", None)
    return [] if action is None else [action]


@checks.register(RULES)
def check_routes(**_: object) -> list[checks.CheckMessage]:
    """Complain of each address that asks the policy nothing, or what it does not know."""
    return [
        checks.Error(
            f"/{address} asks the policy nothing that it knows",
            hint="@page(action) or ApiView.actions, or a reason in OPEN_ADDRESSES",
            id="muniment.E102",
        )
        for address, pattern in every_address(get_resolver())
        if address not in settings.OPEN_ADDRESSES and not _asks(pattern)
    ]


def _asks(pattern: URLPattern) -> bool:
    asked = actions_of(pattern)
    return bool(asked) and all(each in _KNOWN for each in asked)


def require_rules() -> None:
    """Raise Misconfigured with every route and table of which nobody said who may see it."""
    if found := checks.run_checks(tags=[RULES]):
        raise Misconfigured("; ".join(f"{each.id}: {each.msg}" for each in found))
