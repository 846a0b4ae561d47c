"""Statistics over HTTP: the numbers of the dashboard (orchestration spec §3.10)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue.queries import statistics
from muniment.catalogue.queries.entities import totals
from muniment.ingest.queries import counts_by_verdict, failures_by_month
from muniment.runtime.actor import may
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.lists import ListRules, whole_list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, actor_of
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings_listing import ShownSetting, Source, shown_settings
from muniment.work.queries import counts_by_state


class HoldingShape(s.Serializer[object]):
    """What is answered: what a month or a source brought."""

    name = s.CharField()
    objects = s.IntegerField()
    files = s.IntegerField()
    size_bytes = s.IntegerField()


class SizeShape(s.Serializer[object]):
    """What is answered: how many objects have a size from `from_bytes` to below `below_bytes`."""

    from_bytes = s.IntegerField()
    below_bytes = s.IntegerField(allow_null=True)
    objects = s.IntegerField()


class FailureShape(s.Serializer[object]):
    """What is answered: how many submissions of a month had this verdict."""

    month = s.CharField()
    verdict = s.CharField()
    submissions = s.IntegerField()


class StatisticsShape(s.Serializer[object]):
    """What is answered: statistics."""

    objects = s.IntegerField()
    files = s.IntegerField()
    size_bytes = s.IntegerField()
    by_month = HoldingShape(many=True)
    by_source = HoldingShape(many=True)
    by_size = SizeShape(many=True)
    submissions = s.DictField(child=s.IntegerField())
    failures = FailureShape(many=True)
    jobs = s.DictField(child=s.IntegerField())


class SettingShape(s.Serializer[object]):
    """What is answered: a setting; of a secret only whether it is set."""

    name = s.CharField()
    value = s.CharField(allow_null=True)
    is_set = s.BooleanField()
    is_secret = s.BooleanField()
    source = s.ChoiceField([each.value for each in Source])  # type: ignore[assignment]  # a member of the base
    description = s.CharField()


SETTINGS = ListRules(SettingShape, sorts={"name": "name"}, default="name")


class SettingsList(ApiView):
    """The settings of the archive."""

    actions: ClassVar = {"GET": "settings.read"}
    parameters = SETTINGS.parameters

    @SETTINGS.told("List the settings by name")
    def get(self, request: Request) -> Response:
        """Give each as the process that answers read it, and where from; no secret."""
        rows = shown_settings(adapter_of(ArchiveHome))
        return whole_list_answer(request, [_setting(each) for each in rows], SETTINGS)


def _setting(found: ShownSetting) -> dict[str, object]:
    return {
        "name": found.name,
        "value": None if found.is_secret else found.value,
        "is_set": found.is_set,
        "is_secret": found.is_secret,
        "source": found.source.value,
        "description": found.description,
    }


class Statistics(ApiView):
    """What the archive holds and what became of what was handed in."""

    actions: ClassVar = {"GET": "object.read"}

    @told("Count what one may see", {200: StatisticsShape})
    def get(self, request: Request) -> Response:
        """Give totals, and the same by month, source and size; seven queries."""
        actor = actor_of(request)
        found = totals(actor)
        reads_submissions = may(actor, "submission.read")
        failures = failures_by_month(actor) if reads_submissions else []
        return Response(
            {
                "objects": found.entity_count,
                "files": found.file_count,
                "size_bytes": found.size_bytes,
                "by_month": [_holding(each) for each in statistics.holdings_by_period(actor)],
                "by_source": [_holding(each) for each in statistics.holdings_by_source(actor)],
                "by_size": [_size(each) for each in statistics.objects_by_size(actor)],
                "submissions": counts_by_verdict(actor) if reads_submissions else {},
                "failures": [
                    {"month": month, "verdict": verdict, "submissions": count}
                    for month, verdict, count in failures
                ],
                "jobs": counts_by_state(actor),
            }
        )


def _holding(found: statistics.Holding) -> dict[str, object]:
    return {
        "name": found.name,
        "objects": found.objects,
        "files": found.files,
        "size_bytes": found.size_bytes,
    }


def _size(found: statistics.SizeStep) -> dict[str, object]:
    return {"from_bytes": found.low, "below_bytes": found.high, "objects": found.objects}
