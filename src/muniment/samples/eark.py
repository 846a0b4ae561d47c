"""An E-ARK SIP (CSIP 2.2) written by hand: root METS, one representation with its own."""

from __future__ import annotations

import hashlib
import mimetypes
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from muniment.samples.packing import write_folder
from muniment.samples.texts import MADE_AT, TITLE

_NAMESPACES = (
    'xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" '
    'xmlns:sip="https://DILCIS.eu/XML/METS/SIPExtensionMETS"'
)
_PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
_CREATED = f"{MADE_AT:%Y-%m-%dT%H:%M:%SZ}"
_AGENT = (
    '<agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SOFTWARE"><name>muniment-samples</name>'
    '<note csip:NOTETYPE="SOFTWARE VERSION">1</note></agent>'
    '<agent ROLE="CREATOR" TYPE="ORGANIZATION"><name>Fyrdirektoratet</name>'
    '<note csip:NOTETYPE="IDENTIFICATIONCODE">SKJ</note></agent>'
)
_OTHER = 'csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="files"'


@dataclass(frozen=True, slots=True)
class _Referenced:
    """A file that a METS points to, `href` relative to the METS."""

    href: str
    content: bytes

    @property
    def id(self) -> str:
        return _id(f"file {self.href}")

    def attributes(self) -> str:
        """Return what CSIP wants of a pointer: type, size, time and digest."""
        kind = mimetypes.guess_type(self.href)[0] or "application/octet-stream"
        digest = hashlib.sha256(self.content).hexdigest()
        return (
            f'MIMETYPE="{kind}" SIZE="{len(self.content)}" CREATED="{_CREATED}" '
            f'CHECKSUM="{digest}" CHECKSUMTYPE="SHA-256"'
        )

    def locator(self, element: str = "FLocat") -> str:
        """Return the link; its target is percent-encoded."""
        return (
            f'<{element} LOCTYPE="URL" xlink:type="simple" xlink:href={quoteattr(quote(self.href))}'
        )


def write_eark_sip(
    folder: Path, files: list[tuple[str, bytes]], *, creator: str, description: str
) -> Path:
    """Write the package: `files` become the data of the one representation."""
    data = [_Referenced(f"data/{path}", content) for path, content in files]
    inner = _mets("representation-1", _file_group("Data", data), _division("Data", data), "")
    described = _Referenced("metadata/descriptive/dc.xml", _dublin_core(creator, description))
    documents = [_Referenced("documentation/about.txt", description.encode())]
    schemas = [_Referenced("schemas/readme.txt", b"No schemas but the official ones.\n")]
    pointed = [_Referenced("representations/representation-1/METS.xml", inner)]
    groups = (
        _file_group("Documentation", documents)
        + _file_group("Schemas", schemas)
        + _file_group("Representations/representation-1", pointed)
    )
    divisions = (
        _division("Documentation", documents)
        + _division("Schemas", schemas)
        + f'<div ID="{_id("div representations")}" LABEL="Representations">'
        f'<fptr FILEID="{_id("group Representations/representation-1")}"/></div>'
        + f'<div ID="{_id("div rep 1")}" LABEL="Representations/representation-1">'
        '<mptr LOCTYPE="URL" xlink:type="simple" '
        'xlink:href="representations/representation-1/METS.xml" '
        f'xlink:title="{_id("group Representations/representation-1")}"/></div>'
    )
    root = _mets("skjaervag-eark-sip", groups, divisions, _descriptive(described))
    placed = [*documents, *schemas, described, *pointed]
    write_folder(folder, [(each.href, each.content) for each in placed])
    representation = folder / "representations" / "representation-1"
    write_folder(representation, [(each.href, each.content) for each in data])
    return write_folder(folder, [("METS.xml", root)])


def _mets(object_id: str, groups: str, divisions: str, descriptive: str) -> bytes:
    metadata = f'<div ID="{_id(object_id + " div metadata")}" LABEL="Metadata"'
    metadata += f' DMDID="{_id("dmd")}"/>' if descriptive else "/>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mets {_NAMESPACES} OBJID="{object_id}" '
        f'TYPE="Mixed" LABEL={quoteattr(TITLE)} PROFILE="{_PROFILE}" '
        'csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="files">'
        f'<metsHdr CREATEDATE="{_CREATED}" LASTMODDATE="{_CREATED}" '
        'RECORDSTATUS="NEW" csip:OAISPACKAGETYPE="SIP">'
        f"{_AGENT}</metsHdr>{descriptive}"
        f'<fileSec ID="{_id(object_id + " files")}">{groups}</fileSec>'
        f'<structMap ID="{_id(object_id + " map")}" TYPE="PHYSICAL" LABEL="CSIP">'
        f'<div ID="{_id(object_id + " div")}" LABEL="{object_id}">{metadata}{divisions}</div>'
        "</structMap></mets>\n"
    ).encode()


def _descriptive(described: _Referenced) -> str:
    return (
        f'<dmdSec ID="{_id("dmd")}" CREATED="{_CREATED}" STATUS="CURRENT">'
        f'{described.locator("mdRef")} MDTYPE="DC" {described.attributes()}/></dmdSec>'
    )


def _file_group(use: str, files: list[_Referenced]) -> str:
    inside = "".join(
        f'<file ID="{each.id}" {each.attributes()}>{each.locator()}/></file>' for each in files
    )
    return f'<fileGrp ID="{_id("group " + use)}" USE="{use}" {_OTHER}>{inside}</fileGrp>'


def _division(label: str, files: list[_Referenced]) -> str:
    pointers = "".join(f'<fptr FILEID="{each.id}"/>' for each in files)
    return f'<div ID="{_id("div " + label)}" LABEL="{label}">{pointers}</div>'


def _dublin_core(creator: str, description: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<simpledc xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(TITLE)}</dc:title><dc:creator>{escape(creator)}</dc:creator>"
        f"<dc:description>{escape(description)}</dc:description></simpledc>\n"
    ).encode()


def _id(of: str) -> str:
    return f"uuid-{uuid.uuid5(uuid.NAMESPACE_URL, f'skjaervag {of}')}"
