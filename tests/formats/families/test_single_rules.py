"""Rules of single families, each with the file that breaks it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from muniment.formats.examination_child import examine_file
from muniment.formats.families import family_name
from muniment.formats.families.text_reading import read_text
from muniment.formats.types import Examination, ExaminationRequest, Validity
from tests.formats.files import kind

POLISH = "Zażółć gęślą jaźń, wszyscy ludzie rodzą się wolni i równi."


def seen_of(name: str, folder: Path, content: bytes) -> Examination:
    return examine_file(kind(name).write(folder, content))


def codes(seen: Examination) -> list[str]:
    return [finding.code for finding in seen.findings]


def test_bytes_after_the_end_of_an_image_are_a_doubt(tmp_path: Path) -> None:
    seen = seen_of("a.png", tmp_path, kind("a.png").make() + b"hidden")
    assert (seen.validity, codes(seen)) == (Validity.VALID, ["format-doubtful"])


def test_an_image_too_large_to_decode_is_only_measured(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    Image.new("1", (20_000, 20_000)).save(path, compression="group4")
    seen = examine_file(ExaminationRequest(path=path, mime_type="image/tiff"))
    assert seen.validity is Validity.NOT_CHECKED
    assert seen.properties["image.width"] == "20000"


def test_an_encrypted_pdf_is_not_checked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(kind("a.pdf").make())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    seen = seen_of("a.pdf", tmp_path, buffer.getvalue())
    assert (seen.validity, codes(seen)) == (Validity.NOT_CHECKED, ["format-encrypted"])
    assert seen.properties == {"pdf.encrypted": "yes"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', id="XXE"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>', id="laughs"
        ),
        pytest.param(b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://a/b">%x;]><a/>', id="parameter"),
    ],
)
def test_xml_that_declares_entities_is_hostile(content: bytes, tmp_path: Path) -> None:
    seen = seen_of("a.xml", tmp_path, content)
    assert (seen.validity, codes(seen)) == (Validity.INVALID, ["format-hostile"])
    assert "root:" not in str(seen.as_json())


def test_entities_in_utf_16_are_hostile_too(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert codes(seen_of("a.xml", tmp_path, content.encode("utf-16"))) == ["format-hostile"]


def test_entities_after_a_long_comment_are_hostile_too(tmp_path: Path) -> None:
    content = b"<!--" + b"x" * 100_000 + b'--><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert codes(seen_of("a.xml", tmp_path, content)) == ["format-hostile"]


def test_a_doctype_without_entities_is_fine(tmp_path: Path) -> None:
    seen = seen_of("a.xml", tmp_path, b"<!DOCTYPE a><a><b/></a>")
    assert seen.validity is Validity.VALID
    assert seen.properties["xml.elements"] == "2"


def test_a_zip_behind_a_password_is_not_checked(tmp_path: Path) -> None:
    content = bytearray(kind("a.zip").make())
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    seen = seen_of("a.zip", tmp_path, bytes(content))
    assert (seen.validity, codes(seen)) == (Validity.NOT_CHECKED, ["format-encrypted"])


def test_a_word_file_without_its_main_part_is_invalid(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    seen = seen_of("a.docx", tmp_path, buffer.getvalue())
    assert seen.validity is Validity.INVALID
    assert "main part" in seen.findings[0].message


def test_broken_xml_inside_a_word_file_is_named(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<broken>")
    seen = seen_of("a.docx", tmp_path, buffer.getvalue())
    assert "word/document.xml" in seen.findings[0].message


def test_uneven_rows_are_a_doubt(tmp_path: Path) -> None:
    seen = seen_of("a.csv", tmp_path, b"a,b,c\n1,2,3\n1,2\n")
    assert (seen.validity, codes(seen)) == (Validity.VALID, ["format-doubtful"])


def test_broken_quoting_is_invalid(tmp_path: Path) -> None:
    seen = seen_of("a.csv", tmp_path, b'a,b\n"1"x,2\n')
    assert seen.validity is Validity.INVALID


def test_a_message_without_headers_is_invalid(tmp_path: Path) -> None:
    assert seen_of("a.eml", tmp_path, b"\n\nhello\n").validity is Validity.INVALID


def test_a_mailbox_must_begin_with_a_separator(tmp_path: Path) -> None:
    assert seen_of("a.mbox", tmp_path, b"hello\nFrom a\n").validity is Validity.INVALID


def test_an_altered_web_archive_is_invalid(tmp_path: Path) -> None:
    altered = kind("a.warc").make().replace(b"lighthouse", b"lightXouse")
    assert altered != kind("a.warc").make()
    assert seen_of("a.warc", tmp_path, altered).validity is Validity.INVALID


@pytest.mark.parametrize(
    ("content", "encoding", "ending", "lines"),
    [
        (b"", "us-ascii", "", 0),
        (b"a", "us-ascii", "", 1),
        (b"a\nb\n", "us-ascii", "LF", 2),
        (b"a\r\nb", "us-ascii", "CRLF", 2),
        (b"a\rb\r", "us-ascii", "CR", 2),
        (b"a\rb\n", "us-ascii", "mixed", 2),
        ("é\n".encode(), "utf-8", "LF", 1),
        ("é\n".encode("utf-8-sig"), "utf-8", "LF", 1),
        ("é\n".encode("utf-16"), "utf-16", "LF", 1),
        ("é\n".encode("utf-32"), "utf-32", "LF", 1),
        (POLISH.encode("cp1250"), "cp1250", "", 1),
    ],
)
def test_texts_are_told_apart(
    content: bytes, encoding: str, ending: str, lines: int, tmp_path: Path
) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    facts = read_text(path)
    assert (facts.encoding, facts.line_ending, facts.lines) == (encoding, ending, lines)


def test_half_a_character_is_invalid(tmp_path: Path) -> None:
    seen = seen_of("utf16.txt", tmp_path, kind("utf16.txt").make()[:-1])
    assert seen.validity is Validity.INVALID


def test_nul_in_a_text_is_a_doubt(tmp_path: Path) -> None:
    assert codes(seen_of("a.py", tmp_path, b"a\0b")) == ["format-doubtful"]


def test_a_name_decides_only_where_nothing_was_identified(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert family_name(ExaminationRequest(path=path)) == "delimited_text"
    known = ExaminationRequest(path=path, puid="fmt/9999", mime_type="application/x-other")
    assert family_name(known) == ""


def test_any_xml_vocabulary_is_xml(tmp_path: Path) -> None:
    request = ExaminationRequest(
        path=tmp_path / "a", mime_type="application/rdf+xml; charset=utf-8"
    )
    assert family_name(request) == "xml_document"


def test_what_no_family_knows_is_not_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"\0\1\2")
    assert examine_file(ExaminationRequest(path=path, puid="fmt/208")) == Examination()


@pytest.mark.tool("ffmpeg")
@pytest.mark.parametrize(
    ("name", "options", "mime_type"),
    [
        ("a.mp3", ["-f", "lavfi", "-i", "sine=d=1"], "audio/mpeg"),
        ("a.mp4", ["-f", "lavfi", "-i", "testsrc=d=1:s=64x48"], "video/mp4"),
        ("a.mkv", ["-f", "lavfi", "-i", "testsrc=d=1:s=64x48"], "video/x-matroska"),
    ],
)
def test_recordings_of_other_kinds(
    name: str, options: list[str], mime_type: str, tmp_path: Path
) -> None:
    from muniment.runtime.tools import run_tool

    done = run_tool(["ffmpeg", "-v", "error", *options, name], timeout_s=60, workdir=tmp_path)
    assert done.returncode == 0, done.stderr
    path = tmp_path / name
    seen = examine_file(ExaminationRequest(path=path, mime_type=mime_type))
    assert seen.validity is Validity.VALID
    assert seen.properties["media.duration_ms"] in {"1000", "1045", "1044", "1024"}
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cut = examine_file(ExaminationRequest(path=path, mime_type=mime_type))
    assert name == "a.mp3" or cut.validity is Validity.INVALID
