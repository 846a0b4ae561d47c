"""The tables of the PREMIS model (DESIGN §3).

Each model says `rebuilt`: True when `muniment rebuild` makes it anew from storage and ledger.
Rows that change between versions live over an interval: `first_version` to `last_version`, which
is NULL while the newest version still has them; a file that stays costs one row, not one a version.
"""

from muniment.catalogue.models.description import (
    ActRestriction,
    DescriptiveTerm,
    RightsStatement,
    Tag,
)
from muniment.catalogue.models.entity import Identifier, IntellectualEntity, Version
from muniment.catalogue.models.event import Agent, Event, EventAgent, EventObject
from muniment.catalogue.models.file import File, PathKey, Representation
from muniment.catalogue.models.folder import Folder
from muniment.catalogue.models.personal import BulkItem, SavedSearch
from muniment.catalogue.models.process import RebuildRun, Reservation
from muniment.catalogue.models.reading import ReadingGrant, ReadingPolicy
from muniment.catalogue.models.search import SearchDocument, SearchFacet
from muniment.catalogue.models.total import OwnerTotal

__all__ = [
    "ActRestriction",
    "Agent",
    "BulkItem",
    "DescriptiveTerm",
    "Event",
    "EventAgent",
    "EventObject",
    "File",
    "Folder",
    "Identifier",
    "IntellectualEntity",
    "OwnerTotal",
    "PathKey",
    "ReadingGrant",
    "ReadingPolicy",
    "RebuildRun",
    "Representation",
    "Reservation",
    "RightsStatement",
    "SavedSearch",
    "SearchDocument",
    "SearchFacet",
    "Tag",
    "Version",
]
