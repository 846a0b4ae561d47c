"""The folders of a package. CSIPSTR4 to CSIPSTR16."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.eark.notes import PACKAGE
from muniment.runtime.findings import Finding, code_table

_EXPECTED = {
    "metadata": "CSIPSTR5",
    "metadata/preservation": "CSIPSTR6",
    "metadata/descriptive": "CSIPSTR7",
    "representations": "CSIPSTR9",
}


class Folders:
    """The upper folders that occur among the paths of a package; holds no files."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        self._representations: dict[str, set[str]] = {}

    def take(self, path: str) -> None:
        """Take the path of one file."""
        if not path.startswith(self._folder):
            return
        parts = path[len(self._folder) :].split("/", 3)
        if len(parts) > 1:
            self._seen.add(parts[0])
        if len(parts) > 2:
            self._seen.add(f"{parts[0]}/{parts[1]}")
            if parts[0] == "representations":
                self._representations.setdefault(parts[1], set()).add(parts[2])

    @property
    def representations(self) -> tuple[str, ...]:
        """The names of the folders below `representations`, sorted."""
        return tuple(sorted(self._representations))

    def findings(self) -> Iterator[Finding]:
        """Yield what should be there and is not."""
        table = code_table(PACKAGE)
        for folder, code in _EXPECTED.items():
            parent = folder.rpartition("/")[0]
            if folder not in self._seen and (not parent or parent in self._seen):
                yield table.finding(code, path=self._folder + folder)
        for name, entries in sorted(self._representations.items()):
            path = f"{self._folder}representations/{name}"
            if "data" not in entries:
                yield table.finding("CSIPSTR11", path=path, name=name)
            if "METS.xml" not in entries:
                yield table.finding("CSIPSTR12", path=path, name=name)
        inner = set().union(*self._representations.values())
        for folder, code in (("schemas", "CSIPSTR15"), ("documentation", "CSIPSTR16")):
            if folder not in self._seen and folder not in inner:
                yield table.finding(code, path=self._folder + folder)
