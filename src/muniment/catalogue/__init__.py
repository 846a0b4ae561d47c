"""Data Management (OAIS): entities, representations, files, events, search, rebuild."""
