"""Manifests: the digests that the files of a bag must have (RFC 8493 §2.1.3, §2.2.1)."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from muniment.information.bagit.algorithms import algorithm_named, bag_name, digest_bytes
from muniment.information.bagit.declaration import CODES, Declaration
from muniment.information.bagit.names import decode_manifest_path, is_unsafe, key_of
from muniment.information.bagit.tag_files import read_lines
from muniment.information.paths import encode_name, shown
from muniment.runtime.findings import Finding, Severity

_MANIFEST = re.compile(r"(tag)?manifest-([^/]+)\.txt", re.IGNORECASE)


@dataclass(slots=True)
class Manifest:
    """One manifest; `digests` maps the key of a path to the digest in bytes."""

    name: str
    algorithm: str
    is_tag: bool
    digests: dict[str, bytes] = field(default_factory=dict)


def manifest_name(name: str) -> tuple[bool, str] | None:
    """Split the name of a manifest into "is a tag manifest" and its algorithm as written."""
    match = _MANIFEST.fullmatch(name)
    return None if match is None else (match[1] is not None, match[2])


def read_manifests(bag: Path, declaration: Declaration, findings: list[Finding]) -> list[Manifest]:
    """Read all manifests of a bag. Costs some 250 bytes of memory a line."""
    manifests = []
    for path in sorted(bag.iterdir()) if bag.is_dir() else ():
        split = manifest_name(path.name)
        if split is not None and path.is_file():
            manifest = _manifest(path.name, *split, findings)
            if manifest is not None:
                _read(bag, manifest, declaration, findings)
                manifests.append(manifest)
    if not any(not manifest.is_tag for manifest in manifests):
        findings.append(CODES.finding("manifest-none"))
    return manifests


def _manifest(name: str, is_tag: bool, written: str, findings: list[Finding]) -> Manifest | None:
    algorithm = algorithm_named(written)
    if algorithm is None:
        path = encode_name(os.fsencode(name))
        findings.append(CODES.finding("manifest-algorithm", path=path, algorithm=shown(written)))
        return None
    if written != bag_name(algorithm) and written not in {"blake2b", "blake2s"}:
        findings.append(CODES.finding("manifest-name", path=name))
    return Manifest(name, algorithm, is_tag)


def _read(bag: Path, manifest: Manifest, declaration: Declaration, findings: list[Finding]) -> None:
    size = digest_bytes(manifest.algorithm)
    sloppy: set[str] = set()
    for number, line in read_lines(bag, manifest.name, declaration, findings):
        parts = line.split(maxsplit=1) if line[:1].isalnum() else []
        value = _digest(parts[0], size) if len(parts) == 2 else None
        if value is None:
            findings.append(_bad_line(manifest, number, parts))
            continue
        path = _tidied(parts[1], sloppy) if parts[1][0] in "*." else parts[1]
        path = decode_manifest_path(path, with_percent=declaration.encodes_percent)
        if fault := _misplaced(manifest, path):
            code = CODES.finding(fault, path=manifest.name, line=str(number), entry=shown(path))
            findings.append(code)
        else:
            _add(manifest, key_of(path), value, declaration, findings)
    findings.extend(CODES.finding(code, path=manifest.name) for code in sorted(sloppy))


def _digest(text: str, size: int) -> bytes | None:
    try:
        value = bytes.fromhex(text)
    except ValueError:
        return None
    return value if len(value) == size else None


def _bad_line(manifest: Manifest, number: int, parts: list[str]) -> Finding:
    if len(parts) < 2:
        return CODES.finding("manifest-line", path=manifest.name, line=str(number))
    return CODES.finding(
        "manifest-digest",
        path=manifest.name,
        line=str(number),
        algorithm=manifest.algorithm,
        found=shown(parts[0]),
    )


def _tidied(path: str, sloppy: set[str]) -> str:
    """Take off what md5sum and find put before a path."""
    if path.startswith("*"):
        sloppy.add("manifest-star")
        path = path[1:]
    if path.startswith("./"):
        sloppy.add("manifest-dot")
        path = path[2:]
    return path


def _misplaced(manifest: Manifest, path: str) -> str | None:
    if not path or is_unsafe(path):
        return "manifest-unsafe"
    if not manifest.is_tag:
        return None if path.startswith("data/") else "manifest-outside"
    is_tag_manifest = (manifest_name(path) or (False, ""))[0]
    return "tagmanifest-payload" if path.startswith("data/") or is_tag_manifest else None


def _add(
    manifest: Manifest, key: str, value: bytes, declaration: Declaration, findings: list[Finding]
) -> None:
    """Keep one line; the same line twice was no fault before 1.0."""
    known = manifest.digests.setdefault(key, value)
    if known is value:
        return
    is_harmless = known == value and not declaration.needs_complete_manifests
    severity = Severity.WARNING if is_harmless else Severity.ERROR
    findings.append(
        CODES.finding("manifest-twice", path=manifest.name, severity=severity, entry=shown(key))
    )
