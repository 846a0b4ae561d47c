"""The descriptions of one package, mapped and put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from muniment.information.crosswalks.documents import Description, read_descriptions
from muniment.information.crosswalks.forms import Form
from muniment.information.dublin_core import DublinCore
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidPackage
from muniment.runtime.findings import Finding, code_table

_CODES = code_table(__package__ or "")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What was mapped, from which documents (`metadata/mods.xml (MODS)`), and what was not."""

    record: DublinCore = field(default_factory=DublinCore)
    sources: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def map_documents(root: Path, paths: Iterable[str]) -> Crosswalk:
    """Map those of the documents (paths below `root`) that are of a form that is mapped.

    A form of which there are several records says nothing: they describe parts. A document that
    cannot be read stays as sent, with a finding. Raises StorageUnavailable.
    """
    findings: list[Finding] = []
    found: dict[Form, list[tuple[str, Description]]] = {}
    for path in paths:
        try:
            with storage_errors(path), (root / path).open("rb") as stream:
                for each in read_descriptions(stream, document=path):
                    found.setdefault(each.form, []).append((path, each))
        except InvalidPackage as exc:
            reason = exc.findings[0].message if exc.findings else str(exc)
            findings.append(_CODES.finding("CW01", path=path, document=path, reason=reason))
    record, sources = DublinCore(), list[str]()
    for form, descriptions in found.items():
        count = sum(each.records for _, each in descriptions)
        if count > 1:
            findings.append(
                _CODES.finding("CW02", path=descriptions[0][0], count=str(count), form=str(form))
            )
            continue
        ((path, only),) = descriptions
        if only.record:
            record = record.merged(only.record)
            sources.append(f"{path} ({form})")
    return Crosswalk(record, tuple(sources), tuple(findings))
