"""What people see in the terminal: logs, tables and progress on stderr, so that stdout stays for JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from sestina.core.errors import SestinaError
from sestina.core.storyboard import DIMENSIONS, Storyboard

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)

COLOURS = {
    "subject": "#e8695f",
    "aesthetics": "#d9962b",
    "camera": "#3f9b5c",
    "editing": "#2f86c9",
    "narrative": "#8a63c9",
    "dissemination": "#c9549c",
}
"""The six dimensions, in the same colours as the report page."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that command a terminal instead of being shown; line ends and tabs are not among them."""
STAGES = {"pictures": "watching", "stills": "reading stills", "parsers": "parsing", "rendering": "rendering"}


def print_json(value: Any) -> None:
    """Print `value` as JSON on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def print_error(error: SestinaError) -> None:
    """Say in one line what went wrong, and in another what to do next."""
    message = str(error).replace("\n", "\\n")
    err.print(f"[bold red]error[/]: {plain(message)}")
    if error.hint:
        err.print(f"[dim]hint[/]: {plain(error.hint)}")


def plain(text: str) -> str:
    """Return text with rich's markup characters made harmless, and without characters that command a terminal."""
    return CONTROLS.sub("", text).replace("[", "\\[")


class StageBars:
    """One progress bar a stage; called by the pipeline as (stage, done, total)."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: float, total: float) -> None:
        """Move the bar of `stage` to `done` of `total`."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(STAGES.get(stage, stage), total=total or 1)
        self._progress.update(self._tasks[stage], completed=min(done, total), total=total or 1)


@contextmanager
def stage_bars(title: str) -> Iterator[StageBars]:
    """Show progress bars on stderr while the block runs; they vanish afterwards, and never show without a terminal."""
    columns = (
        TextColumn("{task.description:>15}"), BarColumn(bar_width=32), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        progress.console.print(f"[bold]{plain(title)}[/]") if err.is_terminal else None
        yield StageBars(progress)


def print_summary(storyboard: Storyboard) -> None:
    """Show what was found: one row a dimension with its counts and a few claims."""
    media = storyboard.media
    table = Table(
        title=plain(f"{media.name} · {media.duration_s:.2f} s · {len(storyboard.shots)} shots"),
        title_justify="left",
    )
    table.add_column("dimension", no_wrap=True, min_width=13)
    table.add_column("units", justify="right", no_wrap=True, min_width=5)
    table.add_column("abstained", justify="right", no_wrap=True, min_width=9)
    table.add_column("for example", overflow="ellipsis", no_wrap=True, max_width=max(24, err.width - 46))
    for dimension in DIMENSIONS:
        units = storyboard.units(dimension=dimension)
        said = [unit for unit in units if unit.status != "abstain"]
        row = (dimension, str(len(said)), str(len(units) - len(said)), plain(_examples(said)))
        table.add_row(*row, style=COLOURS[dimension] if said else "dim")
    err.print(table)
    for note in storyboard.provenance.notes:
        err.print(f"[dim]note[/]: {plain(note)}")


def _examples(units: list[Any]) -> str:
    labels: dict[str, None] = {}
    for unit in sorted(units, key=lambda unit: -unit.confidence):
        if unit.label is not None:
            labels.setdefault(f"{unit.facet.split('.')[-1]}={unit.label}")
    return ", ".join(list(labels)[:6])
