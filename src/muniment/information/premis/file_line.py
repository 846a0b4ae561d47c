"""The hot path of reading: one file as our writer writes it, taken without building a tree.

The expression accepts exactly the shape of `write_file.render_file` without relationships and
without a character reference; whatever differs in the least is left to the XML parser.
"""

from __future__ import annotations

import re

from muniment.information.premis.model import File, Fixity, Format, Identifier

# What may stand in text: no mark-up, no reference, nothing that XML 1.0 forbids.
_T = "([^<&\x00-\x1f\ufffe\uffff]*)"
_A = '([^<&"\x00-\x1f\ufffe\uffff]*)'
_ANY = _T.replace("(", "(?:")
_ANY_A = _A.replace("(", "(?:")

_FIXITY = (
    f"<fixity><messageDigestAlgorithm>{_T}</messageDigestAlgorithm>"
    f"<messageDigest>{_T}</messageDigest>"
    f"(?:<messageDigestOriginator>{_T}</messageDigestOriginator>)?</fixity>"
)
_FORMAT = (
    "<format>"
    f"(?:<formatDesignation><formatName>{_T}</formatName>"
    f"(?:<formatVersion>{_T}</formatVersion>)?</formatDesignation>)?"
    f"(?:<formatRegistry><formatRegistryName>{_T}</formatRegistryName>"
    f"<formatRegistryKey>{_T}</formatRegistryKey></formatRegistry>)?"
    f"((?:<formatNote>{_ANY}</formatNote>)*)</format>"
)
_PROPERTY = f'<m:property name="{_A}">{_T}</m:property>'


def _ungrouped(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


_FILE = re.compile(
    '<object xsi:type="file"><objectIdentifier>'
    f"<objectIdentifierType>{_T}</objectIdentifierType>"
    f"<objectIdentifierValue>{_T}</objectIdentifierValue></objectIdentifier>"
    "<objectCharacteristics>"
    f"((?:{_ungrouped(_FIXITY)})*)"
    "(?:<size>([0-9]{1,18})</size>)?"
    f"((?:{_ungrouped(_FORMAT)})+)"
    "(?:<creatingApplication><dateCreatedByApplication>"
    f"{_T}</dateCreatedByApplication></creatingApplication>)?"
    f'(?:<objectCharacteristicsExtension><m:properties(?: validity="{_A}")?>'
    f"((?:{_ungrouped(_PROPERTY)})*)</m:properties></objectCharacteristicsExtension>)?"
    "</objectCharacteristics>"
    f"(?:<originalName>{_T}</originalName>)?"
    "(?:<storage><contentLocation><contentLocationType>path</contentLocationType>"
    f"<contentLocationValue>{_T}</contentLocationValue></contentLocation></storage>)?"
    "</object>\n"
)
_FIXITIES = re.compile(_FIXITY)
_FORMATS = re.compile(_FORMAT)
_NOTES = re.compile(f"<formatNote>{_T}</formatNote>")
_PROPERTIES = re.compile(_PROPERTY)

_MOST_FORMATS = 4096
_known_formats: dict[str, tuple[Format, ...]] = {}


def read_file_line(line: bytes) -> File | None:
    """Return the file of one line; None when the line needs the XML parser."""
    try:
        match = _FILE.fullmatch(line.decode())
    except UnicodeDecodeError:
        return None
    if match is None:
        return None
    kind, value, fixity, size, formats, created_at, validity, properties, name, at = match.groups(
        ""
    )
    return File(
        identifiers=(Identifier(kind, value),),
        fixity=tuple([Fixity(*each) for each in _FIXITIES.findall(fixity)]),
        size_bytes=int(size) if size else None,
        formats=_known_formats.get(formats) or _read_formats(formats),
        created_at=created_at,
        validity=validity,
        properties=dict(_PROPERTIES.findall(properties)) if properties else {},
        original_name=name,
        location=at,
    )


def _read_formats(text: str) -> tuple[Format, ...]:
    """Files of one kind say the same of their format: each wording is taken apart once."""
    found = tuple(
        Format(name, version, registry, key, tuple(_NOTES.findall(notes)))
        for name, version, registry, key, notes in _FORMATS.findall(text)
    )
    if len(_known_formats) >= _MOST_FORMATS:
        _known_formats.clear()
    _known_formats[text] = found
    return found
