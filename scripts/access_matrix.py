"""Writes `docs/reference/access-matrix.md`: every route of the API by every role.

python -m scripts.access_matrix
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "access-matrix.md"
_HEAD = """# Who may do what

Written from the routes by `python -m scripts.access_matrix`; a test walks every route with every
role and compares. `all`: on everything · `own`: on what belongs to the caller · `-`: refused with
403. A visitor without credentials is answered 401 everywhere. A token narrows this further, by the
scope in the second column.

"""


def page() -> str:
    """Return the page."""
    from muniment.administration.policy import PERMISSIONS, scope_of
    from muniment.runtime.actor import Role
    from tests.site.routes import api_routes

    roles = [role for role in Role if role is not Role.ANONYMOUS]
    lines = [
        "| route | scope | " + " | ".join(roles) + " |",
        "| --- |" + " --- |" * (len(roles) + 1),
    ]
    for route in api_routes():
        cells = []
        for role in roles:
            if not route.action:
                cells.append("self")
            elif role is Role.ADMINISTRATOR:
                cells.append("all")
            else:
                cells.append(str(PERMISSIONS[role].get(route.action, "-")))
        scope = scope_of(route.action) if route.action else "any"
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
