"""`sestina bench`: run a benchmark, show runs, compare two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from sestina.apps import console
from sestina.bench.log import Run, read_log
from sestina.bench.stats import Difference, Mean, Row, compare, rows
from sestina.core.errors import SestinaError, unknown

app = typer.Typer(
    name="bench",
    help="Run FeedBench, show what came out, and compare two runs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HEADLINES = (
    ("boundaries", "F1 of all cuts, 1 frame", "pooled", "cuts@1f.f1"),
    ("boundaries", "F1 of all gradual ones", "pooled", "gradual.f1"),
    ("camera", "macro-F1 of movement", "pooled", "camera.movement.macro_f1"),
    ("camera", "macro-F1 of movement, top labels", "pooled", "camera.movement.macro_f1_top"),
    ("camera", "macro-F1 of scale", "pooled", "camera.scale.macro_f1"),
    ("qa", "chance", "parts", "chance"),
    ("qa", "answered", "parts", "answered"),
    ("qa", "right where answered", "pooled", "right_answered"),
    ("qa", "same answer thrice", "pooled", "consistent"),
    ("qa", "right thrice", "pooled", "consistent_right"),
)
"""Task, name, where and under which name it stands in a row: figures that are shown beside the means."""
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Logs = Annotated[list[Path], typer.Argument(help="Logs of runs.", metavar="RUN...")]
One = Annotated[Path, typer.Argument(help="The log of a run.", metavar="RUN")]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


@app.command("run")
def run_bench(
    benchmark: Annotated[str, typer.Argument(help="The benchmark; there is one: feedbench.")] = "feedbench",
    answerer: Annotated[str, typer.Option(help="Who answers: signals, frequency, random, oracle, blind.")] = "signals",
    split: Annotated[str, typer.Option(help="rendered-dev, rendered-test or real.")] = "rendered-test",
    limit: Annotated[int, typer.Option(min=0, help="The first N videos only; 0 for all.")] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Videos at the same time.")] = 1,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The log; an old one is continued.")] = None,
    tasks: Annotated[str, typer.Option(help="Comma-separated tasks; empty for all.")] = "",
    skip: Annotated[str, typer.Option(help="What the analyzer leaves out, as in `sestina analyze`.")] = "",
    seed: Annotated[int, typer.Option(help="Of the questions and of what the answerer draws.")] = 0,
    clips: Annotated[
        Path | None, typer.Option(envvar="SESTINA_CLIPS", help="Folder of the real split's clips.")
    ] = None,
    cache: Annotated[
        Path, typer.Option(help="Folder for rendered clips and analyses.")
    ] = Path(".bench-cache/feedbench"),
    as_json: AsJson = False,
) -> None:
    """Answer every sample of a split and log it; the same command goes on where a killed run stopped."""
    from sestina.bench.cases import make_folder
    from sestina.bench.cases import split as cases_of
    from sestina.bench.run import BENCH, run

    if benchmark != BENCH:
        raise unknown("benchmark", benchmark, [BENCH])
    cases = cases_of(split, clips)
    cases = cases[:limit] if limit else cases
    plan = _plan(answerer, split, cache, _words(tasks), seed, _words(skip))
    make_folder(cache)
    log = output or Path(f"{BENCH}-{answerer}-{split}.jsonl")
    with console.stage_bars(f"{answerer} on {split}: {len(cases)} videos") as bars:
        found = run(plan, cases, log, jobs=jobs, progress=bars)
    console.err.print(str(log), markup=False)
    _print_runs([found], as_json=as_json)


def _plan(answerer: str, split: str, cache: Path, tasks: tuple[str, ...], seed: int, skip: tuple[str, ...]) -> Any:
    """Return the plan of a run; the real split's questions are balanced by its own labels, which are all at hand."""
    from sestina.bench.cases import REAL
    from sestina.bench.prior import dev_prior
    from sestina.bench.run import Plan
    from sestina.core.registry import answerers
    from sestina.tasks.feedbench import real
    from sestina.tasks.feedbench.qa import count_labels

    answerers.get(answerer)
    own = count_labels({name: real.gold(name) for name in real.names()}) if split == REAL else None
    plan = Plan(
        answerer=answerer, split=split, cache=cache.resolve(), prior=dev_prior(), tasks=tasks, seed=seed, skip=skip,
        questions=own,
    )  # fmt: skip
    if not plan.names:
        raise SestinaError("no task is left to run", hint="leave out --tasks")
    return plan


@app.command("show")
def show_runs(
    runs: Logs,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table on stdout.")] = False,
    details: Annotated[bool, typer.Option("--details", help="Show every sub-metric, and those pooled.")] = False,
) -> None:
    """Show runs side by side: a row a task, mean and 95 % interval clustered by video, unscored and failed apart."""
    found = [read_log(path) for path in runs]
    if markdown:
        console.out.print(markdown_table(found, details=details), markup=False)
    else:
        _print_runs(found, as_json=as_json, details=details)


