"""`schemas/dc.xsd` of every AIP: our own schema of the descriptive metadata."""

from __future__ import annotations

from muniment.information.dublin_core.model import DCTERMS, DESCRIPTION_NAMESPACE
from muniment.information.dublin_core.terms import TERMS


def _schema() -> bytes:
    terms = " ".join(sorted(TERMS))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{DESCRIPTION_NAMESPACE}"
    elementFormDefault="qualified">
  <xs:annotation>
    <xs:documentation>
      Descriptive metadata of an archival information package: metadata/descriptive/dc.xml.
      The root holds elements of the DCMI Metadata Terms in any order, each as often as needed,
      with text and an optional xml:lang. The terms: {terms}.
    </xs:documentation>
  </xs:annotation>
  <xs:element name="description">
    <xs:complexType>
      <xs:sequence>
        <xs:any namespace="{DCTERMS}" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
""".encode()


SCHEMA = _schema()
"""The bytes of the schema: the same in every package."""
