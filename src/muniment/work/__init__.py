"""Durable work: jobs with leases, schedules, and the outbox of domain events."""
