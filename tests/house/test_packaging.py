"""The wheel holds everything the package reads at run time, and works from there."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sestina
from tests.house.source import PACKAGE, ROOT, SRC

DATA = ("yaml", "yml", "json", "html", "css", "js", "jinja", "j2", "svg", "txt")


def data_files() -> set[str]:
    return {path.relative_to(SRC).as_posix() for ending in DATA for path in PACKAGE.rglob(f"*.{ending}")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the installed backend without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*pip, "-w", str(folder), str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("sestina-*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's content."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_every_data_file_ships(unpacked: Path) -> None:
    assert [name for name in sorted(data_files()) if not (unpacked / name).is_file()] == []
    assert (unpacked / "sestina/py.typed").is_file()


def test_every_dimension_has_its_vocabulary(unpacked: Path) -> None:
    shipped = {path.stem for path in (unpacked / "sestina/core/vocabulary").glob("*.yaml")}
    assert shipped >= {"subject", "aesthetics", "camera", "editing", "narrative", "dissemination"}


def test_nothing_else_ships(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir()}
    assert tops == {"sestina", f"sestina-{sestina.__version__}.dist-info"}


def test_metadata_names_licence_and_command(unpacked: Path) -> None:
    info = unpacked / f"sestina-{sestina.__version__}.dist-info"
    metadata = (info / "METADATA").read_text()
    assert "License-Expression: Apache-2.0" in metadata
    assert "sestina = sestina.apps.cli:main" in (info / "entry_points.txt").read_text()
    assert (info / "licenses/LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_the_package_works_from_the_wheel(unpacked: Path) -> None:
    """The schema and the vocabulary are read from the unpacked wheel, not from this checkout."""
    probe = (
        "import json, sys; sys.path.insert(0, sys.argv[1]);"
        "import sestina; from sestina.core import vocabulary;"
        "print(json.dumps([sestina.__file__, len(vocabulary.facets()), sestina.json_schema()['$schema']]))"
    )
    command = [sys.executable, "-c", probe, str(unpacked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=unpacked)
    assert done.returncode == 0, done.stderr
    where, facets, dialect = json.loads(done.stdout)
    assert Path(where).is_relative_to(unpacked)
    assert facets > 100
    assert dialect == "https://json-schema.org/draft/2020-12/schema"
