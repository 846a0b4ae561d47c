"""Archival Storage (OAIS): sealing versions, fixity, recovery, export, the ledger."""
