"""Durable work: jobs with leases, schedules, and the outbox of domain events.

Read it in the order of a job's life: `services.enqueue`, `claiming`, `execution` with `context` and
`heartbeat`, `leases.settle`, `classification`, `reaper`. `worker` is one process, `supervisor`
several, `embedded` the command that waits for its own jobs.
"""
