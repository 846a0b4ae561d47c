"""Writing the `object` of one file: the hot path, one for each file of an archive."""

from __future__ import annotations

from functools import lru_cache

from muniment.information.premis.model import File, Fixity, Format
from muniment.information.premis.parts import identifier, relationship
from muniment.information.xml import branch, escape, leaf, leaves

_UNKNOWN = (Format(name="unknown"),)


def render_file(unit: File) -> str:
    """Return the `object` element of a file. PREMIS wants at least one format: else `unknown`."""
    size = "" if unit.size_bytes is None else f"<size>{unit.size_bytes}</size>"
    return (
        '<object xsi:type="file">'
        + "".join([identifier("object", each) for each in unit.identifiers])
        + "<objectCharacteristics>"
        + "".join([_fixity(each) for each in unit.fixity])
        + size
        + _formats(unit.formats or _UNKNOWN)
        + _created_at(unit.created_at)
        + _extension(unit)
        + "</objectCharacteristics>"
        + (leaf("originalName", unit.original_name) if unit.original_name else "")
        + _storage(unit.location)
        + "".join([relationship(each) for each in unit.relationships])
        + "</object>"
    )


def _fixity(each: Fixity) -> str:
    originator = leaf("messageDigestOriginator", each.originator) if each.originator else ""
    return (
        f"<fixity><messageDigestAlgorithm>{escape(each.algorithm)}</messageDigestAlgorithm>"
        f"<messageDigest>{escape(each.digest)}</messageDigest>{originator}</fixity>"
    )


# Files of one kind say the same of their format: each wording is put together once.
@lru_cache(maxsize=4096)
def _formats(formats: tuple[Format, ...]) -> str:
    return "".join([_format(each) for each in formats])


def _format(each: Format) -> str:
    designation = registry = ""
    if each.name:
        version = leaf("formatVersion", each.version) if each.version else ""
        designation = (
            f"<formatDesignation>{leaf('formatName', each.name)}{version}</formatDesignation>"
        )
    if each.key:
        registry = (
            f"<formatRegistry><formatRegistryName>{escape(each.registry)}</formatRegistryName>"
            f"<formatRegistryKey>{escape(each.key)}</formatRegistryKey></formatRegistry>"
        )
    notes = leaves("formatNote", each.notes) if each.notes else ""
    return f"<format>{designation}{registry}{notes}</format>"


def _created_at(at: str) -> str:
    if not at:
        return ""
    return branch("creatingApplication", leaf("dateCreatedByApplication", at))


def _extension(unit: File) -> str:
    if not unit.validity and not unit.properties:
        return ""
    validity = f' validity="{escape(unit.validity)}"' if unit.validity else ""
    properties = [
        f'<m:property name="{escape(name)}">{escape(value)}</m:property>'
        for name, value in unit.properties.items()
    ]
    return (
        f"<objectCharacteristicsExtension><m:properties{validity}>{''.join(properties)}"
        "</m:properties></objectCharacteristicsExtension>"
    )


def _storage(location: str) -> str:
    if not location:
        return ""
    return (
        "<storage><contentLocation><contentLocationType>path</contentLocationType>"
        f"<contentLocationValue>{escape(location)}</contentLocationValue>"
        "</contentLocation></storage>"
    )
