"""Common services: errors, findings, actors and policy port, clock, durable writes, tools."""
