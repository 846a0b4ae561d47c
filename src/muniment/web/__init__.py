"""The shell of the site: layout, design system, sign-in, dashboard."""

WATCHERS = 112
"""Most open pages that one process wakes; it has as many threads besides those for requests."""
