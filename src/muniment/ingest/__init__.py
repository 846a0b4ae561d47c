"""Ingest (OAIS): submissions, pipelines, steps, receipts."""
