"""What `muniment check` asks of the machine: environment, clock, isolation, tools, libraries."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

from muniment.cli.checks import Check, CheckFunction
from muniment.cli.checks_of_archive import times
from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import Settings, settings

_RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
_TOOLS = (
    ("exiftool", ["-ver"], "apt install libimage-exiftool-perl: more technical metadata"),
    ("ffprobe", ["-version"], "apt install ffmpeg: checks audio and video streams"),
    ("clamscan", ["--version"], "apt install clamav: without it nothing is scanned for malware"),
    ("bwrap", ["--version"], "apt install bubblewrap: isolates the tools that read content"),
)
_LIBRARIES = ("pygfried", "pillow", "pikepdf", "pypdfium2", "jpylyzer", "pymediainfo", "lxml")
_NO_SETTINGS = {"MUNIMENT_HOME", "MUNIMENT_FAILPOINT", "MUNIMENT_ISOLATION"}
_ANSWER_S = 60


def configuration(home: ArchiveHome) -> Iterator[Check]:
    """Say which home it is, and which variables mean nothing."""
    yield Check("configuration", "ok", f"home {home.path}")
    known = {f"MUNIMENT_{name.upper()}" for name in Settings.model_fields} | _NO_SETTINGS
    for name in sorted(os.environ):
        if name.startswith("MUNIMENT_") and name not in known:
            said = f"{name} is set, and is no setting"
            yield Check("configuration", "advice", said, "docs/reference/settings lists them all")


def clock(home: ArchiveHome) -> Iterator[Check]:
    """Compare the clock with the release and with the file system's."""
    now, there = times(home)
    apart_s = abs((there - now).total_seconds())
    if now < _RELEASED:
        said = f"{now:%Y-%m-%d %H:%MZ} is before this release"
        yield Check("clock", "error", said, "set the clock, and run NTP")
    elif apart_s > 5:
        yield Check("clock", "advice", f"storage is {apart_s:.0f} s apart", "run NTP on both")
    else:
        yield Check("clock", "ok", f"{now:%Y-%m-%d %H:%M:%SZ}")


def isolation(_home: ArchiveHome) -> Iterator[Check]:
    """Say how far what reads content is kept from the rest of the machine."""
    from muniment.runtime.contained import isolation_level

    level = str(isolation_level())
    advice = "" if level == "bwrap" else "apt install bubblewrap: no network for tools"
    yield Check("isolation", "advice" if advice else "ok", level, advice)


def tools(_home: ArchiveHome) -> Iterator[Check]:
    """Ask each external program for its version."""
    for name, arguments, advice in _TOOLS:
        command = shutil.which(name)
        if command is None:
            yield Check(name, "advice", "not installed", advice)
        else:
            yield _tool(name, [command, *arguments])


def _tool(name: str, command: list[str]) -> Check:
    mend = f"{command[0]} cannot be used: install it anew, or take it away"
    try:
        done = subprocess.run(  # noqa: S603  # a tool of our own table, no user's words
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check(name, "error", f"no answer within {_ANSWER_S} s", mend)
    except OSError as exc:
        return Check(name, "error", f"cannot be started: {exc.strerror}", mend)
    said = (done.stdout or done.stderr).decode("utf-8", "backslashreplace").strip()
    first = said.partition("\n")[0][:60]
    if done.returncode:
        return Check(name, "error", f"ended with {done.returncode}: {first}", mend)
    return Check(name, "ok", first)


def virus_check(_home: ArchiveHome) -> Iterator[Check]:
    """Say which scanner there is, and whether it can scan."""
    from muniment.ingest.adapters import find_scanner

    scanner = find_scanner(settings())
    if scanner is None:
        said = "no scanner: packages are not scanned"
        yield Check("virus check", "advice", said, "apt install clamav clamav-freshclam")
        return
    problem = scanner.problem()
    if problem:
        yield Check("virus check", "error", problem, "run freshclam")
    else:
        yield Check("virus check", "ok", f"{scanner.name} {scanner.version()}")


def fetching(_home: ArchiveHome) -> Iterator[Check]:
    """Say which hosts may be asked for files of bags."""
    from muniment.connectors.web import AllowedHosts

    hosts = settings().fetch_hosts
    AllowedHosts(hosts)
    said = f"files of fetch.txt from: {', '.join(hosts)}" if hosts else "nothing is fetched"
    yield Check("fetching", "ok", said)


def libraries(_home: ArchiveHome) -> Iterator[Check]:
    """Name the versions of the libraries that read content."""
    from importlib.metadata import version

    for name in _LIBRARIES:
        yield Check(name, "ok", version(name))


CHECKS: tuple[CheckFunction, ...] = (clock, isolation, tools, virus_check, fetching, libraries)
