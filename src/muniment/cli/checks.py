"""Runs the checks of `muniment check`, whatever one of them meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from muniment.runtime.errors import InvalidSettings, MunimentError
from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import settings


@dataclass(frozen=True, slots=True)
class Check:
    """One line: level `ok`, `advice` or `error`, what was seen, and what to do."""

    name: str
    level: str
    said: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the members for `--json`."""
        return asdict(self)


CheckFunction = Callable[[ArchiveHome], Iterator[Check]]


def run_checks(home: ArchiveHome) -> Iterator[Check]:
    """Yield every check; a broken configuration ends them, as nothing else can be asked."""
    from muniment.cli import checks_of_archive, checks_of_machine

    try:
        settings()
    except InvalidSettings as exc:
        for name, said in exc.problems.items():
            yield Check("configuration", "error", f"{name}: {said}", f"mend {home.settings_file}")
        return
    yield from checks_of_machine.configuration(home)
    if not home.storage_root.is_dir():
        yield Check("archive", "error", "there is no archive here", "muniment init")
        return
    yield from _guarded(checks_of_archive.disk, home)
    yield from _guarded(checks_of_archive.storage, home)
    yield from _guarded(checks_of_archive.ledger, home)
    found = list(_guarded(checks_of_archive.database, home))
    yield from found
    if all(each.level == "ok" for each in found):
        yield from _guarded(checks_of_archive.work, home)
        yield from _guarded(checks_of_archive.schedules, home)
    for check in checks_of_machine.CHECKS:
        yield from _guarded(check, home)


def _guarded(check: CheckFunction, home: ArchiveHome) -> Iterator[Check]:
    """Give what a check says; what stops it is a fault that it found."""
    name = check.__name__.replace("_", " ")
    try:
        yield from check(home)
    except (MunimentError, OSError) as exc:
        yield Check(name, "error", " ".join(str(exc).split()), "mend that, and check again")
