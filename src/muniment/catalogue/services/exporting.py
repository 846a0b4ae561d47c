"""Giving many objects out at once (archive spec §4, Export)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from muniment.catalogue.models import Event
from muniment.catalogue.queries.entities import entity_for
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import MunimentError, NoSpace
from muniment.storage.archive import Archive
from muniment.storage.exporting.consignment import Consignment, Shipped, open_consignment
from muniment.storage.exporting.dissemination import Dissemination, record_dissemination
from muniment.storage.exporting.export import (
    ExportForm,
    ExportRequest,
    OnProgress,
    export_version,
)

OnFile = Callable[[int, str], None]
"""Is told of each file: how many there were so far, over all objects, and its path."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What became of one object: `shipped`, or `error`; `is_new` False: it was there already."""

    object_id: ObjectId
    shipped: Shipped | None = None
    is_new: bool = False
    error: MunimentError | None = None


@dataclass(frozen=True, slots=True)
class Exporter:
    """Copies newest versions into one folder."""

    archive: Archive
    actor: Actor
    form: ExportForm = ExportForm.BAG
    on_file: OnFile = lambda _count, _path: None

    def export(self, objects: Iterable[ObjectId], to: Path) -> Iterator[Shipment]:
        """Copy the newest version of each object into `to`, and say what became of each.

        Goes on where an earlier run stopped; a version that is there is not written again. One
        object's fault does not keep the others back. Raises NoSpace, Locked, InvalidArgument for a
        folder that cannot be used.
        """
        numbers = count(1)

        def on_progress(_done: int, _total: int | None, path: str) -> None:
            self.on_file(next(numbers), path)

        with open_consignment(to) as consignment:
            for object_id in dict.fromkeys(objects):
                try:
                    shipment = self._take(object_id, consignment, on_progress)
                    self._tell(shipment, to)
                except NoSpace:
                    raise  # it would be the same for every other object
                except MunimentError as exc:
                    shipment = Shipment(object_id, error=exc)
                yield shipment

    def _take(
        self, object_id: ObjectId, consignment: Consignment, on_progress: OnProgress
    ) -> Shipment:
        entity_for(self.actor, object_id, action="object.export")
        number = self.archive.root.head(object_id)
        there = consignment.holds(object_id, number, self.form)
        if there is not None:
            return Shipment(object_id, there)

        shipped = consignment.take(
            object_id,
            number,
            self.form,
            lambda place: export_version(
                ExportRequest(object_id, self.form, place, number),
                root=self.archive.root,
                actor=self.actor,
                clock=self.archive.clock,
                on_progress=on_progress,
            ),
        )
        return Shipment(object_id, shipped, is_new=True)

    def _tell(self, shipment: Shipment, to: Path) -> None:
        """Record that it was given out, unless that is known: a stop may have come before it."""
        shipped = shipment.shipped
        if shipped is None or not shipped.event_id:
            return
        if not shipment.is_new and Event.objects.filter(event_id=shipped.event_id).exists():
            return
        told = Dissemination(
            event_id=shipped.event_id,
            object_id=shipped.object_id,
            number=shipped.number,
            form=self.form,
            to=to / shipped.name,
            file_count=shipped.file_count,
            size_bytes=shipped.size_bytes,
        )
        record_dissemination(told, archive=self.archive, actor=self.actor)
