"""Shapes of the catalogue's answers and bodies, as the OpenAPI document tells them."""

from __future__ import annotations

from rest_framework import serializers as s

from muniment.runtime.http.views import Strict


class TermShape(Strict):
    """What is answered: term."""

    term = s.CharField(max_length=64)
    value = s.CharField(max_length=100_000)
    language = s.CharField(max_length=35, required=False, allow_blank=True)


class ObjectShape(s.Serializer[object]):
    """What is answered: object."""

    object_id = s.UUIDField()
    title = s.CharField()
    owner = s.CharField()
    state = s.CharField()
    version = s.IntegerField()
    created_at = s.DateTimeField()
    modified_at = s.DateTimeField()
    file_count = s.IntegerField()
    size_bytes = s.IntegerField()


class IdentifierShape(s.Serializer[object]):
    """What is answered: identifier."""

    type = s.CharField()
    value = s.CharField()


class VersionShape(s.Serializer[object]):
    """What is answered: version."""

    version = s.IntegerField()
    created_at = s.DateTimeField()
    reason = s.CharField()
    message = s.CharField()
    user_name = s.CharField()
    user_address = s.CharField()
    submission_id = s.UUIDField(allow_null=True)
    pipeline = s.CharField()
    source = s.CharField()  # type: ignore[assignment]  # a member of the base
    inventory_sha512 = s.CharField()
    file_count = s.IntegerField()
    size_bytes = s.IntegerField()


class RepresentationShape(s.Serializer[object]):
    """What is answered: representation."""

    name = s.CharField()
    representation_id = s.UUIDField()


class FormatCountShape(s.Serializer[object]):
    """What is answered: format count."""

    puid = s.CharField()
    format_name = s.CharField()
    format_version = s.CharField()
    count = s.IntegerField()


class WholeObjectShape(ObjectShape):
    """What is answered: whole object."""

    identifiers = IdentifierShape(many=True)
    dublin_core = TermShape(many=True)
    tags = s.ListField(child=s.CharField())
    shown_version = VersionShape()
    representations = RepresentationShape(many=True)
    formats = FormatCountShape(many=True)
    rights = s.ListField(child=s.DictField())


class FileShape(s.Serializer[object]):
    """What is answered: file."""

    file_id = s.UUIDField()
    representation = s.CharField()
    path = s.CharField()
    original_name = s.CharField()
    size_bytes = s.IntegerField()
    digests = s.DictField(child=s.CharField())
    puid = s.CharField()
    format_name = s.CharField()
    format_version = s.CharField()
    mime_type = s.CharField()
    basis = s.CharField()
    warnings = s.JSONField()
    validity = s.CharField()
    properties = s.DictField()
    modified_at = s.CharField(allow_null=True)
    first_version = s.IntegerField()
    last_version = s.IntegerField(allow_null=True)


class TreeEntryShape(s.Serializer[object]):
    """What is answered: a folder or a file of the tree."""

    kind = s.ChoiceField(["folder", "file"])
    path = s.CharField()
    name = s.CharField()
    file_count = s.IntegerField()
    size_bytes = s.IntegerField()
    file = FileShape(allow_null=True)


class WholeFileShape(FileShape):
    """What is answered: whole file."""

    object_id = s.UUIDField()


class AgentShape(s.Serializer[object]):
    """What is answered: agent."""

    name = s.CharField()
    version = s.CharField()
    type = s.CharField()
    role = s.CharField()


class EventShape(s.Serializer[object]):
    """What is answered: event."""

    event_id = s.UUIDField()
    type = s.CharField()
    date_time = s.CharField()
    detail = s.CharField()
    outcome = s.CharField()
    outcome_detail = s.CharField()
    version = s.IntegerField(allow_null=True)
    representation = s.CharField(allow_null=True)
    file_id = s.UUIDField(allow_null=True)
    agents = AgentShape(many=True)


class HitShape(s.Serializer[object]):
    """What is answered: hit."""

    object_id = s.UUIDField()
    title = s.CharField()
    archived_at = s.DateTimeField()
    modified_at = s.DateTimeField()
    file_count = s.IntegerField()
    size_bytes = s.IntegerField()
    score = s.IntegerField()
    highlights = s.ListField(child=s.CharField())


class DescriptionBody(Strict):
    """What is sent: description."""

    terms = TermShape(many=True)


class TagsBody(Strict):
    """What is sent: tags."""

    add = s.ListField(child=s.CharField(max_length=255), required=False, default=list)
    remove = s.ListField(child=s.CharField(max_length=255), required=False, default=list)


class AllTagsBody(Strict):
    """What is sent: every tag that an object is to have."""

    tags = s.ListField(child=s.CharField(max_length=255), max_length=1000)


class TagsShape(s.Serializer[object]):
    """What is answered: tags."""

    object_id = s.UUIDField()
    tags = s.ListField(child=s.CharField())
