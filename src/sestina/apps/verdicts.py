"""How a verify report looks in the terminal."""

from __future__ import annotations

from collections import Counter

from rich.markup import escape
from rich.table import Table

from sestina.apps.console import err
from sestina.pipeline.verify import VerifyReport


def print_verdicts(found: VerifyReport) -> None:
    """Show how many units hold in each dimension, then every one that does not and why."""
    total = Counter(verdict.unit.dimension for verdict in found.verdicts)
    bad = Counter(verdict.unit.dimension for verdict in found.failed)
    table = Table()
    for column in ("dimension", "observed", "hold"):
        table.add_column(column, justify="left" if column == "dimension" else "right")
    for dimension, count in total.items():
        table.add_row(dimension, str(count), str(count - bad[dimension]), style="red" if bad[dimension] else "green")
    err.print(table)
    if not found.same_media:
        err.print("[yellow]this is not the very file the storyboard was made from[/]")
    for verdict in found.failed:
        at = f"{verdict.unit.span.start_s:.3f}-{verdict.unit.span.end_s:.3f} s"
        name = f"{escape(verdict.unit.id)} {escape(verdict.unit.claim)}"
        err.print(f"[red]no longer holds[/] {name} ({at}): {escape(verdict.why)}")
    for problem in found.problems:
        err.print(f"[red]broken[/] {escape(problem)}")
    err.print(f"{len(found.verdicts) - len(found.failed)} of {len(found.verdicts)} observed units hold")
