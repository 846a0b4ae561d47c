"""Reading members of ZIP files without believing them."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

_BLOCK_BYTES = 256 * 1024
_MOST_BYTES = 4 << 30
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)
"""What the standard library raises for a broken archive, and its decompressors."""


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Say whether a member is behind a password (APPNOTE 4.4.4, bit 0)."""
    return any(member.flag_bits & 1 for member in archive.infolist())


def faults(archive: zipfile.ZipFile) -> Iterator[str]:
    """Read every member to its end, where its CRC is checked; stop at 4 GiB."""
    left = _MOST_BYTES
    for member in archive.infolist():
        try:
            with archive.open(member) as stream:
                while left > 0 and (block := stream.read(_BLOCK_BYTES)):
                    left -= len(block)
        except BROKEN as exc:
            yield f"{member.filename}: {exc}"
        if left <= 0:
            return


def xml_fault(archive: zipfile.ZipFile, name: str) -> str:
    """Return why a member is not well-formed XML, "" when it is."""
    try:
        with archive.open(name) as stream:
            for _, element in etree.iterparse(
                stream, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                element.clear()
    except (etree.XMLSyntaxError, KeyError, *BROKEN) as exc:
        return f"{name}: {exc}"
    return ""
