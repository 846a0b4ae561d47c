"""The fixed vocabularies of E-ARK CSIP 2.2 and those values of METS 1.12 that it refers to."""

from __future__ import annotations

CONTENT_CATEGORIES = frozenset(
    {
        "2D and 3D Computer Aided Design",
        "Audio - Media-independent (digital)",
        "Audio - On Tangible Medium (digital or analog)",
        "Collection",
        "Databases",
        "Datasets",
        "Design (schematics, architectural drawings) - Print",
        "Digital Musical Composition (score-based representations)",
        "Email",
        "Event",
        "GIS Raster and Georeferenced Images",
        "GIS Vector and Raster Combined",
        "Geographic Information System (GIS) - Vector Data",
        "Geospatial Data",
        "Image",
        "Interactive resource",
        "Microforms",
        "Mixed",
        "Motion Pictures - Digital and Physical Media",
        "Moving image",
        "Musical Scores - Digital",
        "Musical Scores - Print",
        "Non-GIS Cartographic",
        "Other",
        "Other Graphic Images - Digital",
        "Other Graphic Images - Print",
        "Photographs - Digital",
        "Photographs - Print",
        "Physical object",
        "Scanned 3D Objects (output from photogrammetry scanning)",
        "Service",
        "Software",
        "Software and Video Games",
        "Sound",
        "Still image",
        "Text",
        "Textual works - Digital",
        "Textual works - Electronic Serials",
        "Textual works - Print",
        "Video - File-based and Physical Media",
        "Web Archives",
        "Websites",
    }
)
"""Values of mets/@TYPE, with hyphens for the dashes that the vocabulary writes now and then."""

# The vocabulary and the schema spell two of these differently: both are taken.
CONTENT_INFORMATION_TYPES = frozenset(
    {
        "ERMS",
        "GeoData",
        "MIXED",
        "OTHER",
        "SIARD1",
        "SIARD2",
        "SIARDDK",
        "citcarchival_v1_0",
        "cits3dpm_v1_0",
        "citsarchival_v1_0",
        "citscarchival_v1_0",
        "citsehcr_v1_0",
        "citsehpj_v1_0",
        "citsehpj_v2_0",
        "citserms_v2_1",
        "citserms_v3_0",
        "citsgeospatial_v3_0",
        "citspremis_v1_0",
        "citssiard_v1_0",
        "csarchival_v1_0",
        "cscarchival_v1_0",
        "cspremis_v1_0",
    }
)
PACKAGE_TYPES = frozenset({"SIP", "AIP", "DIP", "AIU", "AIC"})
STATUSES = frozenset({"CURRENT", "SUPERSEDED"})
METADATA_TYPES = frozenset(
    {
        "DC",
        "DDI",
        "EAC-CPF",
        "EAD",
        "FGDC",
        "ISO 19115:2003 NAP",
        "LC-AV",
        "LIDO",
        "LOM",
        "MARC",
        "METSRIGHTS",
        "MODS",
        "NISOIMG",
        "OTHER",
        "PREMIS",
        "PREMIS:AGENT",
        "PREMIS:EVENT",
        "PREMIS:OBJECT",
        "PREMIS:RIGHTS",
        "TEIHDR",
        "TEXTMD",
        "VRA",
    }
)
CHECKSUM_TYPES = frozenset(
    {
        "Adler-32",
        "CRC32",
        "HAVAL",
        "MD5",
        "MNP",
        "SHA-1",
        "SHA-256",
        "SHA-384",
        "SHA-512",
        "TIGER",
        "WHIRLPOOL",
    }
)


def is_content_category(text: str) -> bool:
    """Say whether a TYPE is in the vocabulary, whichever dash it is written with."""
    return text.replace("\N{EN DASH}", "-") in CONTENT_CATEGORIES


def is_media_type(text: str) -> bool:
    """Say whether a text has the form of a media type (RFC 6838 §4.2); no list is asked."""
    kind, slash, subtype = text.partition(";")[0].strip().partition("/")
    return bool(kind and slash and subtype) and not any(each.isspace() for each in kind + subtype)
