"""`sestina lint`: what about a video's packaging will hurt it on a platform."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from sestina.apps import console
from sestina.apps.documents import documents, read
from sestina.core.errors import SestinaError
from sestina.core.files import write_atomically
from sestina.core.profiles import Profile, profiles
from sestina.core.profiles import profile as profile_called
from sestina.report.lint.finding import Finding, at_least
from sestina.report.lint.lint import lint as judge
from sestina.report.lint.sarif import sarif, unit_lines

COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan", "open": "dim"}
COMMANDS = {"error": "error", "warning": "warning", "note": "notice", "open": "notice"}
"""GitHub's workflow commands for each severity."""
PLAIN_WIDTH = 160
"""Columns of a table that is written to a file."""
Checked = tuple[str, list[Finding]]


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class Least(StrEnum):
    """The least severity that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OPEN = "open"


def lint(
    storyboards: Annotated[
        list[Path] | None, typer.Argument(help="Storyboards, or folders of them.", metavar="STORYBOARD...")
    ] = None,
    profile: Annotated[str, typer.Option(help="Platform to publish on; `list` lists them.")] = "tiktok",
    form: Annotated[Format, typer.Option("--format", help="How to write what was found.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
    severity: Annotated[Least, typer.Option(help="The least severity that makes the exit code 1.")] = Least.WARNING,
) -> None:
    """Find what will hurt a video on a platform: safe area, readability, length, loudness, disclosure, flashing."""
    if profile == "list":
        _list_profiles(form)
        return
    if not storyboards:
        raise typer.BadParameter("give one or more storyboards, or --profile list")
    chosen = profile_called(profile)
    checked = [(path.as_posix(), judge(read(path), chosen)) for path in documents(storyboards)]
    if form is Format.TEXT:
        _show(checked, chosen, output)
    else:
        _write(_machine(checked, chosen, form), output)
    worst = [found for _, findings in checked for found in findings]
    raise typer.Exit(1 if at_least(worst, severity.value) else 0)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(lint)


def _machine(checked: Sequence[Checked], chosen: Profile, form: Format) -> str:
    """Return the findings as text for programs."""
    if form is Format.GITHUB:
        return "".join(f"{line}\n" for line in _annotations(checked))
    if form is Format.SARIF:
        from sestina.pipeline.analyze import program_version

        data = sarif(checked, chosen, version=program_version(), lines=_lines(checked))
    else:
        facts = {"id": chosen.id, "version": chosen.version, "date": chosen.date, "note": chosen.note}
        files = [{"storyboard": path, "findings": [one.to_dict() for one in found]} for path, found in checked]
        data = {"profile": facts, "files": files}
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _lines(checked: Sequence[Checked]) -> dict[str, dict[str, int]]:
    """Return the line of every unit that a finding names, file by file."""
    found_in: dict[str, dict[str, int]] = {}
    for path, findings in checked:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        found_in[path] = unit_lines(text, [unit for one in findings for unit in one.units])
    return found_in


def _annotations(checked: Sequence[Checked]) -> Iterator[str]:
    """Yield one workflow command of GitHub Actions a finding; its rules of escaping are kept."""
    lines = _lines(checked)
    for path, findings in checked:
        for found in findings:
            line = next((lines[path][unit] for unit in found.units if unit in lines[path]), 1)
            where = f"file={_escaped(path, value=True)},line={line},title={_escaped(found.rule, value=True)}"
            at = f"{found.span.start_s:.3f}-{found.span.end_s:.3f} s: "
            yield f"::{COMMANDS[found.severity]} {where}::{_escaped(at + found.message)}"


def _escaped(text: str, *, value: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if value else text


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_atomically(output, text.encode())
    except OSError as error:
        raise SestinaError(f"cannot write {str(output)!r}: {error.strerror}", hint="choose another place") from error
    console.err.print(str(output), markup=False)


def _show(checked: Sequence[Checked], chosen: Profile, output: Path | None) -> None:
    """Show a table a storyboard on stderr, or write it without colour to a file."""
    shown = list(_tables(checked, chosen))
    if output is None:
        for part in shown:
            console.err.print(part)
        return
    page = io.StringIO()
    plain = Console(file=page, width=PLAIN_WIDTH, color_system=None)
    for part in shown:
        plain.print(part)
    _write(page.getvalue(), output)


def _tables(checked: Sequence[Checked], chosen: Profile) -> Iterator[RenderableType]:
    for path, findings in checked:
        counts = {name: sum(one.severity == name for one in findings) for name in ("error", "warning", "note", "open")}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing found"
        if findings:
            yield _table(path, findings)
        yield f"[bold]{escape(path)}[/] on {chosen.id} ({chosen.version}): {told}"


def _table(path: str, findings: Sequence[Finding]) -> Table:
    table = Table(title=escape(Path(path).name), title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("rule", no_wrap=True)
    table.add_column("when, s", no_wrap=True, justify="right")
    for column in ("what", "what to do"):
        table.add_column(column, overflow="fold")
    for one in findings:
        when = f"{one.span.start_s:.2f}" + ("" if one.span.is_instant else f"-{one.span.end_s:.2f}")
        colour = COLOURS[one.severity]
        table.add_row(f"[{colour}]{one.severity}[/]", one.rule, when, escape(one.message), escape(one.hint))
    return table


def _list_profiles(form: Format) -> None:
    """Show every profile with its aliases and limits, or print them as JSON."""
    if form is Format.JSON:
        rows: list[dict[str, Any]] = [item.model_dump(mode="json") for item in profiles()]
        console.print_json(rows)
        return
    table = Table()
    for column in ("profile", "also", "shapes", "length, s", "LUFS"):
        table.add_column(column, no_wrap=column == "profile", overflow="fold")
    for item in profiles():
        length, loud = item.length_s, item.loudness_lufs
        table.add_row(
            item.id, "\n".join(item.aliases), ", ".join(item.aspects), f"{length.min:g}-{length.max:g}",
            f"{loud.min:g} to {loud.max:g}",
        )  # fmt: skip
    console.err.print(table)
    console.err.print("published numbers disagree and change; `--format json` says of each where it comes from")
