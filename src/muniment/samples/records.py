"""Messages, web pages, tables, data and source code."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from muniment.samples.documents import zipped
from muniment.samples.pictures import jpeg, png
from muniment.samples.texts import ACCOUNTS, FAREWELL, IDENTIFIER, INSPECTION, MADE_AT, TITLE

_FROM = "Solveig Ås <solveig@skjaervag.example>"
_TO = "Venner av fyret <venner@skjaervag.example>"


def _message(subject: str, text: str, *, number: int) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = _FROM
    message["To"] = _TO
    message["Subject"] = subject
    message["Date"] = MADE_AT
    message["Message-ID"] = f"<{IDENTIFIER}.{number}@skjaervag.example>"
    message.set_content(text, cte="quoted-printable")
    return message


def eml() -> bytes:
    """The keeper's farewell, with a photograph attached."""
    message = _message("Lykten er slukket", FAREWELL, number=1)
    message.add_attachment(jpeg(), "image", "jpeg", filename="fra sør.jpg")
    message.set_boundary("=====skjaervag=====")
    return message.as_bytes()


def mbox() -> bytes:
    """A mailbox of three messages."""
    subjects = ("Maling til tårnet", "Re: Maling til tårnet", "Oljen er kommet")
    stamp = MADE_AT.strftime("%a %b %d %H:%M:%S %Y")
    out = b""
    for number, subject in enumerate(subjects, start=2):
        body = _message(subject, f"{subject}. Mer i morgen.\n", number=number).as_bytes()
        out += f"From solveig@skjaervag.example {stamp}\n".encode()
        out += body.replace(b"\r\n", b"\n") + b"\n"
    return out


def warc() -> bytes:
    """The society's web page and its picture, as crawled (ISO 28500, WARC 1.1), not compressed."""
    page = f"<!doctype html><title>{TITLE}</title><p>Åpent hver søndag.<img src=fyr.png>".encode()
    about = b"software: muniment-samples/1\r\nformat: WARC File Format 1.1\r\n"
    return (
        _warc_record("warcinfo", 0, about, {"Content-Type": "application/warc-fields"})
        + _warc_response(1, "", "text/html; charset=utf-8", page)
        + _warc_response(2, "fyr.png", "image/png", png())
    )


def _warc_response(number: int, name: str, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    headers = {
        "WARC-Target-URI": f"https://skjaervag.example/{name}",
        "WARC-Payload-Digest": _warc_digest(body),
        "Content-Type": "application/http; msgtype=response",
    }
    return _warc_record("response", number, head.encode() + body, headers)


def _warc_record(kind: str, number: int, block: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:5b1f3c60-0000-4000-8000-{number:012d}>",
        "WARC-Date": f"{MADE_AT:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Block-Digest": _warc_digest(block),
        **headers,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _warc_digest(content: bytes) -> str:
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(digest).decode()}"


def csv() -> bytes:
    """The building accounts, in UTF-8 with a header."""
    return "".join(f"{','.join(map(_quoted, row))}\r\n" for row in ACCOUNTS).encode()


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


def latin1_text() -> bytes:
    """The inspector's report in the encoding of its time."""
    return INSPECTION.encode("iso-8859-1")


def utf16_text() -> bytes:
    """The keeper's farewell in UTF-16 with a byte order mark."""
    return b"\xff\xfe" + FAREWELL.encode("utf-16-le")


def xml() -> bytes:
    """A finding aid of three lines."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<findingaid identifier="{IDENTIFIER}">\n  <title>{TITLE}</title>\n'
        '  <series level="1">Tegninger og fotografier</series>\n'
        '  <series level="1">Brev og regnskap</series>\n</findingaid>\n'
    ).encode()


def geojson() -> bytes:
    """Where it stands."""
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [5.0321, 61.0407]},
        "properties": {"name": "Skjærvåg fyr", "height_m": 31, "range_nautical_miles": 20},
    }
    return json.dumps(feature, ensure_ascii=False, indent=1).encode()


def python_source() -> bytes:
    """How far the light is seen."""
    return b'''"""Geographical range of a light over the sea."""

import math


def range_nautical_miles(light_m: float, eye_m: float = 5.0) -> float:
    """Return the distance at which a light of this height dips below the horizon."""
    return 2.08 * (math.sqrt(light_m) + math.sqrt(eye_m))


if __name__ == "__main__":
    print(f"{range_nautical_miles(31):.1f} nautical miles")
'''


def drawings_zip() -> bytes:
    """Two drawings in a ZIP with a name that is not ASCII."""
    return zipped({"tegninger/oppriss.png": png(), "tegninger/målebok.txt": latin1_text()})
