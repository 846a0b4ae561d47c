"""Pages of oneself, of users and groups, of passwords and of the audit trail."""
