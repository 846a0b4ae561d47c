"""Compares the files of a bag with its manifests; knows nothing of where the digests come from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muniment.information.bagit.bag_info import Label, PayloadOxum, payload_oxum, read_bag_info
from muniment.information.bagit.declaration import CODES, Declaration, read_declaration
from muniment.information.bagit.fetch import FetchItem, read_fetch
from muniment.information.bagit.manifests import Manifest, read_manifests
from muniment.information.bagit.names import spellings
from muniment.information.bagit.report import BagReport
from muniment.runtime.findings import Finding

PAYLOAD = "data/"


@dataclass(slots=True)
class BagCheck:
    """The state of one validation. Feed every file of the bag once, then ask for the report."""

    declaration: Declaration
    info: tuple[Label, ...]
    oxum: PayloadOxum | None
    payload_manifests: list[Manifest]
    tag_manifests: list[Manifest]
    fetch: list[FetchItem]
    findings: list[Finding]
    algorithms: tuple[str, ...] = ()
    tag_algorithms: tuple[str, ...] = ()
    file_count: int = 0
    size_bytes: int = 0
    fetch_keys: set[str] = field(default_factory=set)

    def count(self, key: str, size_bytes: int) -> None:
        """Count a file that is there."""
        if key.startswith(PAYLOAD):
            self.file_count += 1
            self.size_bytes += size_bytes

    def take(self, key: str) -> Mapping[str, bytes]:
        """Take the expected digests of a file out of all manifests, by algorithm.

        Empty when none lists it. Each file may be taken once: what is left at the end is missing.
        """
        is_payload = key.startswith(PAYLOAD)
        manifests = self.payload_manifests if is_payload else self.tag_manifests
        expected = {}
        for manifest in manifests:
            digest = manifest.digests.pop(key, None)
            if digest is not None:
                expected[manifest.algorithm] = digest
        if expected and len(expected) < len(manifests):
            self._incomplete(key, expected, is_payload=is_payload)
        return expected

    def _incomplete(self, key: str, expected: Mapping[str, bytes], *, is_payload: bool) -> None:
        """Report the manifests that lack a file: all payload must be in each since 1.0."""
        if not self.declaration.needs_complete_manifests or not is_payload:
            return
        for manifest in self.payload_manifests:
            if manifest.algorithm not in expected:
                name = manifest.name
                self.findings.append(CODES.finding("manifest-incomplete", path=key, manifest=name))

    def compare(self, key: str, expected: Mapping[str, bytes], found: Mapping[str, str]) -> None:
        """Compare the digests of one file."""
        code = "payload-altered" if key.startswith(PAYLOAD) else "tag-altered"
        for algorithm, digest in expected.items():
            if digest.hex() != found[algorithm]:
                self.findings.append(
                    CODES.finding(
                        code,
                        path=key,
                        expected=digest.hex(),
                        found=found[algorithm],
                        algorithm=algorithm,
                    )
                )

    def aliases(self, extra: list[str]) -> dict[str, str]:
        """Map files that no manifest lists to the spelling in which one does, where it is clear.

        Unicode forms and the encoding of `%` differ between the writers of bags (RFC 8493 §5.2).
        """
        left = {key for m in self.payload_manifests + self.tag_manifests for key in m.digests}
        by_form: dict[str, list[str]] = {}
        for key in left:
            by_form.setdefault(unicodedata.normalize("NFC", key), []).append(key)
        found = {}
        for key in extra:
            candidates = by_form.get(unicodedata.normalize("NFC", key), [])
            candidates = candidates or [each for each in spellings(key) if each in left]
            if len(set(candidates)) == 1:
                found[key] = candidates[0]
                code = CODES.finding("path-spelling", path=key, listed=candidates[0])
                self.findings.append(code)
        return found

    def unlisted(self, key: str) -> None:
        """Report a payload file that no manifest lists; other tag files are free to be there."""
        if key.startswith(PAYLOAD):
            self.findings.append(CODES.finding("payload-extra", path=key))

    def check_oxum(self) -> None:
        """Compare Payload-Oxum with what was counted, unless files of fetch.txt are not there.

        It counts the whole payload, fetched files too. Call it when every file was taken.
        """
        counted = PayloadOxum(self.size_bytes, self.file_count)
        if self.oxum is None or self.oxum == counted:
            return
        if any(
            key in manifest.digests
            for key in self.fetch_keys
            for manifest in self.payload_manifests
        ):
            return
        self.findings.append(
            CODES.finding(
                "oxum-mismatch", path="bag-info.txt", expected=str(self.oxum), found=str(counted)
            )
        )

    def report(self) -> BagReport:
        """Report what is listed but was not there, and close."""
        for key in sorted({key for m in self.payload_manifests for key in m.digests}):
            code = "fetch-absent" if key in self.fetch_keys else "payload-missing"
            self.findings.append(CODES.finding(code, path=key))
        for key in sorted({key for m in self.tag_manifests for key in m.digests}):
            self.findings.append(CODES.finding("tag-missing", path=key))
        return BagReport(
            self.declaration.label,
            self.declaration.encoding,
            self.info,
            self.algorithms,
            self.tag_algorithms,
            tuple(self.fetch),
            self.file_count,
            self.size_bytes,
            tuple(self.findings),
        )


def open_check(bag: Path) -> BagCheck:
    """Read the tag files of a bag."""
    findings: list[Finding] = []
    declaration = read_declaration(bag, findings)
    info = read_bag_info(bag, declaration, findings)
    oxum = payload_oxum(info, findings)
    if not (bag / "data").is_dir():
        findings.append(CODES.finding("data-missing", path="data"))
    manifests = read_manifests(bag, declaration, findings)
    payload = [manifest for manifest in manifests if not manifest.is_tag]
    tag = [manifest for manifest in manifests if manifest.is_tag]
    fetch = read_fetch(bag, declaration, findings)
    check = BagCheck(declaration, info, oxum, payload, tag, fetch, findings)
    check.algorithms = tuple(manifest.algorithm for manifest in payload)
    check.tag_algorithms = tuple(manifest.algorithm for manifest in tag)
    check.fetch_keys = {item.key for item in fetch}
    _check_fetch(check)
    _check_tag_manifests(check)
    return check


def _check_fetch(check: BagCheck) -> None:
    for item in check.fetch:
        if not any(item.key in manifest.digests for manifest in check.payload_manifests):
            check.findings.append(CODES.finding("fetch-unlisted", path="fetch.txt", entry=item.key))


def _check_tag_manifests(check: BagCheck) -> None:
    """From 1.0 on a tag manifest lists every payload manifest (RFC 8493 §2.2.1)."""
    if not check.declaration.needs_complete_manifests:
        return
    for tag in check.tag_manifests:
        for payload in check.payload_manifests:
            if payload.name not in tag.digests:
                check.findings.append(
                    CODES.finding("tagmanifest-incomplete", path=payload.name, manifest=tag.name)
                )
