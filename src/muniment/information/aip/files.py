"""Between our description of a file and the PREMIS object that keeps it."""

from __future__ import annotations

from functools import lru_cache

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
    return File(
        identifiers=(uuid_identifier(file.file_id),),
        fixity=tuple([Fixity(standard_name(k), v) for k, v in file.digests.items()]),
        size_bytes=file.size_bytes,
        formats=_formats_of(
            (file.puid, file.format_name, file.format_version, file.basis, file.mime_type),
            file.warnings,
        ),
        created_at=file.modified_at,
        validity=file.validity,
        properties=file.properties,
        original_name=file.original_name,
        location=_DATA + file.path,
    )


# Files of one kind say the same of their format: each wording is put together once.
@lru_cache(maxsize=4096)
def _formats_of(
    identification: tuple[str, str, str, str, str], warnings: tuple[str, ...]
) -> tuple[Format, ...]:
    puid, name, version, basis, mime_type = identification
    notes = tuple([_WARNING + each for each in warnings])
    identified = Format(
        name=name or ("" if puid else _UNKNOWN),
        version=version,
        registry=PRONOM if puid else "",
        key=puid,
        notes=(_BASIS + basis, *notes) if basis else notes,
    )
    return (identified, Format(registry=MEDIA_TYPES, key=mime_type)) if mime_type else (identified,)


def from_premis(file: File) -> DescribedFile:
    """Return what `as_premis` was given."""
    (puid, name, version, basis, mime_type), warnings = _identification_of(file.formats)
    return DescribedFile(
        path=file.location.removeprefix(_DATA),
        file_id=file.identifiers[0].value,
        size_bytes=file.size_bytes or 0,
        digests={our_name(each.algorithm): each.digest for each in file.fixity},
        original_name=file.original_name,
        mime_type=mime_type,
        puid=puid,
        format_name=name,
        format_version=version,
        basis=basis,
        warnings=warnings,
        validity=file.validity,
        properties=file.properties,
        modified_at=file.created_at,
    )


@lru_cache(maxsize=4096)
def _identification_of(
    formats: tuple[Format, ...],
) -> tuple[tuple[str, str, str, str, str], tuple[str, ...]]:
    identified = next((one for one in formats if one.registry != MEDIA_TYPES), Format())
    mime_type = next((one.key for one in formats if one.registry == MEDIA_TYPES), "")
    name = "" if identified.name == _UNKNOWN else identified.name
    basis = next((n[len(_BASIS) :] for n in identified.notes if n.startswith(_BASIS)), "")
    warnings = tuple(n[len(_WARNING) :] for n in identified.notes if n.startswith(_WARNING))
    return (identified.key, name, identified.version, basis, mime_type), warnings
