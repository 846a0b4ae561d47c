"""Office documents and PDF: DOCX, XLSX, ODT as zip containers by hand, PDF by pikepdf."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

import pikepdf

from muniment.samples.texts import ACCOUNTS, CREATOR, ENGINEERS_LETTER, INSPECTION, MADE_AT, TITLE

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPC = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(members: Mapping[str, bytes], *, stored: frozenset[str] = frozenset()) -> bytes:
    """Make a ZIP of `members` in their order, always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, MADE_AT.timetuple()[:6])
            entry.external_attr = 0o100644 << 16
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, kind)
    return out.getvalue()


def docx() -> bytes:
    """The engineer's letter (WordprocessingML)."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in ENGINEERS_LETTER)
    document = f'<w:document xmlns:w="{namespace}"><w:body>{lines}</w:body></w:document>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _opc("word/document.xml", document, kind, {})


def xlsx() -> bytes:
    """The building accounts (SpreadsheetML)."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rows = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in ACCOUNTS
    )
    workbook = (
        f'<workbook xmlns="{namespace}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Regnskap" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relation = _relations(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml")
    return _opc(
        "xl/workbook.xml",
        workbook,
        f"{kind}.sheet.main+xml",
        {
            "xl/_rels/workbook.xml.rels": relation,
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
            ),
        },
        overrides={"xl/worksheets/sheet1.xml": f"{kind}.worksheet+xml"},
    )


def _opc(
    main: str,
    content: str,
    kind: str,
    others: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
) -> bytes:
    parts = "".join(
        f'<Override PartName="/{name}" ContentType="{of}"/>'
        for name, of in {main: kind, **(overrides or {})}.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    types = (
        f'<Types xmlns="{_OPC}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )
    texts = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(f"{_OFFICE}/officeDocument", main),
        main: content,
        **others,
    }
    return zipped({name: (_XML + text).encode() for name, text in texts.items()})


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_OPC}/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def odt() -> bytes:
    """The inspector's report (OpenDocument text)."""
    kind = "application/vnd.oasis.opendocument.text"
    paragraphs = "".join(
        f"<text:p>{escape(line)}</text:p>" for line in INSPECTION.splitlines() if line
    )
    content = (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" '
        f'office:version="1.2"><office:body><office:text>{paragraphs}</office:text></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return zipped(
        {
            "mimetype": kind.encode(),
            "content.xml": (_XML + content).encode(),
            "META-INF/manifest.xml": (_XML + manifest).encode(),
        },
        stored=frozenset({"mimetype"}),
    )


def pdf(*, claims_pdfa: bool = False) -> bytes:
    """The accounts as a page of text; with a claim to be PDF/A-2b that nobody checked."""
    lines = [TITLE, *("  ".join(row) for row in ACCOUNTS)]
    shown = "".join(f"({_pdf_text(line)}) Tj T* " for line in lines)
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        page.Contents = document.make_stream(
            b"BT /F1 12 Tf 18 TL 72 760 Td " + shown.encode("latin-1") + b"ET"
        )
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                    Encoding=pikepdf.Name.WinAnsiEncoding,
                )
            )
        )
        document.Root.Metadata = document.make_stream(
            _xmp(claims_pdfa).encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
        )
        out = io.BytesIO()
        # Not compressed: the claim in the XMP is what identification looks for.
        document.save(out, deterministic_id=True, min_version="1.7", compress_streams=False)
    return out.getvalue()


def _xmp(claims_pdfa: bool) -> str:
    # By hand: identification looks for the plain form of the claim, with its namespace further up.
    claim = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{TITLE}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{CREATOR}</rdf:li></rdf:Seq></dc:creator>"
        f"<xmp:CreateDate>{MADE_AT.isoformat()}</xmp:CreateDate>"
        f"{claim if claims_pdfa else ''}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def _pdf_text(line: str) -> str:
    plain = line.replace("\u2013", "-").encode("latin-1", "replace").decode("latin-1")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
