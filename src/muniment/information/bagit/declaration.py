"""bagit.txt: the version of BagIt and the encoding of all other tag files (RFC 8493 §2.1.1)."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path

from muniment.information.paths import shown
from muniment.runtime.findings import Finding, Severity, code_table

CODES = code_table("muniment.information.bagit")
NAME = "bagit.txt"
VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
MAX_BYTES = 4096

# Text codecs of Python that no producer means: IANA has no such names.
_NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_LABELS = ("BagIt-Version", "Tag-File-Character-Encoding")
_STRICT = re.compile(r"(\S+): (\S+)")
_LENIENT = re.compile(r"\s*([^\s:]+)\s*:\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What bagit.txt says; `version` is (major, minor), `encoding` a codec of Python."""

    version: tuple[int, int] = (1, 0)
    encoding: str = "utf-8"
    label: str = "1.0"
    is_declared: bool = False

    @property
    def encodes_percent(self) -> bool:
        """Say whether `%` itself is encoded in manifests: since 1.0."""
        return self.version >= (1, 0)

    @property
    def is_strict(self) -> bool:
        """Say whether bagit.txt must be as RFC 8493 writes it: since 1.0."""
        return self.version >= (1, 0)

    @property
    def needs_complete_manifests(self) -> bool:
        """Say whether each manifest must list every payload file: since 1.0."""
        return self.version >= (1, 0)

    @property
    def info_name(self) -> str:
        """Return the name of the file of metadata: it was another one before 0.96."""
        return "bag-info.txt" if self.version >= (0, 96) else "package-info.txt"


def read_declaration(bag: Path, findings: list[Finding]) -> Declaration:
    """Read bagit.txt; what is wrong is added to `findings`, and the usual is then assumed."""
    try:
        with (bag / NAME).open("rb") as stream:
            raw = stream.read(MAX_BYTES)
    except (FileNotFoundError, IsADirectoryError):
        findings.append(CODES.finding("bagit-missing", path=NAME))
        return Declaration()
    except OSError as exc:
        findings.append(CODES.finding("tag-unreadable", path=NAME, reason=str(exc.strerror)))
        return Declaration()
    if raw.startswith(codecs.BOM_UTF8):
        findings.append(CODES.finding("bagit-bom", path=NAME))
        raw = raw.removeprefix(codecs.BOM_UTF8)
    lines = _lines(raw, findings)
    values = _values(lines, findings) if lines else None
    if lines is None or values is None:
        return Declaration(is_declared=True)
    declaration = _declaration(values, findings)
    _check_spacing(lines, declaration, findings)
    return declaration


def _lines(raw: bytes, findings: list[Finding]) -> list[str] | None:
    try:
        lines = raw.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        findings.append(_malformed("it is not UTF-8"))
        return None
    if len(lines) != 2:
        findings.append(_malformed(f"it has {len(lines)} lines and not 2"))
        return None
    return lines


def _values(lines: list[str], findings: list[Finding]) -> list[str] | None:
    values = []
    for label, line in zip(_LABELS, lines, strict=True):
        match = _LENIENT.fullmatch(line)
        if match is None or match[1].lower() != label.lower():
            findings.append(_malformed(f"“{label}: …” is expected"))
            return None
        values.append(match[2])
    return values


def _check_spacing(lines: list[str], declaration: Declaration, findings: list[Finding]) -> None:
    """RFC 8493 gives the two lines to the letter; the drafts before 1.0 were read more freely."""
    severity = Severity.ERROR if declaration.is_strict else Severity.WARNING
    findings.extend(
        CODES.finding("bagit-spacing", path=NAME, found=shown(line), severity=severity)
        for line in lines
        if _STRICT.fullmatch(line) is None
    )


def _malformed(reason: str) -> Finding:
    return CODES.finding("bagit-malformed", path=NAME, reason=reason)


def _declaration(values: list[str], findings: list[Finding]) -> Declaration:
    label, encoding = values
    if label not in VERSIONS:
        findings.append(CODES.finding("bagit-version", path=NAME, version=shown(label)))
        label = "1.0"
    codec = _codec_of(encoding)
    if codec is None:
        findings.append(CODES.finding("bagit-encoding", path=NAME, encoding=shown(encoding)))
    major, _, minor = label.partition(".")
    return Declaration((int(major), int(minor)), codec or "utf-8", label, is_declared=True)


def _codec_of(encoding: str) -> str | None:
    """Return Python's codec of a character encoding; None for what is none, as hex or rot13."""
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # refuses codecs that give no text
        codec = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None
    return None if codec in _NO_ENCODINGS else codec
