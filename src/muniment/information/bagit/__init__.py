"""BagIt in both directions: every fault of a bag named, bags written as a stream (RFC 8493).

Versions 0.93 to 1.0 are read, 1.0 is written. Nothing is fetched here.
`declared.declared_algorithms` is apart: it draws in the readers of archives.
"""

from __future__ import annotations

from muniment.information.bagit.bag_info import Label, PayloadOxum
from muniment.information.bagit.creation import BagRecipe, create_bag, plan_bag
from muniment.information.bagit.fetch import FetchItem
from muniment.information.bagit.report import BagReport
from muniment.information.bagit.validation import check_listed, validate_bag
from muniment.information.bagit.writer import BagWriter, FolderSink, Sink

__all__ = [
    "BagRecipe",
    "BagReport",
    "BagWriter",
    "FetchItem",
    "FolderSink",
    "Label",
    "PayloadOxum",
    "Sink",
    "check_listed",
    "create_bag",
    "plan_bag",
    "validate_bag",
]
