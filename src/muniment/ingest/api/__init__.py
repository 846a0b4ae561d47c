"""Ingest over HTTP: submissions and pipelines (orchestration spec §3.3, §3.5, §3.6)."""
