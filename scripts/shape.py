"""Prints our own row of the table in the style guide, from the syntax trees; fails past its limits.

Counted: modules of 3 lines and more without migrations, all lines; functions from `def` to the last
line; annotated = every argument but self and cls and the return have a type.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60
ROOT = Path(__file__).parents[1]
BANNED_NAMES = {"utils.py", "helpers.py", "common.py", "managers.py", "misc.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One source file with its syntax tree."""

    path: Path
    lines: int
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """Return every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


def modules_under(folder: Path) -> list[Module]:
    """Parse what is written by hand under `folder`."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines = len(text.splitlines())
        if "migrations" not in path.parts and lines >= 3:
            found.append(Module(path, lines, ast.parse(text)))
    return found


def length_of(function: Function) -> int:
    """Return the lines from `def` (without decorators) to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_annotated(function: Function) -> bool:
    """Say whether all arguments but self and cls, and the return, have a type."""
    known = function.args
    arguments = [*known.posonlyargs, *known.args, *known.kwonlyargs, known.vararg, known.kwarg]
    named = [one for one in arguments if one is not None and one.arg not in {"self", "cls"}]
    return function.returns is not None and all(one.annotation is not None for one in named)


def row(source: list[Module], tests: list[Module]) -> str:
    """Return the row: modules, lengths, functions, annotated, test lines to code lines."""
    lengths = sorted(module.lines for module in source)
    functions = [function for module in source for function in module.functions()]
    spans = sorted(length_of(function) for function in functions)
    every = functions + [function for module in tests for function in module.functions()]
    annotated = 100 * sum(map(is_annotated, every)) / len(every)
    cases = sum(
        function.name.startswith("test_") for module in tests for function in module.functions()
    )
    return (
        f"modules {len(source)} | median / max lines {statistics.median(lengths):.0f}"
        f" / {lengths[-1]} | median fn {statistics.median(spans):.0f}"
        f" (90 % ≤ {spans[int(len(spans) * 0.9)]}, max {spans[-1]}) | annotated {annotated:.0f} %"
        f" | test:code {sum(m.lines for m in tests) / sum(lengths):.2f} | test functions {cases}"
    )


def faults(modules: list[Module]) -> Iterator[str]:
    """Say what goes past the limits."""
    for module in modules:
        if module.lines > MAX_MODULE_LINES:
            yield f"{module.name}: {module.lines} lines, at most {MAX_MODULE_LINES}"
        if module.path.name in BANNED_NAMES:
            yield f"{module.name}: name it after what is in it"
        for function in module.functions():
            if length_of(function) > MAX_FUNCTION_LINES:
                yield (
                    f"{module.name}:{function.lineno}: {function.name} has {length_of(function)}"
                    f" lines, at most {MAX_FUNCTION_LINES}"
                )


def main() -> int:
    """Print the row and the faults; 1 when there are any."""
    source = modules_under(ROOT / "src")
    tests = modules_under(ROOT / "tests")
    sys.stdout.write(row(source, tests) + "\n")
    found = list(faults([*source, *tests, *modules_under(ROOT / "benchmarks")]))
    for fault in found:
        sys.stdout.write(f"  {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
