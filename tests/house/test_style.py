"""Manners of the source: documented, typed, careful with exceptions, silent, at home on any machine."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.source import PACKAGE, ROOT, Function, FunctionDef, Module, classes, functions, modules

BOUNDARIES: dict[str, str] = {}
"""Modules that may catch `Exception`, with date and reason: where one bad part must not stop the rest."""

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home|Users|opt|mnt)/[\w.]")
SHIPPED = (".py", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".md", ".toml", ".sh", ".jinja")
ELSEWHERE = ("tests", "scripts", "benchmarks", "docs")


def report(problems: list[str]) -> None:
    assert not problems, f"{len(problems)} problem(s)\n" + "\n".join(problems)


@cache
def role_methods() -> frozenset[str]:
    """Names of the methods that `core/roles.py` documents once for all who play the role."""
    roles = [module for module in modules() if module.name == "sestina.core.roles"]
    protocols = [node for module in roles for node in classes(module)]
    return frozenset(item.name for node in protocols for item in node.body if isinstance(item, FunctionDef))


def is_override(function: Function) -> bool:
    """Whether a method plays a role or fulfils a base class that documents it."""
    names = {ast.unparse(decorator) for decorator in function.node.decorator_list}
    return function.owner is not None and (
        function.node.name in role_methods() or bool(names & {"override", "typing.override", "overload"})
    )


def test_public_names_have_docstrings() -> None:
    problems = []
    for module in modules():
        if ast.get_docstring(module.tree) is None:
            problems.append(f"{module.relative}:1: module without docstring")
        nodes = [(node.name, node) for node in classes(module)]
        problems += [f"{module.relative}:{n.lineno}: {name}" for name, n in nodes if not ast.get_docstring(n)]
        for function in functions(module):
            bare = ast.get_docstring(function.node) is None
            if function.is_public and bare and not is_override(function):
                problems.append(f"{module.relative}:{function.node.lineno}: {function.name}")
    report(problems)


def test_functions_are_fully_annotated() -> None:
    """Strict mypy says so too; this one also sees what mypy is told to skip."""
    problems = []
    for module in modules():
        for function in functions(module):
            args = function.node.args
            named = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
            bare = [a.arg for a in named if a is not None and a.annotation is None]
            bare = [name for name in bare if not (function.owner and name in ("self", "cls"))]
            if bare or function.node.returns is None:
                where = f"{module.relative}:{function.node.lineno}"
                problems.append(f"{where}: {function.name} {bare or 'return'}")
    report(problems)


def test_nobody_catches_everything() -> None:
    problems = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and catches_all(node) and module.name not in BOUNDARIES:
                problems.append(f"{module.relative}:{node.lineno}: catches everything")
    report(problems)


def catches_all(node: ast.ExceptHandler) -> bool:
    """Whether a handler swallows everything; one that tidies up and raises again does not."""
    if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
        return False
    caught = "" if node.type is None else ast.unparse(node.type)
    return not caught or bool(re.search(r"\b(Base)?Exception\b", caught))


def test_boundaries_are_still_needed() -> None:
    handlers = [(m.name, n) for m in modules() for n in ast.walk(m.tree) if isinstance(n, ast.ExceptHandler)]
    assert set(BOUNDARIES) <= {name for name, handler in handlers if catches_all(handler)}


def test_only_apps_print() -> None:
    problems = []
    for module in modules():
        for node in ast.walk(module.tree) if module.room != "apps" else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                problems.append(f"{module.relative}:{node.lineno}: print")
    report(problems)


def test_no_asserts_for_users() -> None:
    problems = []
    for module in modules():
        bad = [node.lineno for node in ast.walk(module.tree) if isinstance(node, ast.Assert)]
        problems += [f"{module.relative}:{line}: assert vanishes under python -O; raise" for line in bad]
    report(problems)


def test_ignores_give_a_code_and_a_reason() -> None:
    problems = []
    for module in modules():
        for line, comment in comments(module):
            said = re.search(r"#\s*type:\s*ignore(\[[\w, -]+\])?(.*)", comment)
            if said and not (said[1] and len(said[2].strip(" #")) > 5):
                problems.append(f"{module.relative}:{line}: write `# type: ignore[code]  # reason`")
    report(problems)


def comments(module: Module) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_nothing_is_left_unfinished() -> None:
    report([f"{path}:{n}: {line.strip()}" for path, n, line in shipped_lines() if UNFINISHED.search(line)])


def test_no_path_of_one_machine() -> None:
    report([f"{path}:{n}: {line.strip()}" for path, n, line in shipped_lines() if MACHINE_PATH.search(line)])


def shipped_lines() -> Iterator[tuple[str, int, str]]:
    """Yield every line of text the repository ships: (path, line number, line); this file is left out."""
    roots = [PACKAGE, *(ROOT / name for name in ELSEWHERE)]
    files = [path for root in roots if root.is_dir() for path in sorted(root.rglob("*")) if path.is_file()]
    files += [*sorted(ROOT.glob("*.md")), ROOT / "Makefile", ROOT / "pyproject.toml"]
    for path in files:
        if path != Path(__file__) and (path.suffix in SHIPPED or path.name == "Makefile"):
            if "__pycache__" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield path.relative_to(ROOT).as_posix(), number, line


def test_mocks_stay_out_of_the_tests() -> None:
    """Fakes that do what they say ship with the library instead."""
    tree = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]
    found = [path for path in tree if re.search(r"unittest\.mock|MagicMock|mocker\b", path.read_text())]
    report([path.relative_to(ROOT).as_posix() for path in found])
