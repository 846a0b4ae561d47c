"""Systems that are told how we are: OpenTelemetry and Sentry (orchestration spec §4.10)."""

from __future__ import annotations
