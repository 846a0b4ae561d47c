"""What `serve` and `worker` do alike: keep children alive, and tell others how things are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.work.supervisor import Supervisor


def supervisor_of(commands: Sequence[Sequence[str]], *, grace_s: float) -> Supervisor:
    """Return a supervisor of these commands; it is counted in the archive's metrics."""
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.metric_files import forget_the_dead
    from muniment.runtime.registry import adapter_of
    from muniment.site.telling import start_telling
    from muniment.work.supervisor import Supervisor
    from muniment.work.types import Times

    home = adapter_of(ArchiveHome)
    forget_the_dead(home.metrics)
    start_telling(home)
    return Supervisor(commands, Times(grace_s=grace_s))
