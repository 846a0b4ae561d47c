"""One description in each form, of the same letters, as producers write them."""

from __future__ import annotations

MODS = """<mods xmlns="http://www.loc.gov/mods/v3" version="3.7">
  <titleInfo xml:lang="fr"><nonSort>Les </nonSort><title>lettres du port</title>
    <subTitle>1907 à 1912</subTitle><partNumber>Tome 2</partNumber></titleInfo>
  <titleInfo type="translated" lang="eng"><title>Harbour letters</title></titleInfo>
  <name type="personal" usage="primary"><namePart type="family">Lovelace</namePart>
    <namePart type="given">Ada</namePart><namePart type="date">1815-1852</namePart>
    <role><roleTerm type="code">cre</roleTerm></role></name>
  <name><namePart>Port Museum</namePart><role><roleTerm>collector</roleTerm></role></name>
  <name><displayForm>I. Kroll</displayForm><namePart>Kroll, Ignace</namePart></name>
  <typeOfResource>text</typeOfResource><genre authority="marcgt">letter</genre>
  <originInfo><place><placeTerm>Genève</placeTerm></place><publisher>Port Press</publisher>
    <dateIssued>1913</dateIssued>
    <dateCreated point="start">1907</dateCreated><dateCreated point="end">1912</dateCreated>
  </originInfo>
  <language><languageTerm type="text">French</languageTerm>
    <languageTerm type="code">fre</languageTerm></language>
  <physicalDescription><extent>12 leaves</extent>
    <internetMediaType>image/tiff</internetMediaType></physicalDescription>
  <abstract>Twelve letters of a harbour master.</abstract>
  <tableOfContents>Departure -- Return</tableOfContents>
  <targetAudience>adult</targetAudience><note>Leaf 3 is torn.</note>
  <subject><topic>Ships</topic><topic>Letters</topic><geographic>Genève</geographic>
    <temporal>1907/1912</temporal></subject>
  <subject><hierarchicalGeographic><country>France</country><city>Brest</city>
    </hierarchicalGeographic></subject>
  <classification authority="ddc">387.1</classification>
  <relatedItem type="host"><titleInfo><title>Papers of the port</title></titleInfo></relatedItem>
  <relatedItem><identifier>urn:x:9</identifier></relatedItem>
  <relatedItem type="preceding"><location><url>https://example.org/1</url></location></relatedItem>
  <identifier type="doi">10.1234/letters</identifier><identifier type="uri">urn:x:7</identifier>
  <identifier type="isbn" invalid="yes">123</identifier>
  <location><url>https://example.org/letters</url></location>
  <accessCondition type="restriction on access">Reading room</accessCondition>
  <accessCondition type="use and reproduction">Free to use</accessCondition>
</mods>"""

EAD_2002 = """<ead xmlns="urn:isbn:1-931666-22-9"><eadheader><eadid>ignored</eadid></eadheader>
<archdesc level="fonds"><did>
  <unittitle>Papers of the port, <unitdate>1907-1912</unitdate></unittitle>
  <unitid>CH-12</unitid><unitdate normal="1907/1912">1907 to 1912</unitdate>
  <origination><persname>Lovelace, Ada</persname><corpname>Port Museum</corpname></origination>
  <repository><corpname>City Archive</corpname></repository>
  <physdesc><extent>3 boxes</extent><extent>0.4 m</extent></physdesc>
  <langmaterial>In <language langcode="fre">French</language></langmaterial>
  <abstract>Twelve letters of a harbour master.</abstract></did>
  <scopecontent><head>Scope</head><p>Letters that <emph>left</emph> the port.</p><p>More.</p>
  </scopecontent>
  <custodhist><p>Bought in 1920.</p></custodhist>
  <accessrestrict><p>Reading room.</p></accessrestrict><userestrict><p>Free.</p></userestrict>
  <controlaccess><head>Access points</head><subject>Ships</subject><geogname>Genève</geogname>
    <controlaccess><genreform>Letters</genreform></controlaccess></controlaccess>
  <dsc><c level="file"><did><unittitle>A part</unittitle></did></c></dsc>
</archdesc></ead>"""

EAD_3 = """<ead xmlns="http://ead3.archivists.org/schema/"><control/><archdesc level="fonds"><did>
  <unittitle lang="eng">Papers of the port</unittitle>
  <unitdatestructured><daterange><fromdate>1907</fromdate><todate>1912</todate></daterange>
  </unitdatestructured>
  <unitdatestructured><dateset><datesingle>1913</datesingle></dateset></unitdatestructured>
  <origination><persname><part>Lovelace</part><part>Ada</part></persname></origination>
  <physdescstructured><quantity>3</quantity><unittype>boxes</unittype></physdescstructured>
  <langmaterial><languageset><language langcode="fre"/></languageset></langmaterial>
</did></archdesc></ead>"""

