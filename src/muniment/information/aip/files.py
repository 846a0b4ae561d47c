"""Between our description of a file and the PREMIS object that keeps it."""

from __future__ import annotations

from muniment.information.aip.model import DescribedFile
from muniment.information.digest_names import our_name, standard_name
from muniment.information.premis import File, Fixity, Format, uuid_identifier

PRONOM = "PRONOM"
MEDIA_TYPES = "IANA media types"
_BASIS = "basis: "
_WARNING = "warning: "
_DATA = "data/"
_UNKNOWN = "unknown"


def as_premis(file: DescribedFile) -> File:
    """Return the PREMIS object of a file; basis and warnings become notes of its format."""
    notes = tuple([_WARNING + each for each in file.warnings])
    if file.basis:
        notes = (_BASIS + file.basis, *notes)
    identified = Format(
        name=file.format_name or ("" if file.puid else _UNKNOWN),
        version=file.format_version,
        registry=PRONOM if file.puid else "",
        key=file.puid,
        notes=notes,
    )
    media_type = (Format(registry=MEDIA_TYPES, key=file.mime_type),) if file.mime_type else ()
    return File(
        identifiers=(uuid_identifier(file.file_id),),
        fixity=tuple([Fixity(standard_name(k), v) for k, v in file.digests.items()]),
        size_bytes=file.size_bytes,
        formats=(identified, *media_type),
        created_at=file.modified_at,
        validity=file.validity,
        properties=file.properties,
        original_name=file.original_name,
        location=_DATA + file.path,
    )


def from_premis(file: File) -> DescribedFile:
    """Return what `as_premis` was given."""
    identified = next((one for one in file.formats if one.registry != MEDIA_TYPES), Format())
    notes = identified.notes
    warnings: tuple[str, ...] = ()
    basis = ""
    if notes:
        basis = next((one[len(_BASIS) :] for one in notes if one.startswith(_BASIS)), "")
        warnings = tuple([one[len(_WARNING) :] for one in notes if one.startswith(_WARNING)])
    return DescribedFile(
        path=file.location.removeprefix(_DATA),
        file_id=file.identifiers[0].value,
        size_bytes=file.size_bytes or 0,
        digests={our_name(each.algorithm): each.digest for each in file.fixity},
        original_name=file.original_name,
        mime_type=next((one.key for one in file.formats if one.registry == MEDIA_TYPES), ""),
        puid=identified.key,
        format_name="" if identified.name == _UNKNOWN else identified.name,
        format_version=identified.version,
        basis=basis,
        warnings=warnings,
        validity=file.validity,
        properties=file.properties,
        modified_at=file.created_at,
    )
