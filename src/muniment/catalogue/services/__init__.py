"""The only place that writes the catalogue."""

from muniment.catalogue.services.indexing import IndexedVersion, apply_ledger, index_version
from muniment.catalogue.services.rebuilding import RebuildReport, rebuild
from muniment.catalogue.services.reservations import Reserved, release_object, reserve_object
from muniment.catalogue.services.searching import index_search, subscribe_search
from muniment.catalogue.services.tagging import tag_object

__all__ = [
    "IndexedVersion",
    "RebuildReport",
    "Reserved",
    "apply_ledger",
    "index_search",
    "index_version",
    "rebuild",
    "release_object",
    "reserve_object",
    "subscribe_search",
    "tag_object",
]
