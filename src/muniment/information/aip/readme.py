"""`documentation/README.txt`: how to verify and read a package without our software."""

from __future__ import annotations

from muniment.information.identifiers import urn

_TEXT = """\
This is an archival information package: {urn}

It can be read and verified without the software that made it.

WHAT IS WHERE
  METS.xml                              what belongs to the package (METS, E-ARK CSIP and AIP 2.2)
  metadata/descriptive/dc.xml           what it is about (Dublin Core terms)
  metadata/preservation/premis.xml      what was done to it, when, by whom (PREMIS 3.0)
  schemas/dc.xsd                        the XML schema of dc.xml
  representations/NAME/data/            the files, under the names that they came with
  representations/NAME/METS.xml         a list of them with sizes and SHA-512 digests
  representations/NAME/metadata/preservation/premis.xml
                                        what each file is: format, digests, technical properties
  submission/                           what the producer sent besides: manifests, descriptions

In names of files, bytes that are not UTF-8, characters that XML forbids and the percent sign are
written as % and two hexadecimal digits.

HOW TO VERIFY
In the archive the package lies in an OCFL object (https://ocfl.io). In the folder that holds
inventory.json, with jq and GNU coreutils:

  jq -r '.manifest | to_entries[] | .key as $digest | .value[] | $digest + "  " + .' \\
    inventory.json | sha512sum --check

A package that was exported to a folder: the entries of METS.xml stand one a line. In the folder of
any METS.xml:

  grep SHA-512 METS.xml | sed 's/.* CHECKSUM="\\([^"]*\\)".*xlink:href="\\([^"]*\\)".*/\\1  \\2/' |
    sha512sum --check

(Names with spaces and other special characters are URLs there: %20 is a space.)
A package that was exported as a bag is verified by any BagIt tool (RFC 8493).

HOW TO READ ON
  METS    https://www.loc.gov/standards/mets/
  PREMIS  https://www.loc.gov/standards/premis/
  E-ARK   https://dilcis.eu/
  OCFL    https://ocfl.io/
  BagIt   https://www.rfc-editor.org/rfc/rfc8493
"""


def readme_of(object_id: str) -> bytes:
    """Return the text: the same in every version, so that it is stored once."""
    return _TEXT.format(urn=urn(object_id)).encode()
