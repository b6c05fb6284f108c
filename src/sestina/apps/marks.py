"""How scores, differences and agreement look in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from sestina.apps.console import COLOURS, err
from sestina.core.storyboard import Unit
from sestina.objective.agreement import Agreement
from sestina.objective.diff import Difference
from sestina.objective.report import ScoreReport

BAR = 20
SHOWN = 8
"""Problems and worst units shown; --json has all."""
GOOD, FAIR = 0.8, 0.5
CHANGE_COLOURS = {"added": "green", "removed": "red"}


def print_score(found: ScoreReport, *, by_unit: bool) -> None:
    """Show the score and its parts, then facets or units, then what is wrong with the prediction."""
    penalty = f" - penalty {found.structure - found.score:.3f}" if found.quality.total else ""
    err.print(f"[bold]score {found.score:.3f}[/]  (structure {found.structure:.3f}{penalty})")
    if found.reason:
        err.print(f"[yellow]{escape(found.reason)}[/]")
    if found.dimensions:
        err.print(_dimensions(found))
    if found.facets:
        err.print(_units(found) if by_unit else _facets(found))
    if not by_unit:
        _print_worst(found)
    for name, rate in found.quality.rates.items():
        if rate:
            err.print(f"[red]{name}[/] {rate:.1%}")
    _print_problems(found)


def print_difference(found: Difference) -> None:
    """Show every change, one line each, and the counts."""
    table = Table()
    for column in ("change", "facet", "A", "B"):
        table.add_column(column, overflow="fold")
    for change in found.changes:
        sides = (_side(change.before, change.after), _side(change.after, change.before))
        colour = CHANGE_COLOURS.get(change.kind, "yellow")
        table.add_row(f"[{colour}]{change.kind}[/]", change.unit.facet, *sides)
    if found.changes:
        err.print(table)
    counts = ", ".join(f"{count} {kind}" for kind, count in found.counts().items())
    err.print(f"{found.same} units are the same" + (f"; {counts}" if counts else ""))


def print_agreement(found: Agreement, names: Sequence[str]) -> None:
    """Show the mean, the facets, and the pairs that agree least."""
    table = Table()
    table.add_column("facet", no_wrap=True)
    for column in ("units", "soft F1", "alpha", "samples"):
        table.add_column(column, justify="right")
    for name, facet in found.facets.items():
        alpha = "" if facet.alpha is None else _marked(facet.alpha)
        table.add_row(name, str(facet.units), _marked(facet.f1), alpha, str(facet.samples or ""))
    err.print(table)
    err.print(f"[bold]mean {found.mean:.3f}[/] over {len(names)} pair(s)")
    for value, name in sorted(zip(found.pairs, names, strict=True))[:SHOWN]:
        err.print(f"{_marked(value)}  {escape(name)}")


def _dimensions(found: ScoreReport) -> Table:
    table = Table()
    table.add_column("dimension")
    table.add_column("score", justify="right")
    table.add_column("", min_width=BAR)
    for name, value in found.dimensions.items():
        table.add_row(name, f"{value:.3f}", "█" * round(value * BAR), style=COLOURS[name])
    return table


def _facets(found: ScoreReport) -> Table:
    table = Table()
    table.add_column("facet", no_wrap=True, min_width=max(map(len, found.facets)))
    for column in ("F1", "precision", "recall", "pred", "gold", "chance"):
        table.add_column(column, justify="right")
    for name, facet in found.facets.items():
        marks = (_marked(facet.score), f"{facet.precision:.3f}", f"{facet.recall:.3f}")
        counts = (str(facet.predicted), str(facet.gold), f"[dim]{facet.chance:.2f}[/]")
        table.add_row(f"[{COLOURS[facet.dimension]}]{name}[/]", *marks, *counts)
    return table


def _units(found: ScoreReport) -> Table:
    table = Table()
    for column in ("predicted", "gold", "similarity", "time", "label", "place"):
        table.add_column(column, justify="left" if column in ("predicted", "gold") else "right", overflow="fold")
    for match in found.matches:
        factors = (f"{value:.2f}" for value in (match.temporal, match.label, match.region))
        table.add_row(escape(match.pred_id), escape(match.gold_id), _marked(match.similarity), *factors)
    for name in found.unmatched_pred:
        table.add_row(escape(name), "[dim]nobody[/]", _marked(0))
    for name in found.unmatched_gold:
        table.add_row("[dim]nobody[/]", escape(name), _marked(0))
    return table


def _print_worst(found: ScoreReport) -> None:
    for match in sorted(found.matches, key=lambda match: match.similarity)[:SHOWN]:
        if match.similarity < GOOD:
            factors = f"time {match.temporal:.2f}, label {match.label:.2f}, place {match.region:.2f}"
            pair = f"{escape(match.pred_id)} ~ {escape(match.gold_id)}"
            err.print(f"{_marked(match.similarity)}  {pair} [dim]({factors})[/]")
    for title, names in (("not in gold", found.unmatched_pred), ("missed", found.unmatched_gold)):
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            err.print(f"[yellow]{title}[/] {escape(', '.join(names[:SHOWN]))}{more}")


def _print_problems(found: ScoreReport) -> None:
    for problem in found.problems[:SHOWN]:
        err.print(f"[red]problem[/] {escape(str(problem))}")
    if len(found.problems) > SHOWN:
        rules = Counter(problem.rule for problem in found.problems[SHOWN:])
        err.print(f"and {len(found.problems) - SHOWN} more: {', '.join(f'{n} {rule}' for rule, n in rules.items())}")


def _marked(value: float) -> str:
    colour = "green" if value >= GOOD else "yellow" if value >= FAIR else "red"
    return f"[{colour}]{value:.3f}[/]"


def _side(unit: Unit | None, other: Unit | None) -> str:
    """Return a unit in a cell: what it says, when, and where if that is what differs."""
    if unit is None:
        return ""
    span = f"{unit.span.start_s:.3f}" + ("" if unit.span.is_instant else f"-{unit.span.end_s:.3f}")
    place = ""
    if other is not None and unit.region != other.region:
        box = unit.region.box if unit.region is not None else None
        place = "; no box" if box is None else f"; {box.x:.4f}, {box.y:.4f}, {box.w:.4f} x {box.h:.4f}"
    return f"{escape(unit.claim)} [dim]{span} s{place}[/]"
