"""`import sestina` is cheap: it loads nothing heavy, and the public names appear without being loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import sestina

HEAVY = (
    "PIL", "av", "cv2", "fastapi", "jinja2", "numpy", "onnxruntime", "pydantic", "rapidocr", "scipy", "torch",
    "transformers", "typer",
)  # fmt: skip

PROBE = """
import json, sys, time
start = time.process_time()
import sestina
spent_ms = (time.process_time() - start) * 1000
print(json.dumps({"modules": sorted(sys.modules), "spent_ms": spent_ms, "names": dir(sestina)}))
"""


@pytest.fixture(scope="module")
def fresh() -> dict[str, object]:
    """What a new interpreter sees after `import sestina`."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_import_loads_nothing_heavy(fresh: dict[str, object]) -> None:
    modules = fresh["modules"]
    assert isinstance(modules, list)
    tops = {name.split(".")[0] for name in modules}
    assert sorted(tops & set(HEAVY)) == []
    assert [name for name in modules if name.startswith("sestina.")] == []


def test_import_is_quick(fresh: dict[str, object]) -> None:
    """In processor time, since the clock of a busy machine proves little; `pytest -s` prints it."""
    spent_ms = fresh["spent_ms"]
    assert isinstance(spent_ms, float)
    print(f"import sestina: {spent_ms:.1f} ms")
    assert spent_ms < 150


def test_public_names_are_listed_before_they_load(fresh: dict[str, object]) -> None:
    assert fresh["names"] == sorted(sestina.__all__)
    assert dir(sestina) == sorted(sestina.__all__)
    assert len(set(sestina.__all__)) == len(sestina.__all__)


@pytest.mark.parametrize("name", sestina.__all__)
def test_public_names_load(name: str) -> None:
    assert getattr(sestina, name) is not None


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = sestina.nonsense
