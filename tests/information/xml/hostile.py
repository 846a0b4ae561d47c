"""Documents that are meant to hurt: each must be refused as a fault of the document."""

from __future__ import annotations

import pytest


def hostile(root: str, namespace: str) -> list[pytest.ParameterSet]:
    """Return hostile documents with this root element."""
    start, end = f'<{root} xmlns="{namespace}">', f"</{root}>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'
    system = f'<!DOCTYPE {root} SYSTEM "http://localhost:9/evil.dtd">'
    external = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    documents = {
        "nothing": b"",
        "no XML": b"\x00\x01\x02",
        "truncated": start.encode(),
        "two roots": f"{start}{end}{start}{end}".encode(),
        "wrong root": b"<html/>",
        "an entity that is not declared": f"{start}&nbsp;{end}".encode(),
        "billion laughs": f"{bomb}{start}&l9;{end}".encode(),
        "billion laughs in an attribute": f'{bomb}<{root} a="&l9;"/>'.encode(),
        "an external DTD": f"{system}{start}{end}".encode(),
        "an external entity": f"{external}{start}&e;{end}".encode(),
        "a DTD without entities": f"<!DOCTYPE {root}>{start}{end}".encode(),
        "deep nesting": start.encode() + b"<a>" * 100_000,
        "a huge attribute": f'<{root} a="{"x" * 11_000_000}"/>'.encode(),
        "a wrong encoding": f'<?xml version="1.0" encoding="UTF-8"?>{start}\xff{end}'.encode(
            "latin-1"
        ),
        "an unknown encoding": f'<?xml version="1.0" encoding="x-none"?>{start}{end}'.encode(),
        "a forbidden character": f"{start}\x01{end}".encode(),
    }
    return [pytest.param(document, id=name) for name, document in documents.items()]
