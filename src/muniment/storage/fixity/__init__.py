"""Fixity: every byte re-read, every recorded digest compared, every result kept."""
