"""bag-info.txt: labels and values in their order, repeats kept (RFC 8493 §2.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.information.bagit.declaration import CODES, Declaration
from muniment.information.bagit.tag_files import read_lines
from muniment.runtime.findings import Finding

_OXUM = re.compile(r"(\d{1,20})\.(\d{1,20})")
_ONCE = ("Payload-Oxum", "Bagging-Date", "Bag-Size", "Bag-Group-Identifier", "Bag-Count")


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PayloadOxum:
    """Bytes and files of the payload."""

    size_bytes: int
    file_count: int

    def __str__(self) -> str:
        return f"{self.size_bytes}.{self.file_count}"


def read_bag_info(
    bag: Path, declaration: Declaration, findings: list[Finding]
) -> tuple[Label, ...]:
    """Read bag-info.txt (package-info.txt before 0.96); an absent one is empty."""
    name = declaration.info_name
    if not (bag / name).is_file():
        name = "bag-info.txt"
    if not (bag / name).is_file():
        return ()
    labels: list[Label] = []
    for number, line in read_lines(bag, name, declaration, findings):
        if line[0] in " \t" and labels:
            last = labels.pop()
            labels.append(Label(last.label, f"{last.value} {line.strip()}".strip()))
        elif label := _label(line, number, name, findings):
            labels.append(label)
    _flag_repeats(labels, name, findings)
    return tuple(labels)


def _label(line: str, number: int, name: str, findings: list[Finding]) -> Label | None:
    label, colon, value = line.partition(":")
    if not colon or not label.strip():
        findings.append(CODES.finding("info-malformed", path=name, line=str(number)))
        return None
    if label != label.strip() or (value and value[0] not in " \t"):
        findings.append(CODES.finding("info-spacing", path=name, line=str(number)))
    return Label(label.strip(), value.strip())


def _flag_repeats(labels: Sequence[Label], name: str, findings: list[Finding]) -> None:
    findings.extend(
        CODES.finding("info-repeated", path=name, label=label)
        for label in _ONCE
        if len(values_of(labels, label)) > 1
    )


def values_of(labels: Iterable[Label], wanted: str) -> tuple[str, ...]:
    """Return all values of a label, in order; labels ignore case."""
    return tuple(each.value for each in labels if each.label.lower() == wanted.lower())


def payload_oxum(labels: Iterable[Label], findings: list[Finding]) -> PayloadOxum | None:
    """Return Payload-Oxum; a malformed one is a finding."""
    values = values_of(labels, "Payload-Oxum")
    if not values:
        return None
    match = _OXUM.fullmatch(values[-1])
    if match is None:
        findings.append(CODES.finding("oxum-malformed", path="bag-info.txt", found=values[-1]))
        return None
    return PayloadOxum(int(match[1]), int(match[2]))


def render_bag_info(labels: Iterable[Label]) -> str:
    """Write the labels; line ends in values become spaces, as they could not be read back."""
    return "".join(f"{each.label}: {' '.join(each.value.split())}\n" for each in labels)
