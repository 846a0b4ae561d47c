"""Look at what was handed in before anything is copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from muniment.information.event_types import EventType
from muniment.ingest.deposit_area import PREFIX, handed_in
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.errors import InvalidPackage, NoSpace
from muniment.runtime.settings import settings


class Receive(Step):
    """The source is there, it is not the archive itself, and there is room to take it."""

    name = "receive"
    title = _("Receive")
    about = _("Takes the package and notes where it came from and who handed it in.")
    event_type = EventType.TRANSFER
    on_entity = True
    passed = _("The package was received.")
    failed = _("The package could not be received.")

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage, NoSpace."""
        context.tools.warm_up()
        shutil.rmtree(context.area.package, ignore_errors=True)
        source = source_of(context)
        if not source.exists():
            raise InvalidPackage(f"{context.submission.source_path} is not there any more")
        _refuse_the_archive_itself(source, context)
        _refuse_without_room(source, context)
        return StepResult(detail=f"from {context.submission.source_path}")


def source_of(context: StepContext) -> Path:
    """Return the place of what was handed in."""
    return handed_in(context.home, context.submission.source_path)


def _refuse_the_archive_itself(source: Path, context: StepContext) -> None:
    if context.submission.source_path.startswith(PREFIX):
        return  # an upload lies in the archive's work area on purpose
    real, home = source.resolve(), context.home.path.resolve()
    if real == home or home.is_relative_to(real) or real.is_relative_to(home):
        raise InvalidPackage(f"{context.submission.source_path} holds this archive or lies in it")


def _refuse_without_room(source: Path, context: StepContext) -> None:
    """A folder's size is not known yet; unpacking keeps the reserve free while it goes."""
    needed = source.stat().st_size if source.is_file() else 0
    free = shutil.disk_usage(context.home.work).free
    reserve = settings().disk_reserve_bytes
    if free - reserve < needed:
        raise NoSpace(
            f"{free:,} bytes are free, {reserve:,} are kept in reserve and the package needs "
            f"{needed:,}; free some space, then `muniment job retry`"
        )
