"""The packages that must not get in, each with one fault."""

from __future__ import annotations

import tarfile
from pathlib import Path

from muniment.samples import fonds
from muniment.samples.packing import add_to_tar, write_bag, write_folder
from muniment.samples.texts import IDENTIFIER, KEEPERS_LOG

# In two parts, so that no scanner takes this file for what it only writes.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

_ENTITIES = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE dc [
  <!ENTITY a "fyr"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
  <!ENTITY secret SYSTEM "file:///etc/passwd">
]>
<dc xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:title>&c;</dc:title><dc:description>&secret;</dc:description>
</dc>
"""


def altered_file(target: Path) -> Path:
    """A bag in which one byte was changed after it was made."""
    made = _bag(target / "altered-file")
    file = made / "data" / "data" / "arkivliste.xml"
    altered = file.read_bytes().replace(b"SKJ-1894", b"SKJ-1895")
    write_folder(made, [("data/data/arkivliste.xml", altered)])
    return made


def missing_file(target: Path) -> Path:
    """A bag from which one file was lost."""
    made = _bag(target / "missing-file")
    (made / "data" / "data" / "posisjon.geojson").unlink()
    return made


def leaves_the_package(target: Path) -> Path:
    """A tar that wants to write beside the folder that it is unpacked in."""
    made = target / "leaves-the-package.tar"
    with tarfile.open(made, "w", format=tarfile.PAX_FORMAT) as archive:
        add_to_tar(archive, "package/fyrjournal.txt", KEEPERS_LOG.encode())
        add_to_tar(archive, "package/../../../escaped.txt", b"out\n")
    return made


def eicar(target: Path) -> Path:
    """A folder with the test string that every virus scanner knows; it harms nobody."""
    files = [("fyrjournal.txt", KEEPERS_LOG.encode()), ("eicar.com", EICAR.encode())]
    return write_folder(target / "eicar", files)


def xml_with_entities(target: Path) -> Path:
    """A folder whose description swells up and reads files of the machine, if one lets it."""
    files = [
        ("fyrjournal.txt", KEEPERS_LOG.encode()),
        ("metadata/dublincore.xml", _ENTITIES.encode()),
    ]
    return write_folder(target / "xml-with-entities", files)


def _bag(folder: Path) -> Path:
    return write_bag(
        folder,
        fonds.contents(fonds.DATA),
        identifier=f"{IDENTIFIER}/{folder.name}",
        algorithms=["sha256"],
    )
