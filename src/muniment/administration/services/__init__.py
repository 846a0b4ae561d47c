"""The only places that change users, tokens and the audit trail."""
