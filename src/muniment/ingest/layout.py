"""Where each file of a received package goes in the version (DESIGN §3, orchestration §2.4).

Content goes to `representations/<name>/data/…`, everything else that the producer sent to
`submission/…`. The mapping is exact, so the package can be built again from the version.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muniment.information.listing import ListedFile

ORIGINAL = "original"


class Layout(StrEnum):
    """The kinds of package, by what of them is content."""

    PLAIN = "plain"
    BAG = "bag"
    CERN_SIP = "cern-sip"
    EARK_SIP = "eark-sip"


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one file: below `data/` of a representation, or below `submission/`."""

    representation: str | None
    path: str

    @property
    def logical_path(self) -> str:
        """Return the logical path in the OCFL version."""
        if self.representation is None:
            return f"submission/{self.path}"
        return f"representations/{self.representation}/data/{self.path}"


def place_of(file: ListedFile, layout: Layout, top: str) -> Place:
    """Return where a file goes; `top` is the package's single top folder ("" without one)."""
    path = file.path.removeprefix(f"{top}/") if top else file.path
    match layout:
        case Layout.PLAIN:
            return Place(ORIGINAL, file.path)
        case Layout.BAG:
            return _content(path, "data/")
        case Layout.CERN_SIP:
            is_content = path.startswith("data/content/")
            return Place(ORIGINAL, path.removeprefix("data/")) if is_content else Place(None, path)
        case Layout.EARK_SIP:
            return _eark(path)


def _content(path: str, prefix: str) -> Place:
    if path.startswith(prefix):
        return Place(ORIGINAL, path.removeprefix(prefix))
    return Place(None, path)


def _eark(path: str) -> Place:
    """`representations/<name>/data/**` is content of the representation of that name.

    A folder `data` at the root is no content to E-ARK, and could not be told from `original`'s.
    """
    match path.split("/", 3):
        case ["representations", name, "data", rest]:
            return Place(name, rest)
    return Place(None, path)
