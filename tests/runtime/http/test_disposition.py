"""RFC 6266: names of files in a header, also those that somebody made to do harm."""

from __future__ import annotations

from email.message import Message
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.http.downloads import disposition


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("letter.txt", "letter.txt"),
        ("réponse.txt", "réponse.txt"),
        ('a"; filename="b.exe', 'a"; filename="b.exe'),
        ("a\r\nSet-Cookie: x=y", "a__Set-Cookie: x=y"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("", "file"),
        ("dir/", "file"),
        ("\x00\x07", "__"),
    ],
)
def test_the_name_is_shown_without_what_misleads(name: str, shown: str) -> None:
    plain, _, extended = disposition(name).partition("; filename*=UTF-8''")
    assert extended == quote(shown, safe="")
    assert plain.startswith('attachment; filename="')


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_name_breaks_the_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
