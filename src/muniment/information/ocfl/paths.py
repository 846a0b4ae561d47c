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
_SORTED = "replace(path, '/', char(1))"
_SORTED_IN_FULL = "replace(replace(path, char(1), char(1, 2)), '/', char(1, 1))"


def conflicting_paths(
    database: InventoryDatabase, table: str, where: str = "1", group: str = "1"
) -> Iterator[str]:
    """Iterate over paths that are there twice, and paths that are also a folder of the next one.

    Rows are compared where `group` has the same value. Of several files under one such path, one
    is told. Source: E095, E101.
    """
    odd = database.value(f"SELECT 1 FROM {table} WHERE instr(path, char(1)) LIMIT 1")  # noqa: S608  # ours
    order = _SORTED_IN_FULL if odd else _SORTED
    sql = f"SELECT {group}, path FROM {table} WHERE {where} ORDER BY {group}, {order}"  # noqa: S608  # ours
    last, before = None, ""
    for number, path in database.execute(sql):
        if number == last and path.startswith(before) and path[len(before) :][:1] in {"", "/"}:
            yield before
        last, before = number, path
