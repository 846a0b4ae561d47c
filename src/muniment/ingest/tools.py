"""The helper processes of a run: started early, in the background, and shared by its steps."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from muniment.formats.examination import Examiner
from muniment.formats.identification import Identifier


class Tools:
    """Starts each pool of helpers once, when it is first asked for or warmed up."""

    def __init__(self, helpers: int, *, use_exiftool: bool = True) -> None:
        self.helpers = helpers
        self._use_exiftool = use_exiftool
        self._stack = ExitStack()
        self._identifier: Identifier | None = None
        self._examiner: Examiner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        self._identifier = self._examiner = None

    def warm_up(self) -> None:
        """Start all helpers in the background; they are ready when the first step wants them."""
        self.identifier()
        self.examiner()

    def identifier(self) -> Identifier:
        """Return the pool that identifies formats."""
        if self._identifier is None:
            self._identifier = self._stack.enter_context(Identifier(helpers=self.helpers))
        return self._identifier

    def examiner(self) -> Examiner:
        """Return the pool that validates files and reads their technical metadata."""
        if self._examiner is None:
            self._examiner = self._stack.enter_context(
                Examiner(helpers=self.helpers, use_exiftool=self._use_exiftool)
            )
        return self._examiner
