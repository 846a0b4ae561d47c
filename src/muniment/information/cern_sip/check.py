"""Holds a CERN SIP to the rules S01 to S15; those of the bag are the bag's own findings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from muniment.information.bagit.report import BagReport
from muniment.information.bagit.validation import check_listed
from muniment.information.cern_sip.model import ContentFile, SipManifest
from muniment.information.cern_sip.schema import KNOWN, faults
from muniment.information.dublin_core import DublinCore, DublinCoreValue, read_dublin_core
from muniment.information.listing import ListedFile
from muniment.information.paths import encode_name
from muniment.information.premis import Identifier
from muniment.runtime.digests import digest_stream
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidPackage, StorageUnavailable
from muniment.runtime.findings import Finding, Severity, code_table

SIP_JSON = "data/meta/sip.json"
DESCRIPTION = "data/meta/dc.xml"
_CODES = code_table("muniment.information.cern_sip")
_MOST_BYTES = 256 << 20
_FOLDERS = ("data/content", "data/meta")
_MANIFEST_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})
_WEAK = frozenset({"md5", "sha1", "adler32"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CernSipReport:
    """Every finding, and what ingest takes from the package; `manifest` None: not readable."""

    bag: BagReport
    manifest: SipManifest | None
    findings: tuple[Finding, ...]
    identifiers: tuple[Identifier, ...] = ()
    dublin_core: DublinCore = DublinCore()  # noqa: RUF009  # frozen and empty
    descriptions: tuple[str, ...] = ()
    """Paths of further XML that describes the whole, as far as anybody knows."""


def check_cern_sip(root: Path, files: Iterable[ListedFile], *, base: str = "") -> CernSipReport:
    """Check the SIP in the folder `base` of `root` ("" = the root itself).

    `files` is the listing of `root`; a file is read again only for an algorithm that the listing
    lacks. Memory holds the paths and digests. Raises StorageUnavailable.
    """
    prefix = f"{base}/" if base else ""
    above = prefix.count("/")
    listed = {
        file.original_name.split("/", above)[above]: file
        for file in files
        if file.path.startswith(prefix)
    }
    bag = check_listed(root, listed.values(), base=base)
    findings = [*_bag_rules(bag), *_missing_folders((*listed, *(item.key for item in bag.fetch)))]
    manifest, said = _read_manifest(root / base / SIP_JSON)
    findings += said
    if manifest is None:
        return CernSipReport(bag=bag, manifest=None, findings=(*bag.findings, *findings))
    absent = _left_out(bag, listed) if manifest.is_light else frozenset[str]()
    findings = [*_but_for_light(bag.findings, absent), *findings]
    findings += _check_content(root, manifest, listed, absent)
    findings += _check_name(manifest, base)
    if not set(bag.algorithms) - _WEAK:
        names = ", ".join(bag.algorithms) or "none"
        findings.append(_CODES.finding("S11", path=SIP_JSON, algorithms=names))
    dublin_core, said = _description(root / base, manifest, listed)
    findings += said
    return CernSipReport(
        bag=bag,
        manifest=manifest,
        findings=tuple(findings),
        identifiers=(Identifier(f"cern-sip:{manifest.source}", manifest.record_id),),
        dublin_core=dublin_core,
        descriptions=tuple(_further_descriptions(manifest, listed)),
    )


def _bag_rules(bag: BagReport) -> Iterator[Finding]:
    """What a CERN SIP asks of its bag beyond RFC 8493."""
    if bag.encoding != "utf-8":
        yield _CODES.finding("S02", path="bagit.txt", expected="UTF-8", found=bag.encoding)
    if not set(bag.algorithms) & _MANIFEST_ALGORITHMS:
        yield _CODES.finding("S03", found=", ".join(bag.algorithms))
    if not bag.values("Payload-Oxum"):
        yield _CODES.finding("S06", path="bag-info.txt")


def _left_out(bag: BagReport, listed: Mapping[str, ListedFile]) -> frozenset[str]:
    """Return the files of fetch.txt that are not there."""
    return frozenset(item.key for item in bag.fetch) - listed.keys()


def _but_for_light(findings: Iterable[Finding], absent: frozenset[str]) -> Iterator[Finding]:
    """In a light SIP, what fetch.txt lists may be absent (S05): that is told, not refused."""
    for finding in findings:
        is_meant = finding.code == "fetch-absent" and finding.path in absent
        yield replace(finding, severity=Severity.WARNING) if is_meant else finding


def _missing_folders(paths: Collection[str]) -> Iterator[Finding]:
    for folder in _FOLDERS:
        if not any(path.startswith(f"{folder}/") for path in paths):
            yield _CODES.finding("S01", path=folder, folder=folder)


def _read_manifest(file: Path) -> tuple[SipManifest | None, list[Finding]]:
    try:
        text = _read(file)
        if len(text) > _MOST_BYTES:
            return None, [_unreadable(f"it has more than {_MOST_BYTES} bytes")]
        document = json.loads(text.decode("utf-8"))
        if b"\\u" in text:
            json.dumps(document, ensure_ascii=False).encode()  # half a character is no text
    except (FileNotFoundError, IsADirectoryError, ValueError, RecursionError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else str(exc)
        return None, [_unreadable(reason or type(exc).__name__)]
    found = [
        _CODES.finding("S07-schema", path=SIP_JSON, pointer=pointer, reason=f"{pointer}: {reason}")
        for pointer, reason in faults(document)
    ]
    if found:
        return None, found
    unknown = sorted(set(document) - KNOWN)
    return SipManifest.from_json(document), [
        _CODES.finding("S07-unknown", path=SIP_JSON, pointer=f"/{name}", name=name[:100])
        for name in unknown
    ]


def _read(file: Path) -> bytes:
    """Read the file, to a byte beyond what is taken; a disk that does not give it is no fault."""
    try:
        with file.open("rb") as stream:
            return stream.read(_MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError):
        raise
    except OSError as exc:
        raise StorageUnavailable(f"cannot read {SIP_JSON}: {exc.strerror}") from exc


def _unreadable(reason: str) -> Finding:
    return _CODES.finding("S07-json", path=SIP_JSON, reason=reason[:300])


def _check_content(
    root: Path, manifest: SipManifest, listed: dict[str, ListedFile], absent: frozenset[str]
) -> Iterator[Finding]:
    described = set()
    for entry in manifest.files:
        key = encode_name(entry.bagpath.encode())  # as the listing writes the name that came
        described.add(key)
        if entry.is_downloaded and key and key not in absent:
            yield from _check_entry(root, key, entry, listed.get(key))
    for path in listed:
        if path.startswith("data/content/") and path not in described:
            yield _CODES.finding("S09", path=path)


def _check_entry(
    root: Path, path: str, entry: ContentFile, file: ListedFile | None
) -> Iterator[Finding]:
    if file is None:
        yield _CODES.finding("S08-missing", path=path)
        return
    if path == SIP_JSON:
        return  # it lists itself, written before it was whole
    if entry.size_bytes is not None and entry.size_bytes != file.size_bytes:
        expected, found = str(entry.size_bytes), str(file.size_bytes)
        yield _CODES.finding("S08-size", path=path, expected=expected, found=found)
    digests = _digests_of(root, file, {name for name, _ in entry.checksums})
    for algorithm, expected in entry.checksums:
        if digests[algorithm] != expected:
            yield _CODES.finding(
                "S08-digest",
                path=path,
                algorithm=algorithm,
                expected=expected,
                found=digests[algorithm],
            )


def _digests_of(root: Path, file: ListedFile, wanted: set[str]) -> dict[str, str]:
    """Return the digests of a file; it is read for those that the listing lacks."""
    lacking = sorted(wanted - set(file.digests))
    if not lacking:
        return dict(file.digests)
    with storage_errors(file.path), (root / file.path).open("rb") as stream:
        return {**file.digests, **digest_stream(stream, lacking).by_algorithm}


def _check_name(manifest: SipManifest, base: str) -> Iterator[Finding]:
    """Only a package inside a top folder shows the name that it was given."""
    wanted = manifest.name.replace("/", "%2F")
    names = {encode_name(name.encode()) for name in (wanted, wanted.replace("::", "__"))}
    if base and base not in names:
        yield _CODES.finding("S10", path=base, expected=wanted, found=base)


def _description(
    bag: Path, manifest: SipManifest, listed: dict[str, ListedFile]
) -> tuple[DublinCore, list[Finding]]:
    title = (DublinCoreValue("title", manifest.title),) if manifest.title else ()
    if DESCRIPTION not in listed:
        return DublinCore(title), []
    try:
        with (bag / DESCRIPTION).open("rb") as stream:
            return read_dublin_core(stream, document=DESCRIPTION), []
    except InvalidPackage as exc:
        return DublinCore(title), list(exc.findings)


def _further_descriptions(manifest: SipManifest, listed: Mapping[str, ListedFile]) -> Iterator[str]:
    """Yield the XML in the folder of metadata, and what sip.json calls metadata."""
    marked = {encode_name(each.bagpath.encode()) for each in manifest.files if each.is_metadata}
    for key, file in listed.items():
        folder, _, name = key.rpartition("/")
        is_told = key in marked or (folder == "data/meta" and key != DESCRIPTION)
        if is_told and name.lower().endswith(".xml"):
            yield file.path
