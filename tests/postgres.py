"""A PostgreSQL server for one test run: made in a temporary folder, gone at its end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Lost at a power cut: nothing that a test needs. Connections: 2 workers and their child processes.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
}


def server_programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`: Debian keeps them off the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _unprivileged() -> str | None:
    """Return the user to run as when we are root, for `postgres` refuses to be root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as: neither postgres nor nobody")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that listens on a socket in `folder` only."""

    folder: Path
    programs: Path
    user: str | None

    def url(self, database: str) -> str:
        """Return the value for MUNIMENT_DATABASE."""
        host = str(self.folder).replace("/", "%2F")
        return f"postgresql://muniment@{host}/{database}"

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder / "data"))
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        with (self.folder / "log").open("ab") as log_file:  # the server would keep a pipe open
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                user=self.user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            log = (self.folder / "log").read_text(errors="replace")
            raise RuntimeError(f"{program} failed:\n{log}")


def start() -> Server:
    """Make a cluster and start it; takes about two seconds."""
    programs = server_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: make tools")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="muniment-pg-", dir="/tmp"))  # a socket's path is short
    if user:
        shutil.chown(folder, user)
    server = Server(folder, programs, user)
    data = str(folder / "data")
    server._run(
        "initdb", "-D", data, "-U", "muniment", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
        "--no-sync",
    )  # fmt: skip
    options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
    server._run(
        "pg_ctl", "start", "-w", "-D", data, "-o", f"{options} -k {folder}", "-l",
        str(folder / "server.log"),
    )  # fmt: skip
    return server
