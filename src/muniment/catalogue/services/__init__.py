"""The only place that writes the catalogue."""

from muniment.catalogue.services.catching_up import catch_up, foresee
from muniment.catalogue.services.describing import edit_description
from muniment.catalogue.services.exporting import Exporter, Shipment
from muniment.catalogue.services.indexing import IndexedVersion, apply_ledger, index_version
from muniment.catalogue.services.rebuild_problems import Problem
from muniment.catalogue.services.rebuilding import RebuildReport, Sources, rebuild
from muniment.catalogue.services.reservations import (
    Choice,
    Reserved,
    hold_identifiers,
    release_object,
    reserve_object,
)
from muniment.catalogue.services.rights import Stated, state_rights
from muniment.catalogue.services.searching import index_search, subscribe_catalogue
from muniment.catalogue.services.tagging import tag_object

__all__ = [
    "Choice",
    "Exporter",
    "IndexedVersion",
    "Problem",
    "RebuildReport",
    "Reserved",
    "Shipment",
    "Sources",
    "Stated",
    "apply_ledger",
    "catch_up",
    "edit_description",
    "foresee",
    "hold_identifiers",
    "index_search",
    "index_version",
    "rebuild",
    "release_object",
    "reserve_object",
    "state_rights",
    "subscribe_catalogue",
    "tag_object",
]
