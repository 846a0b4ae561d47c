"""Completes a bag by the files that its fetch.txt names (RFC 8493 §2.2.3, §5.4; rule S14)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from muniment.connectors.web import NotGiven, WebFile, WebFiles
from muniment.information.bagit import FetchItem
from muniment.information.bagit.check import open_check
from muniment.information.bagit.declared import declared_algorithms, package_base
from muniment.information.listing import ListedFile, read_listing
from muniment.information.paths import PathFault, SafePath, decode_name, safe_path
from muniment.ingest.area import WorkArea
from muniment.runtime.digests import Digester, Digests, digest_stream
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import NoSpace, Unavailable
from muniment.runtime.failpoints import failpoint
from muniment.runtime.findings import Finding, code_table, has_errors

_CODES = code_table("muniment.ingest")
_LOOK_EVERY_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that was not sent: its line of fetch.txt and its place below the package."""

    item: FetchItem
    place: SafePath


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """What a package lacks and says where to get."""

    wanted: tuple[Wanted, ...] = ()
    algorithms: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def plan_of(area: WorkArea) -> FetchPlan:
    """Read what is to be fetched: nothing for what is no bag, or for a bag that is wrong anyway.

    Whatever is wrong with the bag, `verify` tells; nobody is asked for the files of such a bag.
    """
    bag = package_base(area.package)
    if not all((bag / name).is_file() for name in ("fetch.txt", "bagit.txt")):
        return FetchPlan()
    check = open_check(bag)
    if has_errors(check.findings):
        return FetchPlan()
    wanted, findings = _wanted(check.fetch)
    top, top_as_sent = "", ""
    for file in read_listing(area.listing):
        if bag != area.package and not top:
            top, top_as_sent = f"{bag.name}/", f"{file.original_name.partition('/')[0]}/"
        wanted.pop(file.path.removeprefix(top), None)
    algorithms = {"sha256", "sha512", *check.algorithms, *declared_algorithms(bag)}
    return FetchPlan(
        tuple(
            Wanted(item, SafePath(f"{top}{place.path}", f"{top_as_sent}{place.original_name}"))
            for item, place in wanted.values()
        ),
        tuple(sorted(algorithms)),
        tuple(findings),
    )


def _wanted(
    items: Iterable[FetchItem],
) -> tuple[dict[str, tuple[FetchItem, SafePath]], list[Finding]]:
    """Return the lines of fetch.txt by the path of their file in the bag; the first one counts."""
    wanted: dict[str, tuple[FetchItem, SafePath]] = {}
    findings = []
    for item in items:
        place = safe_path(decode_name(item.key))
        if isinstance(place, PathFault):
            findings.append(_CODES.finding("fetch-place", path=item.key))
        elif place.path in wanted:
            findings.append(_CODES.finding("fetch-twice", path=item.key))
        else:
            wanted[place.path] = (item, place)
    return wanted, findings


def refusals(plan: FetchPlan, web: WebFiles) -> Iterator[Finding]:
    """Say of each file that will not be asked for why, before anything is asked for."""
    yield from plan.findings
    for wanted in plan.wanted:
        try:
            web.check(wanted.item.url)
        except NotGiven as exc:
            yield _not_given(wanted, exc)


@dataclass(slots=True)
class Fetching:
    """One run through a plan. What the package is to blame for is in `findings` at the end.

    A file that an earlier run got is not asked for again: its digests are calculated anew.
    """

    area: WorkArea
    web: WebFiles
    algorithms: tuple[str, ...]
    reserve_bytes: int
    progress: Callable[[int, int | None, str], None]
    findings: list[Finding] = field(default_factory=list)
    file_count: int = 0
    size_bytes: int = 0

    def files(self, plan: FetchPlan) -> Iterator[ListedFile]:
        """Yield each file when it lies in the package.

        Raises PartnerDown, RateLimited and NoSpace; not when a fault was found before, since the
        package will be refused whatever comes.
        """
        self._look_for_room(sum(each.item.size_bytes or 0 for each in plan.wanted))
        for wanted in plan.wanted:
            self.progress(self.file_count, len(plan.wanted), f"fetching {wanted.place.path}")
            try:
                got = self._file(wanted)
            except Unavailable:
                if has_errors(self.findings):
                    return
                raise
            if isinstance(got, Finding):
                self.findings.append(got)
                continue
            failpoint("fetch.file-fetched")
            self.file_count += 1
            self.size_bytes += got.size_bytes
            place = wanted.place
            yield ListedFile(
                place.path, place.original_name, got.size_bytes, got.by_algorithm, None
            )

    def _file(self, wanted: Wanted) -> Digests | Finding:
        target = self.area.package / wanted.place.path
        with storage_errors(str(target)):
            if target.is_file():
                with target.open("rb") as stream:
                    return digest_stream(stream, self.algorithms)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                return _CODES.finding("fetch-place", path=wanted.item.key)
            if target.exists():
                return _CODES.finding("fetch-place", path=wanted.item.key)
        try:
            with self.web.open(wanted.item.url) as file:
                return self._taken(wanted, file, target)
        except NotGiven as exc:
            return _not_given(wanted, exc)

    def _taken(self, wanted: Wanted, file: WebFile, target: Path) -> Digests | Finding:
        """Write the file beside the package, and name it when it is whole."""
        expected = wanted.item.size_bytes
        if expected is not None and file.size_bytes not in {None, expected}:
            return _wrong_size(wanted, str(file.size_bytes))
        beside = self.area.path / ".fetching"
        with storage_errors(str(beside)), beside.open("wb") as stream:
            digester = Digester(self.algorithms)
            look_at = _LOOK_EVERY_BYTES
            for block in file.blocks:
                if expected is not None and digester.size_bytes + len(block) > expected:
                    return _wrong_size(wanted, f"more than {expected}")
                stream.write(block)
                digester.update(block)
                if digester.size_bytes >= look_at:
                    look_at += _LOOK_EVERY_BYTES
                    self._look_for_room(_LOOK_EVERY_BYTES)
                    self.progress(self.file_count, None, f"fetching {wanted.place.path}")
        if expected is not None and digester.size_bytes != expected:
            return _wrong_size(wanted, str(digester.size_bytes))
        if file.moved_to:
            moved = _CODES.finding("fetch-moved", path=wanted.item.key, url=file.moved_to)
            self.findings.append(moved)
        with storage_errors(str(target)):
            beside.replace(target)
        return digester.result()

    def _look_for_room(self, needed_bytes: int) -> None:
        with storage_errors(str(self.area.path)):
            free = shutil.disk_usage(self.area.path).free
        if free - self.reserve_bytes < needed_bytes:
            raise NoSpace(
                f"{free:,} bytes are free, {self.reserve_bytes:,} are kept in reserve and what is "
                f"to be fetched needs {needed_bytes:,}; free some space, then `muniment job retry`"
            )


def _not_given(wanted: Wanted, exc: NotGiven) -> Finding:
    # mypy cannot know that no text has a place named `severity`.
    return _CODES.finding(f"fetch-{exc.refusal}", path=wanted.item.key, **exc.params)  # type: ignore[arg-type]  # texts only


def _wrong_size(wanted: Wanted, found: str) -> Finding:
    expected = str(wanted.item.size_bytes)
    return _CODES.finding("fetch-size", path=wanted.item.key, expected=expected, found=found)
