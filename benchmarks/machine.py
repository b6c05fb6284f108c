"""What a measurement was made on: processor, memory, versions, commit."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("sestina", "av", "numpy", "opencv-python-headless", "onnxruntime", "rapidocr", "torch")


def today() -> str:
    """Return the date, UTC."""
    return datetime.now(UTC).date().isoformat()


def facts() -> str:
    """Return machine, versions and commit as a list in Markdown, with the load at the time."""
    return "\n".join(
        [
            f"* Machine: {cores()} cores, {processor()}, {memory_gb():.0f} GB",
            f"* Load when begun: {os.getloadavg()[0]:.1f} (times mean little well above 0)",
            f"* Python {platform.python_version()}, {', '.join(_versions())}{_ffmpeg()}",
            f"* Commit {commit()}",
        ]
    )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def memory_gb() -> float:
    """Return how much memory the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def commit() -> str:
    """Return the short commit of the working tree, and whether the package's sources differ from it."""
    short = _said("git", "rev-parse", "--short", "HEAD")
    changed = _said("git", "status", "--porcelain", "--", "src", "benchmarks")
    return (short or "unknown") + (" with uncommitted changes" if changed else "")


def _said(*words: str) -> str:
    if shutil.which(words[0]) is None:
        return ""
    root = Path(__file__).resolve().parent.parent
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=root).stdout.strip()


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def _ffmpeg() -> str:
    words = _said("ffmpeg", "-version").split()
    return f", ffmpeg {words[2]}" if len(words) > 2 else ""
