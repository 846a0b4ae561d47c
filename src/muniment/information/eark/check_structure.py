"""The structural map of the CSIP. CSIP80 to CSIP112, CSIP116, CSIP118, CSIP119."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from muniment.information.eark.notes import Notes
from muniment.information.mets import (
    Division,
    FilePointer,
    MetadataReference,
    MetsPointer,
    StructuralMap,
)

REPRESENTATIONS = "Representations"
# label: division expected, its ID, its fptr, the fptr's FILEID
_DIVISIONS = {
    "Documentation": ("CSIP93", "CSIP94", "CSIP96", "CSIP116"),
    "Schemas": ("CSIP97", "CSIP98", "CSIP100", "CSIP118"),
    REPRESENTATIONS: ("CSIP101", "CSIP102", "CSIP104", "CSIP119"),
}


@dataclass(slots=True)
class _Open:
    """A division that has not ended yet."""

    division: Division
    file_ids: list[str] = field(default_factory=list)
    pointers: list[MetsPointer] = field(default_factory=list)


class StructureCheck:
    """Follows the structural maps of one document; asks about the one labelled CSIP."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._map_count = 0
        self._is_csip = False
        self._has_csip = False
        self._main_divisions = 0
        self._open: list[_Open] = []
        self._labels: set[str] = set()
        self._metadata_ids: set[str] = set()
        self.pointers: list[MetsPointer] = []
        """Every mptr, wherever it stands."""
        self.file_ids: list[str] = []
        """Every FILEID of the map, to be found among the IDs of the document."""

    def start_map(self, each: StructuralMap) -> None:
        """Take the start of a structMap."""
        self._map_count += 1
        self._is_csip = each.label == "CSIP"
        if self._is_csip:
            self._has_csip = True
            self._main_divisions = 0
            at = f"structMap {each.id}".strip()
            self._notes.require(each.type == "PHYSICAL", "CSIP81", at, found=each.type)
            self._notes.require(each.id, "CSIP83", at)

    def end_map(self) -> None:
        """Take the end of a structMap."""
        if self._is_csip:
            self._notes.require(self._main_divisions == 1, "CSIP84", "structMap")
        self._is_csip = False

    def start_division(self, each: Division) -> None:
        """Take the start of a div."""
        self._open.append(_Open(each))
        if self._is_csip and each.depth == 0:
            self._main_divisions += 1
            self._notes.require(each.id, "CSIP85", "structMap/div")

    def file_pointer(self, each: FilePointer) -> None:
        """Take an fptr of the open div."""
        if self._open:
            self._open[-1].file_ids.append(each.file_id)
        if each.file_id:
            self.file_ids.append(each.file_id)

    def mets_pointer(self, each: MetsPointer) -> None:
        """Take an mptr of the open div."""
        if self._open:
            self._open[-1].pointers.append(each)
        self.pointers.append(each)

    def end_division(self) -> None:
        """Take the end of a div: now all of it is known."""
        ended = self._open.pop()
        if not self._is_csip:
            return
        label = ended.division.label
        if ended.division.depth == 1:
            self._labels.add(label)
            if label == "Metadata":
                self._metadata(ended.division)
            elif label in _DIVISIONS:
                self._groups(ended)
        if ended.pointers or label.startswith(REPRESENTATIONS + "/"):
            self._representation(ended)

    def _metadata(self, division: Division) -> None:
        at = "div Metadata"
        self._notes.require(division.id, "CSIP89", at)
        self._metadata_ids = {*division.administrative_ids, *division.descriptive_ids}

    def _groups(self, ended: _Open) -> None:
        label = ended.division.label
        _, id_code, pointer_code, file_id_code = _DIVISIONS[label]
        at = f"div {label}"
        self._notes.require(ended.division.id, id_code, at)
        self._notes.require(ended.file_ids, pointer_code, at)
        self._notes.require(all(ended.file_ids), file_id_code, at)

    def _representation(self, ended: _Open) -> None:
        label = ended.division.label
        at = f"div {label}"
        self._notes.require(ended.division.id, "CSIP106", at)
        self._notes.require(label.startswith(REPRESENTATIONS), "CSIP107", at, found=label)
        # The div Representations itself may hold the pointers where there is a single one.
        if label != REPRESENTATIONS:
            self._notes.require(len(ended.pointers) == 1, "CSIP109", at)
        for each in ended.pointers:
            self._notes.require(each.title, "CSIP108", at)
            self._notes.require(each.href, "CSIP110", at)
            self._notes.require(each.link_type == "simple", "CSIP111", at, found=each.link_type)
            self._notes.require(each.locator_type == "URL", "CSIP112", at)

    def finish_metadata(
        self, sections: Iterable[MetadataReference], administrative_id: str
    ) -> None:
        """Ask that the div Metadata names every current section, by its ID or its amdSec's."""
        is_whole_named = administrative_id in self._metadata_ids
        for each in sections:
            if each.status == "CURRENT" and each.id and "Metadata" in self._labels:
                is_descriptive = each.section == "dmdSec"
                code = "CSIP92" if is_descriptive else "CSIP91"
                is_named = each.id in self._metadata_ids or (is_whole_named and not is_descriptive)
                self._notes.require(is_named, code, f"div Metadata, {each.id}")

    def finish(self, uses: set[str], *, is_root: bool) -> None:
        """Say what is missing from the document; `uses` are the USE of its file groups."""
        if not self._has_csip:
            self._notes.add("CSIP82" if self._map_count else "CSIP80")
            return
        self._notes.require("Metadata" in self._labels, "CSIP88", "structMap")
        if is_root:
            for label, (code, *_) in _DIVISIONS.items():
                is_used = any(use == label or use.startswith(label + "/") for use in uses)
                self._notes.require(not is_used or label in self._labels, code, "structMap")
