"""Bytes that are no inventory, each in another way that has felled a JSON reader."""

from __future__ import annotations

MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "truncated": b'{"id": "urn:x:1", "manifest": {"abc": ["v1/co',
    "deep array": b'{"id": ' + b"[" * 200_000,
    "deep and closed": b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep object": b'{"a":' * 200_000,
    "huge integer": b'{"id": ' + b"9" * 10_000 + b"}",
    "huge exponent": b'{"id": 1e999999999999}',
    "not UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "NUL": b'{"id": "a\x00b"}',
    "escaped NUL": b'{"id": "a\\u0000b"}',
    "lone surrogate": b'{"id": "\\ud800"}',
    "NaN": b'{"id": NaN}',
    "comment": b"{/* */}",
    "repeated key": b'{"id": "urn:x:1", "id": "urn:x:2"}',
    "two documents": b"{}{}",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "nothing but white space": b" \n",
    "byte order mark": b"\xef\xbb\xbf{}",
}
