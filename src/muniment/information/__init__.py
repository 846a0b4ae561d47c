"""The information model and its serialisations: plain Python, no Django, no network."""