DATACITE = """<resource xmlns="http://datacite.org/schema/kernel-4">
  <identifier identifierType="DOI">10.1234/letters</identifier>
  <creators><creator><creatorName nameType="Personal">Lovelace, Ada</creatorName>
    <givenName>Ada</givenName><familyName>Lovelace</familyName></creator></creators>
  <titles><title xml:lang="en">Harbour letters</title>
    <title titleType="TranslatedTitle" xml:lang="fr">Lettres du port</title></titles>
  <publisher>Port Press</publisher><publicationYear>1913</publicationYear>
  <resourceType resourceTypeGeneral="Text">Letters</resourceType>
  <subjects><subject subjectScheme="x">Ships</subject></subjects>
  <contributors><contributor contributorType="DataCollector">
      <contributorName>Kroll, Ignace</contributorName></contributor>
    <contributor contributorType="RightsHolder">
      <contributorName>Port Museum</contributorName></contributor></contributors>
  <dates><date dateType="Created">1907/1912</date><date dateType="Withdrawn">1950</date></dates>
  <language>fr</language>
  <alternateIdentifiers>
    <alternateIdentifier alternateIdentifierType="ARK">12148/x</alternateIdentifier>
  </alternateIdentifiers>
  <relatedIdentifiers>
    <relatedIdentifier relatedIdentifierType="DOI" relationType="IsPartOf">10.1/2
    </relatedIdentifier>
    <relatedIdentifier relatedIdentifierType="URL" relationType="IsReviewedBy"
      >https://example.org/r</relatedIdentifier></relatedIdentifiers>
  <sizes><size>12 leaves</size></sizes><formats><format>image/tiff</format></formats>
  <rightsList><rights rightsURI="https://example.org/by">Free to use</rights></rightsList>
  <descriptions><description descriptionType="Abstract">Twelve <br/>letters.</description>
    <description descriptionType="Methods">Scanned.</description></descriptions>
  <geoLocations><geoLocation><geoLocationPlace>Genève</geoLocationPlace>
    <geoLocationPoint><pointLongitude>6.1</pointLongitude><pointLatitude>46.2</pointLatitude>
    </geoLocationPoint><geoLocationBox><westBoundLongitude>1</westBoundLongitude>
    <eastBoundLongitude>2</eastBoundLongitude><southBoundLatitude>3</southBoundLatitude>
    <northBoundLatitude>4</northBoundLatitude></geoLocationBox></geoLocation></geoLocations>
</resource>"""

_FIELD_008 = "750427s1913    sz            000 0 fre d"
MARCXML = f"""<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim"><marc:record>
  <marc:leader>00000cam a2200000 a 4500</marc:leader>
  <marc:controlfield tag="008">{_FIELD_008}</marc:controlfield>
  <marc:datafield tag="020" ind1=" " ind2=" "><marc:subfield code="a">9780000000002</marc:subfield>
  </marc:datafield>
  <marc:datafield tag="024" ind1="7" ind2=" "><marc:subfield code="2">doi</marc:subfield>
    <marc:subfield code="a">10.1234/letters</marc:subfield></marc:datafield>
  <marc:datafield tag="041" ind1=" " ind2=" "><marc:subfield code="a">freeng</marc:subfield>
  </marc:datafield>
  <marc:datafield tag="100" ind1="1" ind2=" ">
    <marc:subfield code="a">Lovelace, Ada,</marc:subfield>
    <marc:subfield code="d">1815-1852</marc:subfield></marc:datafield>
  <marc:datafield tag="245" ind1="1" ind2="0">
    <marc:subfield code="a">Harbour letters :</marc:subfield>
    <marc:subfield code="b">1907 to 1912 /</marc:subfield>
    <marc:subfield code="c">Ada Lovelace.</marc:subfield></marc:datafield>
  <marc:datafield tag="264" ind1=" " ind2="1"><marc:subfield code="a">Genève :</marc:subfield>
    <marc:subfield code="b">Port Press,</marc:subfield><marc:subfield code="c">1913</marc:subfield>
  </marc:datafield>
  <marc:datafield tag="264" ind1=" " ind2="4"><marc:subfield code="b">Nobody</marc:subfield>
    <marc:subfield code="c">1914</marc:subfield></marc:datafield>
  <marc:datafield tag="520" ind1=" " ind2=" ">
    <marc:subfield code="a">Twelve letters.</marc:subfield></marc:datafield>
  <marc:datafield tag="650" ind1=" " ind2="0"><marc:subfield code="a">Ships</marc:subfield>
    <marc:subfield code="z">Switzerland</marc:subfield></marc:datafield>
  <marc:datafield tag="700" ind1="1" ind2=" "><marc:subfield code="a">Kroll, Ignace</marc:subfield>
  </marc:datafield>
  <marc:datafield tag="773" ind1=" " ind2=" "><marc:subfield code="p">Port J.</marc:subfield>
    <marc:subfield code="v">2</marc:subfield><marc:subfield code="y">1913</marc:subfield>
  </marc:datafield>
  <marc:datafield tag="999" ind1=" " ind2=" "><marc:subfield code="a">no</marc:subfield>
  </marc:datafield>
</marc:record></marc:collection>"""


def in_mets(*sections: tuple[str, str], divisions: str) -> str:
    """Wrap descriptions as (id, XML) in a METS with these divisions."""
    wrapped = "".join(
        f'<dmdSec ID="{name}"><mdWrap MDTYPE="OTHER"><xmlData>{xml}</xmlData></mdWrap></dmdSec>'
        for name, xml in sections
    )
    structure = f"<structMap>{divisions}</structMap>"
    return f'<mets xmlns="http://www.loc.gov/METS/">{wrapped}{structure}</mets>'
