"""Writes `docs/reference/access-matrix.md`: every route by every role.

python -m scripts.access_matrix
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "access-matrix.md"
_HEAD = """# Who may do what

Written from the routes by `python -m scripts.access_matrix`; a test walks every route with every
role and compares. `all`: on everything · `own`: on what belongs to the caller · `level`: on what
its own policy opens to the caller ([reading](../how-to/reading.md)) · `-`: refused with
403 · `self`: whoever is signed in, about themselves · `open`: everybody. A visitor is somebody
who is not signed in, where the setting `access_anonymous` is on; everywhere else, and where it is
off, a visitor is answered 401 by the API and led to the sign-in page. A token narrows this further,
by the scope in the second column.

"""
_VISIBILITY_HEAD = """
## What `level` means

By what was decided about the object, and who asks. `described`: all routes above whose scope is
`read` answer as they do to staff, those whose scope is `download` refuse (403) · `given out`: both
answer · `-`: 404, as if it were not there. A visitor is answered 401, or led to the sign-in page,
instead of both 403 and 404. A test walks every such route for every cell.

"""
PEOPLE = ("visitor, switch off", "visitor", "reader", "reader of the group", "owner", "staff")
VISIBILITY = {
    "nothing decided": ("-", "-", "-", "-", "given out", "given out"),
    "`staff`": ("-", "-", "-", "-", "given out", "given out"),
    "`groups`": ("-", "-", "-", "given out", "given out", "given out"),
    "`groups`, others described": (
        "-",
        "-",
        "described",
        "given out",
        "given out",
        "given out",
    ),
    "`metadata-only`": ("-", "-", "described", "described", "given out", "given out"),
    "`registered`": ("-", "-", "given out", "given out", "given out", "given out"),
    "`public`": ("-", "given out", "given out", "given out", "given out", "given out"),
    "`public`, embargo": ("-", "-", "-", "-", "given out", "given out"),
    "`public`, embargo but for the description": (
        "-",
        "described",
        "described",
        "described",
        "given out",
        "given out",
    ),
}
"""What each decision about an object opens, for `PEOPLE` in their order."""


def page() -> str:
    """Return the page."""
    from muniment.administration.policy import FOR_VISITORS, PERMISSIONS, scope_of
    from muniment.runtime.actor import Role
    from muniment.runtime.http.views import OPEN, READING, SELF
    from tests.site.routes import api_routes, page_routes

    roles = [role for role in Role if role is not Role.ANONYMOUS]
    lines = [
        "| route | scope | " + " | ".join(roles) + " | visitor |",
        "| --- |" + " --- |" * (len(roles) + 2),
    ]
    for route in [*api_routes(), *page_routes()]:
        cells = []
        for role in roles:
            if route.action in {OPEN, SELF}:
                cells.append(route.action or "open")
            elif role is Role.ADMINISTRATOR:
                cells.append("all")
            else:
                cells.append(str(PERMISSIONS[role].get(route.action, "-")))
        if route.action == OPEN:
            cells.append("open")
        else:
            visitors = FOR_VISITORS if route.method in READING else {}
            cells.append(str(visitors.get(route.action, "-")))
        scope = "any" if route.action in {OPEN, SELF} else scope_of(route.action)
        address = route.address.replace("|", r"\|")
        lines.append(f"| `{route.method} /{address}` | {scope} | " + " | ".join(cells) + " |")
    return _HEAD + "\n".join(lines) + "\n" + _VISIBILITY_HEAD + _visibility()


def _visibility() -> str:
    lines = ["| decision | " + " | ".join(PEOPLE) + " |", "| --- |" + " --- |" * len(PEOPLE)]
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in VISIBILITY.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.site.web_settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
