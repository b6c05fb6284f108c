"""The package's source as data: modules, their imports, their functions. Parsed, never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "sestina"

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: dotted name, path, syntax tree, text."""

    name: str
    path: Path
    tree: ast.Module
    text: str

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """Dotted name of the package the file lies in (its own for an `__init__`)."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def room(self) -> str:
        """First folder below the root; empty for the root itself."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def relative(self) -> str:
        """Path below the repository, for messages."""
        return self.path.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Import:
    """One import: the dotted name it may mean, its line, where it stands."""

    target: str
    line: int
    in_function: bool
    typing_only: bool


@dataclass(frozen=True)
class Function:
    """One function or method: dotted name inside the module, node, and the class it is a method of."""

    name: str
    node: FunctionDef
    owner: ast.ClassDef | None
    nested: bool

    @property
    def is_public(self) -> bool:
        """Whether no part of the name begins with an underscore and it is not local to a function."""
        return not self.nested and not any(part.startswith("_") for part in self.name.split("."))

    @property
    def lines(self) -> int:
        """Length without decorators and without the docstring."""
        node = self.node
        doc = node.body[0].end_lineno if ast.get_docstring(node) is not None else None
        doc_lines = doc - node.body[0].lineno + 1 if doc is not None else 0
        return (node.end_lineno or node.lineno) - node.lineno + 1 - doc_lines


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, sorted by name."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, path, ast.parse(text, str(path)), text))
    return tuple(sorted(found, key=lambda module: module.name))


@cache
def module_names() -> frozenset[str]:
    """Dotted names of all modules and packages."""
    return frozenset(module.name for module in modules())


def imports(module: Module) -> Iterator[Import]:
    """Yield every import of a module, those inside functions too.

    `from a.b import c` yields `a.b.c` when that is a module of ours, else `a.b`.
    """
    yield from _imports(module, module.tree, in_function=False, typing_only=False)


def _imports(module: Module, node: ast.AST, *, in_function: bool, typing_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for target in _targets(module, child):
                yield Import(target, child.lineno, in_function, typing_only)
            continue
        inner = in_function or isinstance(child, FunctionDef | ast.Lambda)
        typing = typing_only or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        yield from _imports(module, child, in_function=inner, typing_only=typing)


def _targets(module: Module, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        above = module.package.split(".")
        base = ".".join([*above[: len(above) - node.level + 1], *([base] if base else [])])
    for alias in node.names:
        full = f"{base}.{alias.name}"
        yield full if full in module_names() else base


def functions(module: Module) -> Iterator[Function]:
    """Yield every function and method of a module, nested ones too."""
    yield from _functions(module.tree, "", None, nested=False)


def _functions(node: ast.AST, prefix: str, owner: ast.ClassDef | None, *, nested: bool) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FunctionDef):
            yield Function(prefix + child.name, child, owner, nested)
            yield from _functions(child, f"{prefix}{child.name}.", None, nested=True)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.", child, nested=nested)
        else:
            yield from _functions(child, prefix, owner, nested=nested)


def classes(module: Module) -> Iterator[ast.ClassDef]:
    """Yield the public classes at a module's top level."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
