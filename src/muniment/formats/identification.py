"""Which format a file has, by the signatures of PRONOM, in helper processes."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Self

from muniment.formats.batches import Allowance, Batch, Work, in_batches
from muniment.runtime.contained import ContainedPool, Limits
from muniment.runtime.contained.process import ContainedProcess
from muniment.runtime.contained.wire import path_text

_CHILD = "muniment.formats.pronom_child"
MIB = 1 << 20
ALLOWANCE = Allowance(files=64, size_bytes=16 * MIB, base_s=20.0, rate_bytes_s=10 * MIB)
LIMITS = Limits(memory_bytes=1024 * MIB)


@dataclass(frozen=True, slots=True)
class Identification:
    """What is known of one file's format; all empty where nothing matched.

    `basis`: what matched (signature, container, extension, text). `warnings`: doubts, in the words
    of Siegfried. `error`: why the file could not be looked at.
    """

    puid: str = ""
    format_name: str = ""
    format_version: str = ""
    mime_type: str = ""
    basis: str = ""
    warnings: tuple[str, ...] = ()
    extension_mismatch: bool = False
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the members that are set."""
        return {name: value for name in _MEMBERS if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; an unknown member raises TypeError."""
        return cls(**{**document, "warnings": tuple(document.get("warnings", ()))})

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Self:
        """Read what the helper said: the members in their order."""
        puid, name, version, mime_type, basis, warnings, mismatch, error = row
        return cls(puid, name, version, mime_type, basis, tuple(warnings), mismatch, error)


_MEMBERS = tuple(field.name for field in fields(Identification))


class Identifier:
    """Identifies files in `helpers` processes, which load while the caller does something else.

    Use it as a context manager and for many files: a start costs 0.2 s.
    """

    def __init__(
        self, *, helpers: int = 2, allowance: Allowance = ALLOWANCE, child: str = _CHILD
    ) -> None:
        """`child`: the module that does the work, so that tests can put a bad one there."""
        self._child = child
        self._allowance = allowance
        self._pool = ContainedPool(helpers, LIMITS, warm=f"{child}:warm")
        self._links = partial(tempfile.TemporaryDirectory, prefix="muniment-names-")
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._numbers = count()
        self._about: Mapping[str, str] = {}

    def __enter__(self) -> Self:
        self._pool.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the helpers; what they are at is given up."""
        self._pool.close()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def helpers(self) -> tuple[ContainedProcess, ...]:
        """The helper processes, for reports and tests."""
        return self._pool.processes

    def tool(self) -> tuple[str, str]:
        """Return the name of the tool and its version, with that of the PRONOM signatures."""
        if not self._about:

            def ask(process: ContainedProcess, _: None) -> Any:  # noqa: ANN401  # JSON
                return process.call(f"{self._child}:about", None)

            (self._about,) = self._pool.map(ask, [None])
        return "Siegfried", f"{self._about['siegfried']} ({self._about['pronom']})"

    def identify(self, paths: Iterable[Path]) -> Iterator[Identification]:
        """Yield one identification for each path, in order; memory stays flat.

        A path that is no readable regular file, or that lets the helper die or hang, has its
        `error` set; nothing is raised for it.
        """
        work = Work(
            function=f"{self._child}:identify_batch",
            allowance=self._allowance,
            arguments=self._arguments,
            read=Identification.of_row,
            failed=lambda _, reason: Identification(error=reason),
        )
        batches = in_batches(map(_look, paths), self._allowance)
        for results in self._pool.map(partial(_around_errors, work), batches):
            yield from results

    def _arguments(self, items: Sequence[_Looked]) -> list[str]:
        return [path_text(self._readable_name(item.path)) for item in items]

    def _readable_name(self, path: str) -> str:
        """Return the path, or a link to it with a name that pygfried takes: it wants UTF-8."""
        try:
            path.encode()
        except UnicodeEncodeError:
            if self._folder is None:
                self._folder = self._links()
            suffix = Path(path).suffix.encode("ascii", "ignore").decode()
            link = Path(self._folder.name, f"{next(self._numbers)}{suffix}")
            link.symlink_to(path)
            return str(link)
        return path


@dataclass(frozen=True, slots=True)
class _Looked:
    """A path and why it is not given to the helper; "" when it is."""

    path: str
    problem: str = ""


def _look(path: Path) -> tuple[_Looked, int]:
    """Return the absolute path and its size; a pipe or a device would let the helper hang."""
    name = str(path.absolute())
    try:
        status = path.stat()
    except OSError as exc:
        return _Looked(name, exc.strerror or type(exc).__name__), 0
    if not stat.S_ISREG(status.st_mode):
        return _Looked(name, "not a regular file"), 0
    return _Looked(name), status.st_size


def _around_errors(
    work: Callable[[ContainedProcess, Batch[_Looked]], list[Identification]],
    process: ContainedProcess,
    batch: Batch[_Looked],
) -> list[Identification]:
    """Send only what can be read; put the rest back to its place."""
    if not any(item.problem for item in batch.items):
        return work(process, batch)
    good = [
        (item, size)
        for item, size in zip(batch.items, batch.sizes, strict=True)
        if not item.problem
    ]
    sent = Batch([item for item, _ in good], [size for _, size in good])
    results = iter(work(process, sent) if good else [])
    return [
        Identification(error=item.problem) if item.problem else next(results)
        for item in batch.items
    ]
