"""Documentation that can fail the build: every name appears, generated pages are current, the README runs."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

import sestina
from scripts import reference
from sestina.core import registry, vocabulary
from tests.house.source import ROOT

README = ROOT / "README.md"
FIRST_COMMAND_BY_LINE = 30
CLI = "from sestina.apps.cli import main; main()"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(*languages: str) -> list[str]:
    """Return the README's fenced blocks in these languages."""
    found = FENCE.findall(README.read_text(encoding="utf-8"))
    return [code for language, code in found if language in languages]


def command_lines() -> list[list[str]]:
    """Return the README's commands (lines that begin with `$ `; a backslash continues them) as words."""
    text = "\n".join(blocks("console", "sh", "bash", "shell")).replace("\\\n", " ")
    return [shlex.split(line[2:], comments=True) for line in text.splitlines() if line.startswith("$ ")]


def sestina_lines() -> list[list[str]]:
    """Return the arguments of every `sestina ...` command of the README."""
    lines = [line for line in command_lines() if line]
    return [line[1:] for line in lines if Path(line[0]).name == "sestina"]


@cache
def documentation() -> str:
    """Return README and everything under docs as one text."""
    paths = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def missing(names: list[str]) -> list[str]:
    """Return the names that no page has in code style, alone or with what follows it (`analyze(path)`)."""
    in_code = r"`(sestina[ .])?{}[`(\s=,]"
    return [name for name in names if not re.search(in_code.format(re.escape(name)), documentation())]


def test_every_public_name_is_documented() -> None:
    assert missing([name for name in sestina.__all__ if not name.startswith("_")]) == []


def test_every_facet_is_documented() -> None:
    assert missing([facet.id for facet in vocabulary.facets()]) == []


@pytest.mark.parametrize("role", ["signals", "parsers", "exporters", "tasks", "answerers"])
def test_every_component_is_documented(role: str) -> None:
    components = getattr(registry, role)
    assert missing(list(components.names())) == []


def test_every_command_and_option_is_documented() -> None:
    commands = reference.commands()
    assert missing(list(commands)) == []
    options = {o for c in commands.values() for p in c.params if not p.hidden for o in p.opts if o[0] == "-"}
    assert missing(sorted(options - {"--help"})) == []


@pytest.mark.parametrize("page", sorted(reference.PAGES))
def test_generated_pages_are_current(page: str) -> None:
    path = reference.FOLDER / page
    assert path.is_file(), "write it with `make docs`"
    assert path.read_text(encoding="utf-8") == reference.pages()[page], "stale: run `make docs`"


def test_links_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"(?<!\\)\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            local = not re.match(r"[a-z]+:", target)
            if local and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_readme_begins_with_a_command() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("$ "))
    assert first <= FIRST_COMMAND_BY_LINE


def test_readme_names_existing_targets_commands_and_options() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {line[1] for line in command_lines() if line[0] == "make" and len(line) > 1} <= targets
    commands = reference.commands()
    for name, *arguments in sestina_lines() if commands else []:
        assert name in commands, f"the README names sestina {name}"
        known = {o for p in commands[name].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        used = {word.split("=")[0] for word in arguments if word.startswith("-")}
        assert used <= known, f"sestina {name}"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a two-second `clip.mp4`: two flat shots with noise, 160x96, 24 frames a second."""
    folder = tmp_path_factory.mktemp("readme")
    rng = np.random.default_rng(6)
    with av.open(str(folder / "clip.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(48):
            picture = rng.integers(0, 40, (96, 160, 3), dtype=np.uint8) + np.uint8(40 if index < 24 else 180)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return folder


def runs_here(arguments: list[str]) -> bool:
    """Whether a README command speaks of nothing but `clip.mp4` and what commands before it wrote."""
    files = [word for word in arguments if word.endswith((".mp4", ".mov", ".mkv", ".json", "/"))]
    elsewhere = arguments[0] in ("demo", "serve", "bench") or "://" in " ".join(arguments)
    return all(Path(word).name.startswith("clip.") for word in files) and not elsewhere


@pytest.mark.slow
def test_readme_commands_run(workshop: Path) -> None:
    for arguments in [line for line in sestina_lines() if reference.commands() and runs_here(line)]:
        run([sys.executable, "-c", CLI, *arguments], workshop)


@pytest.mark.slow
def test_readme_python_runs(workshop: Path) -> None:
    """Blocks build on each other, as in a session."""
    program = "\n".join(blocks("python"))
    ast.parse(program)
    if reference.commands():
        run([sys.executable, "-c", program], workshop)


def run(command: list[str], folder: Path) -> None:
    """Run a command in a folder and show what it said when it fails."""
    plain = os.environ | {"NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command[3:])}\n{done.stdout}\n{done.stderr}"
