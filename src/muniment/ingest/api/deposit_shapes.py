"""What is sent and answered about deposits."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError

from muniment.information.dublin_core import DublinCoreValue
from muniment.ingest.services.uploads import NewFile
from muniment.ingest.types import DepositKind, DepositState
from muniment.runtime.http.tus import CHECKSUMS
from muniment.runtime.http.views import Strict

_LARGEST = (1 << 63) - 1


class ExpectedFileBody(Strict):
    """What is sent: a file that will come."""

    path = s.CharField(max_length=4096, trim_whitespace=False)
    size = s.IntegerField(min_value=0, max_value=_LARGEST)
    digest = s.RegexField(
        r"^(md5|sha1|sha256|sha512):[0-9a-fA-F]+$", required=False, default="", allow_blank=True
    )

    def validate_digest(self, value: str) -> str:
        """Hold the digest to the length of its algorithm."""
        algorithm, _, digest = value.partition(":")
        if value and len(digest) != 2 * CHECKSUMS[algorithm]:
            raise ValidationError(f"no digest of {algorithm} has this length")
        return value.lower()


class DepositBody(Strict):
    """What is sent: a new deposit."""

    kind = s.ChoiceField([each.value for each in DepositKind], default=DepositKind.FILES.value)
    title = s.CharField(max_length=1000, required=False, default="", allow_blank=True)
    source = s.CharField(  # type: ignore[assignment]  # a field of ours, not DRF's attribute
        max_length=50, required=False, default="", allow_blank=True
    )
    recid = s.CharField(max_length=500, required=False, default="", allow_blank=True)
    metadata = s.DictField(required=False, default=dict)
    expected_files = ExpectedFileBody(many=True, required=False, default=list)
    pipeline = s.CharField(max_length=100, required=False, default="", allow_blank=True)
    object_id = s.CharField(max_length=100, required=False, default="", allow_blank=True)


class FinaliseBody(Strict):
    """What is sent: how a deposit is handed in."""

    pipeline = s.CharField(max_length=100, required=False, default="", allow_blank=True)
    dry_run = s.BooleanField(required=False, default=False)


class DepositShape(s.Serializer[object]):
    """What is answered: deposit."""

    deposit_id = s.UUIDField()
    kind = s.ChoiceField([each.value for each in DepositKind])
    state = s.ChoiceField([each.value for each in DepositState])
    title = s.CharField()
    source = s.CharField()  # type: ignore[assignment]  # likewise
    recid = s.CharField()
    metadata = s.DictField()
    pipeline = s.CharField()
    object_id = s.CharField()
    file_count = s.IntegerField()
    size_bytes = s.IntegerField()
    upload_url = s.CharField()
    submission_id = s.UUIDField(allow_null=True)
    error = s.CharField(allow_null=True)
    created_at = s.DateTimeField()
    expires_at = s.DateTimeField()


class DepositFileShape(s.Serializer[object]):
    """What is answered: file of a deposit."""

    path = s.CharField()
    url = s.CharField()
    size_bytes = s.IntegerField()
    received_bytes = s.IntegerField()
    is_complete = s.BooleanField()
    digests = s.DictField(child=s.CharField())


def described(metadata: dict[str, Any]) -> list[DublinCoreValue]:
    """Read {term: value or list of values}."""
    found = []
    for term, said in metadata.items():
        for value in said if isinstance(said, list) else [said]:
            if not isinstance(value, str):
                raise ValidationError({"metadata": {term: "a value is a text, or a list of texts"}})
            found.append(DublinCoreValue(term, value))
    return found


def expected(files: list[dict[str, Any]]) -> list[NewFile]:
    """Read the list of files that will come."""
    found = []
    for each in files:
        algorithm, _, digest = each["digest"].partition(":")
        digests = {algorithm: digest} if digest else {}
        found.append(NewFile(each["path"].encode("utf-8", "surrogatepass"), each["size"], digests))
    return found
