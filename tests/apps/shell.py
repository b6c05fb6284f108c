"""The command line as its user meets it: in this process, where nothing must survive, and in one of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from sestina.apps.cli import main

COMMAND = [sys.executable, "-c", "from sestina.apps.cli import main; main()"]


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, what it printed, and what it told people."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object) -> Ran:
    """Run the command line in this process."""
    monkeypatch.setattr(sys, "argv", ["sestina", *map(str, words)])
    monkeypatch.setenv("COLUMNS", "200")
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return Ran(int(stopped.value.code or 0), said.out, said.err)


def start(*words: object, **options: Any) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*COMMAND, *map(str, words)], **{**pipes, **options})
