"""Administration (OAIS): roles and the one permission policy."""
