"""Oneself, users, groups and the audit trail over HTTP."""
