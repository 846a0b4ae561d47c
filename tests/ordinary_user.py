"""Acts as an ordinary user for a while, where the tests run as root: root may read everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.archives import Archive

_NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Give root's rights up inside the block; without root nothing changes."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


class OrdinaryArchive(Archive):
    """An archive whose commands obey the permissions of files, also where the tests run as root."""

    @property
    def may_fork(self) -> bool:
        """No: the start of a program is what takes the rights away."""
        return False

    def command(self, *words: str | Path) -> list[str]:
        """Return the argument vector of `muniment WORDS`, without what lets root read all."""
        rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        return [*(rights if os.geteuid() == 0 else []), *super().command(*words)]
