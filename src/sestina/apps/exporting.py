"""`sestina export`: storyboards in the formats of other tools."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from sestina.apps import console
from sestina.apps.documents import SUFFIX, documents, read, video_of
from sestina.apps.outputs import opened, refuse_loss
from sestina.core.errors import SestinaError
from sestina.core.registry import Entry, exporters, readers

Settings = Annotated[
    list[str] | None, typer.Option("--set", help="An option of the format, name=value; may be given again.")
]


def export(
    storyboards: Annotated[
        list[Path] | None, typer.Argument(help="Storyboards, or folders of them.", metavar="STORYBOARD...")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="The format; --list names them.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File or folder; `-` for stdout.")] = None,
    video: Annotated[Path | None, typer.Option(help="The video, where it is not where the document says.")] = None,
    settings: Settings = None,
    list_formats: Annotated[bool, typer.Option("--list", help="List the formats with their options.")] = False,
    force: Annotated[bool, typer.Option(help="Replace what -o does not name, or a folder that holds files.")] = False,
) -> None:
    """Write storyboards in the format of an editor, a player, an annotation tool or a data tool."""
    if list_formats:
        return _print_formats()
    if not to or not storyboards:
        raise SestinaError("name a storyboard and a format", hint="sestina export clip.sv6d.json --to otio; or --list")
    entry, paths = exporters.get(to), documents(storyboards)
    options = options_of(entry, settings or [])
    if video is not None and len(paths) > 1:
        raise SestinaError(f"--video names the video of one storyboard, not of {len(paths)}", hint="export it alone")
    plan = _plan(entry, paths, output, many=len(paths) > 1 or any(path.is_dir() for path in storyboards))
    failed = []
    for group, target in plan:
        try:
            _write(entry, group, target, options, video=video, named=target == output, force=force)
        except SestinaError as error:
            if len(plan) == 1:
                raise
            console.print_error(error)
            failed.append(error)
    if failed:
        raise typer.Exit(max(error.exit_code for error in failed))
    return None


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(export)


def _plan(
    entry: Entry[Any], paths: list[Path], output: Path | None, *, many: bool
) -> list[tuple[list[Path], Path]]:
    """Return which documents go where. Raises SestinaError where two would go to one place."""
    groups = [paths] if entry.many else [[path] for path in paths]
    if len(groups) > 1 and str(output) == "-":
        raise SestinaError(f"{len(groups)} files cannot go to stdout", hint="name a folder with -o")
    plan = [(group, _target(entry, group, output, many=many and not entry.many)) for group in groups]
    places: dict[Path, Path] = {}
    for group, target in plan:
        other = places.setdefault(target, group[0])
        if other != group[0]:
            raise SestinaError(
                f"{str(other)!r} and {str(group[0])!r} would both become {str(target)!r}", hint="export them apart"
            )
    return plan


def _target(entry: Entry[Any], group: Sequence[Path], output: Path | None, *, many: bool) -> Path:
    """Return where an export goes: beside the document unless said otherwise."""
    if output is not None and (str(output) == "-" or not (many or (entry.suffix and output.is_dir()))):
        return output
    stem = group[0].name.removesuffix(SUFFIX).removesuffix(".json") if len(group) == 1 else "storyboards"
    return (output if output is not None else group[0].parent) / f"{stem}{entry.suffix or f'.{entry.name}'}"


def _write(
    entry: Entry[Any], group: Sequence[Path], target: Path, options: dict[str, Any], *, video: Path | None,
    named: bool, force: bool,
) -> None:  # fmt: skip
    """Write some storyboards to one place."""
    accepts = get_type_hints(entry.make)
    needed = list(group)
    if "video" in accepts:
        found = video if video is not None or len(group) > 1 else video_of(group[0], read(group[0]))
        options = {**options, "video": found}
        needed += [found] if found is not None else []
    folders = {path.parent for path in group}
    if accepts.get("videos") == Path | None and len(folders) == 1:
        options = {"videos": folders.pop(), **options}
    refuse_loss(target, needed, folder=not entry.suffix, replace=named, force=force)
    with opened(target, folder=not entry.suffix) as place:
        boards = (read(path) for path in group)
        entry.make(boards if entry.many else next(boards), place, **options)
    if str(target) != "-":
        console.err.print(str(target), markup=False)


def options_of(entry: Entry[Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return `name=value` words as the values that a format's keyword-only parameters are annotated with."""
    hints = get_type_hints(entry.make)
    known = {name: hints[name] for name in _parameters(entry)}
    have = f"{entry.name} has: {', '.join(known)}" if known else f"{entry.name} has no options"
    options = {}
    for word in settings:
        name, sign, value = word.partition("=")
        if not sign or name not in known:
            hint = f"such as --set {name}=VALUE" if name in known else have
            raise SestinaError(f"{word!r} is no option of {entry.name}", hint=hint)
        try:
            options[name] = TypeAdapter(known[name]).validate_strings(value)
        except ValidationError as error:
            raise SestinaError(f"{name}={value}: {error.errors(include_url=False)[0]['msg']}", hint=have) from error
    return options


def _parameters(entry: Entry[Any]) -> dict[str, inspect.Parameter]:
    every = inspect.signature(entry.make).parameters.values()
    return {one.name: one for one in every if one.kind is one.KEYWORD_ONLY and one.name != "video"}


def _print_formats() -> None:
    table = Table("format", "file", "what", "options (--set)")
    back = readers()
    for entry in exporters:
        options = ", ".join(f"{name}={one.default}" for name, one in _parameters(entry).items())
        name = entry.name + (" ⇄" if entry.name in back else "")
        table.add_row(name, entry.suffix or "folder", console.plain(entry.card.summary), console.plain(options))
    console.out.print(table)
    console.out.print("⇄ comes back with `sestina import`")
