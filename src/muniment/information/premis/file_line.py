"""The hot path of reading: one file as our writer writes it, taken without building a tree.

The expression accepts exactly the shape of `write_file.render_file` without relationships and
without a character reference; whatever differs in the least is left to the XML parser.
"""

from __future__ import annotations

import re

from muniment.information.premis.line_patterns import A_TEXT, AN_ATTRIBUTE, ANY_TEXT, decoded
from muniment.information.premis.model import File, Fixity, Format, Identifier

_FIXITY = (
    f"<fixity><messageDigestAlgorithm>{A_TEXT}</messageDigestAlgorithm>"
    f"<messageDigest>{A_TEXT}</messageDigest>"
    f"(?:<messageDigestOriginator>{A_TEXT}</messageDigestOriginator>)?</fixity>"
)
_FORMAT = (
    "<format>"
    f"(?:<formatDesignation><formatName>{A_TEXT}</formatName>"
    f"(?:<formatVersion>{A_TEXT}</formatVersion>)?</formatDesignation>)?"
    f"(?:<formatRegistry><formatRegistryName>{A_TEXT}</formatRegistryName>"
    f"<formatRegistryKey>{A_TEXT}</formatRegistryKey></formatRegistry>)?"
    f"((?:<formatNote>{ANY_TEXT}</formatNote>)*)</format>"
)
_PROPERTY = f'<m:property name="{AN_ATTRIBUTE}">{A_TEXT}</m:property>'


def _ungrouped(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


_FILE = re.compile(
    '<object xsi:type="file"><objectIdentifier>'
    f"<objectIdentifierType>{A_TEXT}</objectIdentifierType>"
    f"<objectIdentifierValue>{A_TEXT}</objectIdentifierValue></objectIdentifier>"
    "<objectCharacteristics>"
    f"((?:{_ungrouped(_FIXITY)})*)"
    "(?:<size>([0-9]{1,18})</size>)?"
    f"((?:{_ungrouped(_FORMAT)})+)"
    "(?:<creatingApplication><dateCreatedByApplication>"
    f"{A_TEXT}</dateCreatedByApplication></creatingApplication>)?"
    f'(?:<objectCharacteristicsExtension><m:properties(?: validity="{AN_ATTRIBUTE}")?>'
    f"((?:{_ungrouped(_PROPERTY)})*)</m:properties></objectCharacteristicsExtension>)?"
    "</objectCharacteristics>"
    f"(?:<originalName>{A_TEXT}</originalName>)?"
    "(?:<storage><contentLocation><contentLocationType>path</contentLocationType>"
    f"<contentLocationValue>{A_TEXT}</contentLocationValue></contentLocation></storage>)?"
    "</object>\n"
)
_FIXITIES = re.compile(_FIXITY)
_FORMATS = re.compile(_FORMAT)
_NOTES = re.compile(f"<formatNote>{A_TEXT}</formatNote>")
_PROPERTIES = re.compile(_PROPERTY)

_MOST_FORMATS = 4096
_known_formats: dict[str, tuple[Format, ...]] = {}


def read_file_line(line: bytes) -> File | None:
    """Return the file of one line; None when the line needs the XML parser."""
    match = _FILE.fullmatch(decoded(line))
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
