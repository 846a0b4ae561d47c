"""Who sees what fixity found and where copies lie."""

from __future__ import annotations

from muniment.storage.models import Copy, FixityCheck, Location
from muniment.work.visibility import show_to


def register() -> None:
    """Say it for every table of this package."""
    for model in (Copy, FixityCheck, Location):
        show_to(model, "fixity.read")