@app.command("compare")
def compare_runs(first: One, second: One, as_json: AsJson = False) -> None:
    """Compare two runs on the samples that both scored: paired differences with errors clustered by video."""
    one, two = read_log(first), read_log(second)
    found = compare(one, two)
    if as_json:
        console.print_json([difference.to_dict() for difference in found])
        return
    table = Table(title=console.plain(f"{two.name} less {one.name}"), title_justify="left")
    for name in ("task", "first", "second", "difference", "samples", "videos", "unpaired"):
        table.add_column(name, justify="left" if name == "task" else "right", no_wrap=True)
    for difference in found:
        table.add_row(*_difference_cells(difference), style="bold" if difference.is_clear else "")
    console.err.print(table)
    console.err.print("bold: the 95 % interval leaves zero out")


def _difference_cells(one: Difference) -> tuple[str, ...]:
    if one.difference is None:
        return (_short(one.task), "-", "-", "-", "0", "0", str(one.alone))
    middle = one.difference
    values = (f"{one.first:.3f}", f"{one.second:.3f}", _interval(middle, sign="+"))
    return (_short(one.task), *values, str(middle.samples), str(middle.videos), str(one.alone))


def _print_runs(found: Sequence[Run], *, as_json: bool, details: bool = False) -> None:
    if as_json:
        console.print_json([_as_dict(one) for one in found])
        return
    table = Table(title_justify="left")
    table.add_column("task", no_wrap=True)
    for one in found:
        table.add_column(console.plain(one.name), justify="right")
    for cells in _cells(found, details=details):
        table.add_row(*cells)
    console.err.print(table)
    for note in _notes(found):
        console.err.print(f"[dim]note[/]: {console.plain(note)}")


def _as_dict(one: Run) -> dict[str, Any]:
    """Return a run's header and rows as plain JSON values."""
    found = {"header": dict(one.header), "commits": list(one.commits), "broken": dict(one.broken), "torn": one.torn}
    return found | {"tasks": [row.to_dict() for row in rows(one)], "notes": _notes([one])}


def markdown_table(found: Sequence[Run], *, details: bool = False) -> str:
    """Return the runs side by side as a Markdown table, with what it rests on below it; `details` adds sub-metrics."""
    head = ["task", *(one.name for one in found)]
    lines = [f"| {' | '.join(head)} |", f"|---{'|--:' * len(found)}|"]
    lines += [f"| {' | '.join(cells)} |" for cells in _cells(found, details=details)]
    return "\n".join([*lines, "", *(f"* {note}" for note in _notes(found))])


def _cells(found: Sequence[Run], *, details: bool = False) -> list[tuple[str, ...]]:
    tables = [{row.task: row for row in rows(one)} for one in found]
    lines = []
    for task in sorted({task for table in tables for task in table}):
        results = [table.get(task) for table in tables]
        lines.append((_short(task), *(_cell(row) for row in results)))
        lines += _detail_lines(results) if details else []
    return [*lines, *_headlines(tables)]


def _detail_lines(results: Sequence[Row | None]) -> list[tuple[str, ...]]:
    """Return a line for every sub-metric of one task: its mean over samples, or over all judgements of the run."""
    found = []
    for kind, word in (("parts", ""), ("pooled", " (pooled)")):
        values = [getattr(row, kind) if row is not None else {} for row in results]
        for name in sorted({name for one in values for name in one}):
            cells = (f"{one[name]:.3f}" if name in one else "-" for one in values)
            found.append((f"· {name}{word}", *cells))
    return found


def _headlines(tables: Sequence[dict[str, Row]]) -> list[tuple[str, ...]]:
    """Return the figures over a whole run that belong beside the means."""
    found = []
    for task, name, kind, field in HEADLINES:
        results = [table.get(f"feedbench.{task}") for table in tables]
        values = [getattr(row, kind).get(field) if row is not None else None for row in results]
        if any(value is not None for value in values):
            found.append((f"{task}: {name}", *("-" if value is None else f"{value:.3f}" for value in values)))
    return found


def _cell(row: Row | None) -> str:
    """Return a task's mean with its interval, or what is there instead of one."""
    if row is None:
        return "-"
    text = _interval(row.scored) if row.scored is not None else "-"
    apart = [f"{count} {word}" for count, word in ((row.unscored, "unscored"), (row.failed, "failed")) if count]
    return f"{text} ({', '.join(apart)})" if apart else text


def _interval(mean: Mean, sign: str = "") -> str:
    half = mean.half_width
    return f"{mean.mean:{sign}.3f}" + ("" if half is None else f" ± {half:.3f}")


def _short(task: str) -> str:
    return task.partition(".")[2]


def _notes(found: Sequence[Run]) -> list[str]:
    notes = []
    for one in found:
        videos = len({record["video"] for record in one.records})
        made = f"version {one.header.get('version')}, commit {', '.join(one.commits) or 'unknown'}"
        notes.append(f"{one.name}: {len(one.records)} samples of {videos} videos, {made}")
        missing = sorted({r["video"] for r in one.records if "clip is missing" in r["score"].get("reason", "")})
        if missing:
            notes.append(f"{one.name}: {len(missing)} clips are missing: {', '.join(missing)}")
        errors = sorted({r["answer"]["error"] for r in one.records if r["status"] == "failed"})
        notes += [f"{one.name}: failed: {error}" for error in errors[:3]]
        if one.broken:
            video, why = next(iter(one.broken.items()))
            notes.append(f"{one.name}: {len(one.broken)} videos are broken: {', '.join(one.broken)}; {video}: {why}")
        if one.torn:
            notes.append(f"{one.name}: the last line is torn; run again to go on")
    return notes
