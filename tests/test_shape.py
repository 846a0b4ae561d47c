"""The shape of the code: our row of the style guide's table, and its limits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts import shape


@pytest.fixture(scope="module")
def modules() -> list[shape.Module]:
    """Every module of source and tests; parsed by the one process that asks for them."""
    return [*shape.modules_under(shape.ROOT / "src"), *shape.modules_under(shape.ROOT / "tests")]


def module_of(text: str) -> shape.Module:
    return shape.Module(shape.ROOT / "x.py", len(text.splitlines()), ast.parse(text))


def test_nothing_goes_past_the_limits(modules: list[shape.Module]) -> None:
    assert list(shape.faults(modules)) == []


def test_every_function_is_annotated(modules: list[shape.Module]) -> None:
    bare = [
        f"{module.name}:{function.lineno}"
        for module in modules
        for function in module.functions()
        if not shape.is_annotated(function)
    ]
    assert bare == []


def test_every_module_and_public_class_and_function_has_a_docstring() -> None:
    silent = [
        f"{module.name}:{getattr(node, 'lineno', 1)}"
        for module in shape.modules_under(shape.ROOT / "src")
        for node in [module.tree, *module.tree.body]
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and not getattr(node, "name", "").startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_the_row_says_what_was_measured() -> None:
    code = module_of("def one(a: int) -> int:\n    return a\n\n\ndef two() -> None:\n    pass\n")
    tests = module_of("def test_one() -> None:\n    assert True\n\n")
    assert shape.row([code], [tests]) == (
        "modules 1 | median / max lines 6 / 6 | median fn 2 (90 % ≤ 2, max 2)"
        " | annotated 100 % | test:code 0.50 | test functions 1"
    )


@pytest.mark.parametrize(
    ("text", "annotated"),
    [
        ("def f(a: int, *b: int, c: int = 1, **d: int) -> None: ...", True),
        ("def f(self, a: int) -> None: ...", True),
        ("def f(a) -> None: ...", False),
        ("def f(*a) -> None: ...", False),
        ("def f(a: int): ...", False),
        ("async def f(a: int): ...", False),
    ],
)
def test_annotated_means_every_argument_and_the_return(text: str, annotated: bool) -> None:
    assert [shape.is_annotated(each) for each in module_of(text).functions()] == [annotated]


def test_a_long_module_and_a_long_function_are_faults() -> None:
    long = "def f() -> None:\n" + "    pass\n" * 400
    found = list(shape.faults([module_of(long)]))
    assert found == [
        "x.py: 401 lines, at most 400",
        "x.py:1: f has 401 lines, at most 60",
    ]


def test_a_module_that_is_named_after_nothing_is_a_fault() -> None:
    module = shape.Module(shape.ROOT / "src" / "utils.py", 3, ast.parse("a = 1"))
    assert list(shape.faults([module])) == ["src/utils.py: name it after what is in it"]


def test_migrations_and_tiny_modules_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001.py").write_text("a = 1\nb = 2\nc = 3\n")
    (tmp_path / "tiny.py").write_text("a = 1\n")
    (tmp_path / "module.py").write_text("a = 1\nb = 2\nc = 3\n")
    assert [module.path.name for module in shape.modules_under(tmp_path)] == ["module.py"]
