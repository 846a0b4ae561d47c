"""The good content, by path: every format family that the default pipeline looks into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from muniment.samples import documents, pictures, recordings, records, texts

Content = Callable[[], bytes]

_DUBLIN_CORE = (
    ("dc.title", texts.TITLE),
    ("dc.creator", texts.CREATOR),
    ("dc.date", "1894/1931"),
    ("dc.identifier", texts.IDENTIFIER),
    ("dc.description", texts.DESCRIPTION),
    ("dc.subject", "Lighthouses"),
    ("dc.subject", "Fyrtårn"),
    ("dc.language", "nb"),
    ("dc.language", "fr"),
    ("dc.language", "de"),
    ("dc.rights", "Apache-2.0"),
)


def _pdfa() -> bytes:
    return documents.pdf(claims_pdfa=True)


def _log() -> bytes:
    return texts.KEEPERS_LOG.encode()


def _visitors() -> bytes:
    return texts.VISITORS.encode()


DRAWINGS: Mapping[str, Content] = {
    "tegninger/élévation sud.png": pictures.png,
    "tegninger/sjøkart.jp2": pictures.jp2,
    "tegninger/tegninger.zip": records.drawings_zip,
}
PHOTOGRAPHS: Mapping[str, Content] = {
    "fotografier/fra sør.jpg": pictures.jpeg,
    "fotografier/plate 7.tif": pictures.tiff,
    "fotografier/lyset.gif": pictures.gif,
}
DOCUMENTS: Mapping[str, Content] = {
    "dokumenter/regnskap.pdf": documents.pdf,
    "dokumenter/årsrapport.pdf": _pdfa,
    "dokumenter/Lettre de l'ingénieur.docx": documents.docx,
    "dokumenter/Prüfbericht.odt": documents.odt,
    "dokumenter/regnskap.xlsx": documents.xlsx,
    "dokumenter/regnskap.csv": records.csv,
    "dokumenter/Prüfbericht (latin-1).txt": records.latin1_text,
    "dokumenter/avskjed (UTF-16).txt": records.utf16_text,
    "dokumenter/fyrjournal 1907.txt": _log,
    "dokumenter/訪問者 Επισκέπτες посетители.txt": _visitors,
}
RECORDINGS: Mapping[str, Content] = {
    "opptak/tåkehorn.wav": recordings.wav,
    "opptak/tåkehorn.flac": recordings.flac,
    "opptak/lykten snur.avi": recordings.avi,
}
MESSAGES: Mapping[str, Content] = {
    "brev/avskjed.eml": records.eml,
    "brev/postkasse.mbox": records.mbox,
    "brev/nettside.warc": records.warc,
}
DATA: Mapping[str, Content] = {
    "data/arkivliste.xml": records.xml,
    "data/posisjon.geojson": records.geojson,
    "data/rekkevidde.py": records.python_source,
    "data/tom.txt": bytes,
}
EVERYTHING: Mapping[str, Content] = {
    **DRAWINGS, **PHOTOGRAPHS, **DOCUMENTS, **RECORDINGS, **MESSAGES, **DATA,
}  # fmt: skip


def contents(part: Mapping[str, Content] = EVERYTHING) -> Iterator[tuple[str, bytes]]:
    """Give path and bytes of each file, one at a time."""
    for path, content in part.items():
        yield path, content()


def dublin_core_csv() -> bytes:
    """The description of the whole, one column for each value."""
    names = ",".join(name for name, _ in _DUBLIN_CORE)
    values = ",".join(f'"{value}"' for _, value in _DUBLIN_CORE)
    return f"{names}\r\n{values}\r\n".encode()
