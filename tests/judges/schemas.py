"""Validates against the official schemas, offline: what they import is found beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree


class _Beside(etree.Resolver):
    """Serves every address that a schema imports from the file of that name in one folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(  # type: ignore[override]  # the stubs leave out the context
        self,
        url: str | None,
        public_id: str | None,  # noqa: ARG002  # the library's signature
        context: object,
    ) -> object:
        """Return the local file, or nothing: an import that is not there fails the schema."""
        local = self._folder / (url or "").rpartition("/")[2]
        if not local.is_file():
            return None
        return self.resolve_filename(str(local), context)  # type: ignore[attr-defined]  # likewise


@cache
def _schema(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(path.parent))
    return etree.XMLSchema(etree.parse(path, parser))


def faults_of(schema: Path, document: Path) -> list[str]:
    """Return what the schema says against the document, one line each."""
    judged = _schema(schema)
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    judged.validate(etree.parse(document, parser))
    log = judged.error_log
    return [f"{entry.line}: {entry.message}" for entry in log]  # type: ignore[attr-defined]  # likewise
