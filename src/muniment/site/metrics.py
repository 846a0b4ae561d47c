"""`/metrics` for Prometheus: what all processes counted, and how things are now."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from prometheus_client import CollectorRegistry, Metric, exposition
from prometheus_client.core import GaugeMetricFamily
from rest_framework.request import Request

from muniment.ingest import gauges as of_ingest
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.views import ApiView
from muniment.runtime.metric_files import measured
from muniment.runtime.metrics import PREFIX, Gauge
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings
from muniment.work import gauges as of_work


class _Everything:
    """All metrics, once more each time it is asked."""

    def collect(self) -> Iterator[Metric]:
        """Give what the processes counted, then what is so now."""
        home = adapter_of(ArchiveHome)
        yield from measured(home.metrics)
        for each in (*_of_this_machine(home), *of_work.gauges(), *of_ingest.gauges()):
            family = GaugeMetricFamily(PREFIX + each.name, each.meaning, labels=each.labels)
            for labels, value in each.values:
                family.add_metric(labels, value)
            yield family


def _of_this_machine(home: ArchiveHome) -> Iterator[Gauge]:
    build = [((version("muniment"), platform.python_version()), 1.0)]
    yield Gauge("build_info", "What runs here.", ("version", "python"), build)
    free = shutil.disk_usage(home.storage_root).free
    yield Gauge("storage_free_bytes", "Free space below the storage root.", (), [((), free)])


class Metrics(ApiView):
    """For machines that watch: a token whose user may, or everybody where the settings say so."""

    actions: ClassVar = {"GET": "metrics.read"}

    def action_of(self, method: str) -> str:
        """Ask nobody when the figures are public."""
        return "" if settings().metrics_public else super().action_of(method)

    @extend_schema(exclude=True)  # a wire of others
    def get(self, request: Request) -> HttpResponse:
        """Give the text form, or OpenMetrics where the scraper prefers it."""
        registry = CollectorRegistry()
        registry.register(_Everything())
        write, media_type = exposition.choose_encoder(request.headers.get("Accept", ""))
        return HttpResponse(write(registry), content_type=media_type)
