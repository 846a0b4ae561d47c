"""Scripts for those who work on Muniment; nothing here is installed."""
