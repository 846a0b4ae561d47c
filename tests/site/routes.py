"""The routes of the API, read from the site itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

from muniment.runtime.http.views import ApiView
from muniment.web.route_checks import every_address

_NOBODY = "00000000-0000-7000-8000-000000000000"
_EXAMPLES = {
    "<str:name>": _NOBODY,
    "<str:username>": "nobody-of-this-name",
    "<str:token>": "no-token",
    "<any:path>": "letters/nothing%2Fhere.txt",
    "<int:number>": "999999",
    "<uuid:object_id>": _NOBODY,
    "<uuid:file_id>": _NOBODY,
    "<uuid:delivery_id>": _NOBODY,
    "<uuid:submission_id>": _NOBODY,
    "<uuid:deposit_id>": _NOBODY,
}


@dataclass(frozen=True, slots=True)
class Route:
    """One address and method; `action` is what the policy is asked, "" for everybody."""

    address: str
    method: str
    action: str

    @property
    def example(self) -> str:
        """An address of this route at which nothing is."""
        made = self.address
        for name, value in _EXAMPLES.items():
            made = made.replace(name, value)
        return made

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def every_pattern() -> list[tuple[str, URLPattern]]:
    """Return every address of the site with its pattern."""
    return list(every_address(get_resolver("muniment.site.urls")))


def page_routes() -> list[Route]:
    """Return each address and method of our pages (HEAD goes with GET)."""
    found = []
    for address, pattern in every_pattern():
        action = getattr(pattern.callback, "action", None)
        methods = getattr(pattern.callback, "methods", ())
        found += [Route(address, m, action) for m in methods if action is not None and m != "HEAD"]
    return sorted(found, key=str)


def api_routes() -> list[Route]:
    """Return each address and method of our API."""
    found = []
    for address, pattern in every_pattern():
        view = getattr(pattern.callback, "view_class", None)
        if isinstance(view, type) and issubclass(view, ApiView):
            found += [Route(address, method, action) for method, action in view.actions.items()]
    return sorted(found, key=str)
