"""Runs the code blocks of a documentation page, in order, as a reader would type them.

```console   commands after `$ `, what they print below; `…` stands for anything; a command
             that ends with another code than 0 is followed by `[exit 1]`
```python    pieces of one program, run in the same folder after the commands
```toml      parsed
```text      shown, not run
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"^\[exit (\d+)\]$", re.MULTILINE)
KINDS = {"console", "python", "toml", "text", "json"}


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a transcript with what it must print and how it must end."""

    words: str
    expected: str
    code: int


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page."""

    kind: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks that name a language; those in braces are the builder's."""
    return [Block(*match) for match in _FENCE.findall(page.read_text(encoding="utf-8"))]


def commands_of(block: Block) -> Iterator[Command]:
    """Cut a console block into commands; a line that ends in a backslash goes on."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        words, _, rest = part.partition("\n")
        while words.endswith("\\"):
            more, _, rest = rest.partition("\n")
            words = words[:-1] + more.lstrip("> ")
        code = _EXIT.search(rest)
        yield Command(words, _EXIT.sub("", rest).strip(), int(code.group(1)) if code else 0)


def matches(expected: str, found: str) -> bool:
    """Compare line by line where `…` stands for anything, also for several lines."""
    pattern = ".*".join(re.escape(piece) for piece in expected.split("…"))
    pattern = re.sub(r"(?:\\ |[ \t])+", r"[ \\t]+", pattern)
    return re.fullmatch(pattern, found.strip(), re.DOTALL) is not None


def run_page(page: Path, folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Run every block of the page in `folder`; return what went otherwise than the page says."""
    faults: list[str] = []
    session = _Session(folder, environment)
    for block in blocks_of(page):
        if block.kind == "console":
            for command in commands_of(block):
                faults += session.judge(command)
        elif block.kind == "toml":
            tomllib.loads(block.text)
        elif block.kind not in KINDS:
            faults.append(f"a block of the unknown kind {block.kind}")
    return faults + session.python("\n".join(b.text for b in blocks_of(page) if b.kind == "python"))


class _Session:
    """A shell that keeps its folder and variables from one command to the next."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._state = folder / ".session"
        self._state.touch()

    def judge(self, command: Command) -> list[str]:
        script = (
            f". '{self._state}'\n{command.words}\ncode=$?\n"
            f"{{ declare -p | grep -v -E '^declare -[^ ]*r'; echo \"cd '$PWD'\"; }}"
            f" >'{self._state}'\nexit $code"
        )
        done = self._run(["bash", "-c", script])
        found = done.stdout.decode(errors="backslashreplace")
        if done.returncode != command.code:
            said = done.stderr.decode(errors="backslashreplace")
            return [f"$ {command.words}\nended with {done.returncode}:\n{found}{said}"]
        # A command with nothing below it may print what it likes.
        if command.expected and not matches(command.expected, found):
            return [f"$ {command.words}\nprinted:\n{found}\nthe page says:\n{command.expected}"]
        return []

    def python(self, program: str) -> list[str]:
        if not program:
            return []
        done = self._run([sys.executable, "-W", "error", "-c", program])
        return [] if done.returncode == 0 else [done.stderr.decode(errors="backslashreplace")]

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=240,
            check=False,
        )
