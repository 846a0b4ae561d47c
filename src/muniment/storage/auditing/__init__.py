"""The audit trail in storage: each finished day, and the proof that it is the one of the table."""
