"""Small files, small functions. `pytest -s` prints the figures."""

from __future__ import annotations

import ast
from statistics import mean, median

from tests.house.source import Function, Module, functions, modules

FILE_LINES = 400
FUNCTION_LINES = 50
MEAN_FUNCTION_LINES = 15
MEDIAN_FILE_LINES = 200
SHARE_OF_LONG_FUNCTIONS = 0.03

LONG_FILES: dict[str, str] = {}
"""Path below the repository -> date and reason."""

LONG_FUNCTIONS: dict[str, str] = {}
"""`path:dotted.name` -> date and reason."""


def every_function() -> list[tuple[Module, Function]]:
    return [(module, function) for module in modules() for function in functions(module)]


def key(module: Module, function: Function) -> str:
    return f"{module.relative}:{function.name}"


def lines(module: Module) -> int:
    return len(module.text.splitlines())


def test_files_are_short() -> None:
    long = {module.relative: lines(module) for module in modules() if lines(module) > FILE_LINES}
    assert {path: count for path, count in long.items() if path not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(long), "drop exceptions that are no longer needed"


def test_functions_are_short() -> None:
    long = {key(m, f): f.lines for m, f in every_function() if f.lines > FUNCTION_LINES}
    assert {name: count for name, count in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(long), "drop exceptions that are no longer needed"


def test_figures_of_the_whole() -> None:
    files = [lines(module) for module in modules() if not module.is_package]
    sizes = [function.lines for _, function in every_function()]
    share = sum(size > FUNCTION_LINES for size in sizes) / len(sizes)
    print(f"{len(files)} files, median {median(files):.0f} lines, longest {max(files)}")
    print(f"{len(sizes)} functions, mean {mean(sizes):.1f} lines, {share:.1%} over {FUNCTION_LINES}")
    assert median(files) <= MEDIAN_FILE_LINES
    assert mean(sizes) <= MEAN_FUNCTION_LINES
    assert share <= SHARE_OF_LONG_FUNCTIONS


SAMPLE = '''
def longer(x: int) -> int:
    """Return x.

    Said at length.
    """
    y = x
    return y


class Box:
    def short(self) -> None: ...
'''


def test_the_ruler_leaves_docstrings_out() -> None:
    sample = Module("sample", modules()[0].path, ast.parse(SAMPLE), SAMPLE)
    assert {f.name: f.lines for f in functions(sample)} == {"longer": 3, "Box.short": 1}
