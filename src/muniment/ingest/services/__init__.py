"""The only place that writes ingest's tables: pipelines, submissions, decisions."""
