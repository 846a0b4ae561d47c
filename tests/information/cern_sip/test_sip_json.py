"""sip.json: what we write is read back, and the published schema and our rules say the same."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import fastjsonschema
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.information.cern_sip import ContentFile, SipManifest, render_sip_json
from muniment.information.cern_sip.schema import faults
from tests.information.cern_sip.sips import TIMESTAMP, a_document, an_entry

SCHEMA = json.loads(
    resources.files("muniment.information.cern_sip").joinpath("muniment-sip-1.json").read_text()
)
published = fastjsonschema.compile(SCHEMA)

LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
           "adler32": 8}  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
sources = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0"), min_size=1, max_size=100
)
bagpaths = (
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=3)
    .map(lambda parts: "data/" + "/".join(parts))
    .filter(lambda path: ".." not in path.split("/"))
)
checksums = st.sampled_from(sorted(LENGTHS)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.text("0123456789abcdef", min_size=LENGTHS[name], max_size=LENGTHS[name])
    )
)
described = st.builds(
    ContentFile,
    bagpath=bagpaths,
    is_downloaded=st.booleans(),
    is_metadata=st.booleans(),
    size_bytes=st.none() | st.integers(1, 10**18),
    checksums=st.lists(checksums, max_size=3).map(tuple),
    urls=st.lists(texts.filter(bool), max_size=2).map(tuple),
)
lost = st.builds(ContentFile, bagpath=st.just(""), is_downloaded=st.just(False))
manifests = st.builds(
    SipManifest,
    source=sources,
    record_id=texts.filter(bool),
    created_at_s=st.integers(1, 2**40),
    files=st.lists(described | lost, max_size=3).map(tuple),
    title=texts,
    is_light=st.booleans(),
)


@given(manifests)
def test_what_we_write_is_read_back_and_keeps_every_rule(manifest: SipManifest) -> None:
    document = json.loads(render_sip_json(manifest))
    assert list(faults(document)) == []
    published(document)
    assert SipManifest.from_json(document) == manifest


@given(manifests)
def test_a_package_is_named_after_its_record(manifest: SipManifest) -> None:
    head, source, *_, created = manifest.name.split("::")
    assert (head, manifest.source.startswith(source), created) == (
        "sip",
        True,
        str(manifest.created_at_s),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
odd = json_values | st.sampled_from(
    [-1, 0, "0", "7", "-7", "1" * 19, "1" * 20, 1.0, 1.5, True, "md5:00", "MD5:" + "a" * 32,
     "sha-1:" + "0" * 40, "data/x", "data/", "data/../x", "data/a..b", "/data/x", "data/x/..",
     ["md5:" + "0" * 32], ["x"], {"url": None}, {"url": ["a"]}, {"url": 7}, {"url": [7]},
     {"params": 1}, "x" * 100, "x" * 101, "x" * 500, "x" * 501, ""]
)  # fmt: skip
members = st.sampled_from([*a_document(), "files", "resource_id", "usr-meta", "title"])
audit_members = st.sampled_from(["tool", "action", "timestamp"])
file_members = st.sampled_from([*an_entry("a", b""), "other"])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A good document with some members replaced or left out, at both levels."""
    replaced = draw(st.dictionaries(members, odd | st.just(...), max_size=2))
    document = a_document(**replaced)
    for entry in document["contentFiles"] if _has_entries(document) else ():
        for name, value in draw(st.dictionaries(file_members, odd, max_size=1)).items():
            entry[name] = value
        for name in draw(st.lists(file_members, max_size=1)):
            entry.pop(name, None)
    for action in document["audit"] if isinstance(document.get("audit"), list) else ():
        if isinstance(action, dict) and "tool" in action:
            action.update(draw(st.dictionaries(audit_members, odd, max_size=1)))
    return document


def _has_entries(document: dict[str, Any]) -> bool:
    files = document.get("contentFiles")
    return isinstance(files, list) and all(isinstance(each, dict) for each in files)


def keeps_the_schema(document: object) -> bool:
    try:
        published(document)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


@given(documents() | json_values)
@example(a_document(audit=[{"tool": {"name": 1, "version": 2}, "action": "a", "timestamp": True}]))
@example(a_document(contentFiles=[{"downloaded": False}]))
@example(a_document(contentFiles=[{"downloaded": 0}]))
@example(a_document(recid=7))
@example(a_document(recid=True))
@example(a_document(files="x"))
def test_the_published_schema_and_our_rules_agree(document: object) -> None:
    found = list(faults(document))
    assert (found == []) == keeps_the_schema(document), found


@given(documents() | json_values)
def test_every_fault_has_a_pointer_and_a_reason_that_can_be_kept(document: object) -> None:
    for pointer, reason in faults(document):
        assert pointer == "" or pointer.startswith("/")
        assert orjson.dumps([pointer, reason])


@pytest.mark.parametrize(
    ("stamp", "expected"), [(..., TIMESTAMP), (None, TIMESTAMP), (5, 5), (0, TIMESTAMP)]
)
def test_the_time_is_that_of_the_first_action_where_it_lacks(stamp: object, expected: int) -> None:
    manifest = SipManifest.from_json(a_document(sip_creation_timestamp=stamp))
    assert manifest.created_at_s == expected


@pytest.mark.parametrize(
    ("params", "is_light"),
    [({"dry_run": True}, True), ({"dry_run": False}, False), ({"dry_run": "yes"}, False),
     ({}, False), (..., False), ("dry_run", False)],
)  # fmt: skip
def test_a_dry_run_makes_a_light_sip(params: object, is_light: bool) -> None:
    document = a_document()
    document["audit"][0]["tool"]["params"] = params
    if params is ...:
        del document["audit"][0]["tool"]["params"]
    assert SipManifest.from_json(document).is_light is is_light
