"""Common services: errors, findings, actor and policy port, clock, durable writes, digests, tools."""
