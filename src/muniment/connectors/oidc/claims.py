"""Reading the claims of others: any JSON, at paths that an administrator names."""

from __future__ import annotations

from collections.abc import Mapping

Claims = Mapping[str, object]


def claim_values(claims: Claims, path: str) -> frozenset[str]:
    """Return the texts at a path such as `resource_access.archive.roles`; one text counts too.

    A claim whose name has dots in it is found by its whole name first.
    """
    found: object = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            if not isinstance(found, Mapping):
                return frozenset()
            found = found.get(part)
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list):
        return frozenset(each for each in found if isinstance(each, str))
    return frozenset()


def text_claim(claims: Claims, name: str) -> str:
    """Return the text of a claim, "" when there is none."""
    found = claims.get(name)
    return found if isinstance(found, str) else ""
