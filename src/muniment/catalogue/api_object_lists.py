"""What an object has many of, over HTTP: versions, files, folders, events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue import api_shapes as shapes
from muniment.catalogue import documents, persons
from muniment.catalogue.api import ObjectView
from muniment.catalogue.models import Version
from muniment.catalogue.queries import files, history
from muniment.catalogue.queries.tree import open_folder
from muniment.runtime.http.filters import Holds, OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import PAGE, page_of, query, told
from muniment.runtime.http.views import actor_of


@dataclass(frozen=True, slots=True)
class AboutFile:
    """An event about this file, be it the only one or one of several."""

    about: str

    def conditions(self, name: str, text: str) -> Q:  # noqa: ARG002  # as the port says
        """Return what an event must be; an empty text asks for nothing."""
        return history.about_file(text) if text else Q()


VERSIONS = ListRules(
    shapes.VersionShape,
    sorts={"version": "number"},
    default="-version",
    filters={
        "reason": OneOf("reason", "Only made for these reasons"),
        **since_and_until("created_at", "what was made"),
    },
)
FILES = ListRules(
    shapes.FileShape,
    sorts={"path": ("key", "file_id"), "size": ("size_bytes", "file_id")},
    default="path",
    filters={
        "name": Holds("path", "Only with this in the path"),
        "puid": OneOf("puid", "Only of these formats"),
        "validity": OneOf("validity", "Only with these outcomes of validation"),
        "representation": OneOf("representation__name", "Only of these representations"),
    },
    more=(query("version", int, "Of this version"),),
)
EVENTS = ListRules(
    shapes.EventShape,
    sorts={"date_time": ("date_time", "event_id")},
    default="-date_time",
    filters={
        "type": OneOf("type", "Only of these PREMIS types"),
        "outcome": OneOf("outcome", "Only with these outcomes"),
        "file": AboutFile("Only about this file"),
        **since_and_until("date_time", "what happened"),
    },
)


class Versions(ObjectView):
    """The versions of an object."""

    parameters = VERSIONS.parameters

    @VERSIONS.told("List the versions of an object, newest first", 404)
    def get(self, request: Request, name: str) -> Response:
        """Give a page; two queries."""
        entity = self.entity(request, name)
        shown = partial(persons.version, actor_of(request), entity)
        return list_answer(request, Version.objects.filter(entity=entity), VERSIONS, shown)


class Files(ObjectView):
    """The files of an object."""

    parameters = FILES.parameters

    @FILES.told("List the files of an object by path", 404)
    def get(self, request: Request, name: str) -> Response:
        """Give a page; two queries."""
        entity = self.entity(request, name)
        rows = files.files_by_path(entity, files.checked_version(entity, self.version(request)))
        return list_answer(request, rows, FILES, documents.file)


class Tree(ObjectView):
    """The files of an object as a tree."""

    parameters = PAGE_PARAMETERS | {"in"}

    @told(
        "Open a folder of the newest version: folders first, then files",
        {200: page_of(shapes.TreeEntryShape)},
        parameters=(
            query("in", str, "The folder: name of the representation, then the path; top without"),
            *PAGE,
        ),
        problems=(404, 422),
    )
    def get(self, request: Request, name: str) -> Response:
        """Give a page with counts and sizes at any depth; three queries."""
        asked = page_asked(request)
        found = open_folder(
            self.entity(request, name),
            request.query_params.get("in", ""),
            limit=asked.limit,
            after=asked.cursor,
        )
        return page_answer(
            request, [documents.tree_entry(each) for each in found.page.rows], found.page.next
        )


class Events(ObjectView):
    """What happened to an object."""

    parameters = EVENTS.parameters

    @EVENTS.told("List the events of an object, newest first", 404)
    def get(self, request: Request, name: str) -> Response:
        """Give a page with the agents; three queries."""
        entity = self.entity(request, name)
        shown = partial(persons.event, actor_of(request), entity)
        return list_answer(request, history.events_of(entity), EVENTS, shown)
