"""From the places in a version back to the package as the producer sent it (orchestration §2.4).

The inverse of what ingest does: what the producer sent besides content is in `submission/`, and
content is in the representations, under the paths that it had.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from muniment.information.paths import decode_name

_ORIGINAL = "representations/original/data/"
_REPRESENTATIONS = "representations/"
_SUBMISSION = "submission/"
# Our own report of the ingest; the second name where the producer sent a folder `reports`.
_REPORT = "submission/reports/ingest.json"
_REPORT_INSTEAD = "submission/muniment-reports/ingest.json"


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
        self._report = _REPORT_INSTEAD if has(_REPORT_INSTEAD) else _REPORT

    def of(self, logical_path: str) -> str | None:
        """Return the path in the package; None for what we wrote ourselves."""
        if logical_path.startswith(_SUBMISSION):
            is_ours = logical_path == self._report
            return None if is_ours else logical_path.removeprefix(_SUBMISSION)
        if not is_data(logical_path):
            return None
        if self.form is ReceivedForm.EARK:
            return logical_path
        if not logical_path.startswith(_ORIGINAL):
            return None
        path = logical_path.removeprefix(_ORIGINAL)
        return f"data/{path}" if self.form is ReceivedForm.BAG else path


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
