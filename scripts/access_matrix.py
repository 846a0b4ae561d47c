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
403 · `self`: whoever is signed in, about themselves · `open`: everybody. A visitor without
credentials is answered 401 by the API and led to the sign-in page elsewhere. A token narrows this
further, by the scope in the second column.

"""


def page() -> str:
    """Return the page."""
    from muniment.administration.policy import PERMISSIONS, scope_of
    from muniment.runtime.actor import Role
    from muniment.runtime.http.views import OPEN, SELF
    from tests.site.routes import api_routes, page_routes

    roles = [role for role in Role if role is not Role.ANONYMOUS]
    lines = [
        "| route | scope | " + " | ".join(roles) + " |",
        "| --- |" + " --- |" * (len(roles) + 1),
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
        scope = "any" if route.action in {OPEN, SELF} else scope_of(route.action)
        address = route.address.replace("|", r"\|")
        lines.append(f"| `{route.method} /{address}` | {scope} | " + " | ".join(cells) + " |")
    return _HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.site.web_settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
