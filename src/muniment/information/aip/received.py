"""From the places in a version back to the package as the producer sent it (orchestration §2.4).

The inverse of what ingest does: what the producer sent besides content is in `submission/`, and
content is in the representations, under the paths that it had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from muniment.information.paths import decode_name
from muniment.runtime.errors import InvalidPackage

_ORIGINAL = "representations/original/data/"
_REPRESENTATIONS = "representations/"
_SUBMISSION = "submission/"
# Our own report of the ingest has the first of these paths after the last that a producer took:
# so the last one that a version has is ours, whatever came.
_REPORTS = (
    "reports/ingest.json",
    "muniment-reports/ingest.json",
    "muniment-reports-2/ingest.json",
)


class ReceivedForm(StrEnum):
    """The kinds of package, by where their content lay."""

    PLAIN = "plain"
    BAG = "bag"
    EARK = "eark"


class ReceivedPaths:
    """Says for each logical path of one version what path it had in the package received.

    `has` tells whether the version has a logical path. Paths are relative to the package's top
    folder, `/` separated, still encoded (`paths.decode_name` gives the bytes of a name).
    """

    def __init__(self, has: Callable[[str], bool]) -> None:
        self.form = _form(has)
        there = [path for path in _REPORTS if has(_SUBMISSION + path)]
        self._report = there[-1] if there else ""

    def of(self, logical_path: str) -> str | None:
        """Return the path in the package; None for what we wrote ourselves."""
        if logical_path.startswith(_SUBMISSION):
            path = logical_path.removeprefix(_SUBMISSION)
            return None if path == self._report else path
        if not is_data(logical_path):
            return None
        if self.form is ReceivedForm.EARK:
            return logical_path
        if not logical_path.startswith(_ORIGINAL):
            return None
        path = logical_path.removeprefix(_ORIGINAL)
        return f"data/{path}" if self.form is ReceivedForm.BAG else path


def report_path(sent: Iterable[str]) -> str:
    """Return where our report goes below `submission/`; `sent` is what the producer has there.

    Raises InvalidPackage when each of our names is taken.
    """
    taken = max((_REPORTS.index(path) + 1 for path in sent if path in _REPORTS), default=0)
    if taken == len(_REPORTS):
        raise InvalidPackage(f"{_REPORTS[-1]} is a name of our own report; call the file otherwise")
    return _REPORTS[taken]


def is_data(logical_path: str) -> bool:
    """Say whether a logical path is content of a representation."""
    match logical_path.split("/", 3):
        case ["representations", _, "data", _]:
            return True
    return False


def original_bytes(path: str, original_name: str = "") -> bytes:
    """Return the very bytes of a received path.

    `original_name` is given where a part of the path had to be shortened: the whole path as
    received, perhaps with the package's top folder before it.
    """
    if not original_name:
        return decode_name(path)
    parts = original_name.split("/")
    return decode_name("/".join(parts[-(path.count("/") + 1) :]))


def _form(has: Callable[[str], bool]) -> ReceivedForm:
    if has("submission/bagit.txt"):
        return ReceivedForm.BAG
    return ReceivedForm.EARK if has("submission/METS.xml") else ReceivedForm.PLAIN
