"""Previews: a picture of ours, a text that cannot do anything, and nothing that a browser runs."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from muniment.formats.previews.drawing import EDGE
from muniment.formats.previews.kinds import MOST_BYTES, PLAYED, PreviewKind, preview_kind
from muniment.formats.previews.texts import shown_text
from muniment.runtime.contained import Limits, run_contained
from muniment.runtime.contained.wire import path_text
from muniment.runtime.errors import InvalidPackage, ToolFailed


@pytest.mark.parametrize(("mime_type", "kind"), [
    ("image/jpeg", PreviewKind.PICTURE), ("application/pdf", PreviewKind.PICTURE),
    ("text/plain", PreviewKind.TEXT), ("TEXT/CSV; charset=x", PreviewKind.TEXT),
    ("text/html", PreviewKind.TEXT), ("image/svg+xml", PreviewKind.TEXT),
    ("application/xhtml+xml", PreviewKind.TEXT), ("audio/x-wav", PreviewKind.AUDIO),
    ("video/webm", PreviewKind.VIDEO), ("application/zip", None), ("", None),
    ("image/vnd.adobe.photoshop", None), ("application/x-shockwave-flash", None),
])  # fmt: skip
def test_how_a_file_is_shown(mime_type: str, kind: PreviewKind | None) -> None:
    assert preview_kind(mime_type, 10, {}) is kind


def test_what_is_empty_or_too_large_is_not_drawn() -> None:
    assert preview_kind("image/png", 0, {}) is None
    assert preview_kind("image/png", MOST_BYTES + 1, {}) is None


def test_what_ingest_read_as_text_is_shown_as_text() -> None:
    assert preview_kind("", 10, {"text.encoding": "utf-8"}) is PreviewKind.TEXT


def test_nothing_is_played_that_could_be_a_page() -> None:
    assert {each.partition("/")[0] for each in PLAYED.values()} == {"audio", "video"}


@pytest.mark.parametrize(("data", "text", "encoding"), [
    (b"plain", "plain", "utf-8"),
    ("Skjærvåg".encode(), "Skjærvåg", "utf-8"),
    (b"\xef\xbb\xbfmark", "mark", "utf-8-sig"),
    ("mark".encode("utf-16"), "mark", "utf-16"),
    ("mark".encode("utf-32"), "mark", "utf-32"),
    ("wide text".encode("utf-16-le"), "wide text", "utf-16-le"),
    ("d\xfcnn and wide".encode("utf-16-be"), "dünn and wide", "utf-16-be"),
    ("Prüfbericht".encode("latin-1"), "Prüfbericht", "cp1252"),
    (b'<?xml encoding="iso-8859-2"?>\xb1', '<?xml encoding="iso-8859-2"?>ą', "iso-8859-2"),
    (b'<?xml encoding="zlib"?>\xe9', '<?xml encoding="zlib"?>é', "cp1252"),
    (b"a\x00b\x1b[31mc", "a␀b␛[31mc", "utf-8"),
    ("abc\u202egpj.exe".encode(), "abc⟨U+202E⟩gpj.exe", "utf-8"),
])  # fmt: skip
def test_a_text_is_read_in_its_encoding(data: bytes, text: str, encoding: str) -> None:
    found = shown_text(data, is_cut=False)
    assert (found.text, found.encoding) == (text, encoding)


def test_what_ingest_found_counts_before_a_guess() -> None:
    assert shown_text("Ё".encode("koi8-r") * 9, is_cut=False, hint="koi8-r").text == "Ё" * 9


def test_a_text_that_is_cut_in_a_letter_is_still_utf_8() -> None:
    assert shown_text("aé".encode()[:-1], is_cut=True).encoding == "utf-8"


@given(st.binary(max_size=300), st.booleans(), st.text(max_size=10))
def test_any_bytes_give_a_text_without_controls(data: bytes, is_cut: bool, hint: str) -> None:
    found = shown_text(data, is_cut=is_cut, hint=hint).text
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in found)


def draw(path: Path, folder: Path, *, is_pdf: bool = False) -> Image.Image:
    out = folder / "out.png"
    run_contained(
        "muniment.formats.previews.drawing:draw",
        {"path": path_text(path), "out": path_text(out), "is_pdf": is_pdf},
        limits=Limits(wall_s=60, cpu_s=20, memory_bytes=768 << 20, writable=(folder,)),
    )
    with Image.open(out) as found:
        found.load()
        return found


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "LAB"])
def test_every_kind_of_image_becomes_a_png(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "image.tif"
    Image.new(mode, (3000, 200)).save(path)
    found = draw(path, tmp_path)
    assert (found.format, found.width) == ("PNG", EDGE)


def test_the_first_page_of_a_pdf_becomes_a_png(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    for size in ((200, 100), (50, 50)):
        pdf.add_blank_page(page_size=size)
    pdf.save(tmp_path / "two.pdf")
    found = draw(tmp_path / "two.pdf", tmp_path, is_pdf=True)
    assert (found.width, found.height) == (800, 400)


def test_a_huge_page_is_drawn_small(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_400, 10))
    pdf.save(tmp_path / "wide.pdf")
    assert draw(tmp_path / "wide.pdf", tmp_path, is_pdf=True).width <= EDGE


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", SVG, b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + b"x" * 99]
)
@pytest.mark.parametrize("is_pdf", [True, False])
def test_what_is_no_image_is_refused(data: bytes, is_pdf: bool, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(data)
    with pytest.raises(InvalidPackage):
        draw(tmp_path / "bad", tmp_path, is_pdf=is_pdf)


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "bomb.png")
    data = bytearray((tmp_path / "bomb.png").read_bytes())
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises((InvalidPackage, ToolFailed)):
        draw(tmp_path / "bomb.png", tmp_path)
