"""`sestina import`: what people corrected in other tools, merged onto the storyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from sestina.apps import console
from sestina.apps.documents import read
from sestina.apps.exporting import Settings, options_of
from sestina.core.errors import SestinaError
from sestina.core.registry import importers


def import_(
    file: Annotated[Path, typer.Argument(help="What came back from the tool.", metavar="FILE")],
    onto: Annotated[Path, typer.Option(help="The storyboard that was exported.", metavar="STORYBOARD")],
    source: Annotated[str, typer.Option("--from", help="Its format; default: by the suffix.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where; default: onto the storyboard.")] = None,
    who: Annotated[str, typer.Option(help="The person, named as the producer of what changed.")] = "human",
    overwrite: Annotated[bool, typer.Option(help="Apply also what contradicts a later change.")] = False,
    settings: Settings = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")] = False,
) -> None:
    """Merge a person's corrections onto a storyboard; exit 1 when some could not be applied."""
    from sestina.export._merge import merge
    from sestina.objective.diff import diff

    entry = importers.get(source or _guessed(file))
    before = read(onto)
    options = options_of(entry, settings or [])
    with _readable(file) as stream:
        found = merge(before, entry.make(stream, before, **options), who=who, tool=entry.name, overwrite=overwrite)
    changes = diff(before, found.board)
    if found.board != before.canonical():
        found.board.to_json(output or onto)
    elif output is not None:
        before.to_json(output)
    if as_json:
        conflicts = [vars(conflict) for conflict in found.conflicts]
        console.print_json({**changes.to_dict(), "conflicts": conflicts})
    else:
        from sestina.apps.marks import print_difference

        print_difference(changes)
        for conflict in found.conflicts:
            console.err.print(f"[bold yellow]not applied[/]: {console.plain(str(conflict))}")
    raise typer.Exit(1 if found.conflicts else 0)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(name="import")(import_)


@contextmanager
def _readable(file: Path) -> Iterator[BinaryIO]:
    try:
        stream = file.open("rb")
    except OSError as error:
        raise SestinaError(f"cannot read {str(file)!r}: {error.strerror}", hint="check the path") from error
    with stream:
        yield stream


def _guessed(file: Path) -> str:
    """Return the format whose suffix is the longest that the file has."""
    found = [entry for entry in importers if entry.suffix and file.name.lower().endswith(entry.suffix)]
    if not found:
        hint = f"say --from one of: {', '.join(importers.names())}"
        raise SestinaError(f"the format of {file.name!r} cannot be told", hint=hint)
    return max(found, key=lambda entry: len(entry.suffix)).name
