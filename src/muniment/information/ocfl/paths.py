"""What OCFL says of logical and content paths, for one path and for a whole block."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.ocfl.database import InventoryDatabase

_FORBIDDEN = frozenset({"", ".", ".."})


def logical_path_fault(path: str) -> str | None:
    """Return E053 or E052 when the path breaks the rule of that code, None when it is good."""
    if path.startswith("/") or path.endswith("/"):
        return "E053"
    if not path or (("." in path or "//" in path) and not _FORBIDDEN.isdisjoint(path.split("/"))):
        return "E052"
    return None


def content_path_fault(path: str) -> str | None:
    """Return E100 or E099 when the path breaks the rule of that code, None when it is good."""
    fault = logical_path_fault(path)
    return {"E053": "E100", "E052": "E099"}[fault] if fault else None


FAULTY_PATH = """(
    instr('/' || path || '/', '//') OR instr('/' || path || '/', '/./')
    OR instr('/' || path || '/', '/../'))"""
"""SQL condition for the few paths that break a rule."""

# "/" sorts before every other character here, so a path stands right before what lies under it.
_SORTED = "replace(replace(path, char(1), char(1, 2)), '/', char(1, 1))"


def conflicting_paths(
    database: InventoryDatabase, table: str, where: str = "path IS NOT NULL", partition: str = "1"
) -> Iterator[str]:
    """Iterate over paths that are there twice, and paths that are also a folder of the next one.

    Rows are compared within one value of `partition`. Of several files under one such path, one is
    told. Source: E095, E101.
    """
    sql = f"""
        SELECT before FROM (
            SELECT path, lag(path) OVER (PARTITION BY {partition} ORDER BY {_SORTED}) AS before
            FROM {table} WHERE {where})
        WHERE path = before OR substr(path, 1, length(before) + 1) = before || '/'"""  # noqa: S608  # all parts are ours
    for (path,) in database.execute(sql):
        yield path
