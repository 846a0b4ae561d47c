"""Whom this process tells how it is: log, metrics, OpenTelemetry, Sentry, as the settings say."""

from __future__ import annotations

import atexit

from muniment.connectors.telemetry import open_telemetry, sentry
from muniment.runtime.home import ArchiveHome
from muniment.runtime.metric_files import start_measuring
from muniment.runtime.settings import settings
from muniment.runtime.tracing import install_tracer


def start_telling(home: ArchiveHome) -> None:
    """Begin, in a process that serves or works; once, in the process itself and not before a fork.

    Raises Misconfigured when what is asked for is not installed.
    """
    start_measuring(home.metrics)
    found = settings()
    if found.sentry_dsn:
        sentry.start_sentry(
            found.sentry_dsn,
            environment=found.sentry_environment,
            traces_rate=found.sentry_traces_rate,
        )
    if open_telemetry.is_asked_for():
        tracer = open_telemetry.OtlpTracer()
        install_tracer(tracer)
        atexit.register(tracer.close)
