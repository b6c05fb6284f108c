"""`sestina export` and `sestina import`: storyboards in the formats of other tools, and corrections back."""

from __future__ import annotations

import inspect
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, get_type_hints

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from sestina.apps import console
from sestina.core.errors import DocumentError, SestinaError
from sestina.core.registry import Entry, exporters, importers
from sestina.core.storyboard import Storyboard

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="An option of the format, name=value; may be given again.")
]
SUFFIX = ".sv6d.json"


def export(
    storyboards: Annotated[
        list[Path] | None, typer.Argument(help="Storyboards, or folders of them.", metavar="STORYBOARD...")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="The format; --list names them.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File or folder; `-` for stdout.")] = None,
    video: Annotated[Path | None, typer.Option(help="The video, where it is not where the document says.")] = None,
    settings: Settings = None,
    list_formats: Annotated[bool, typer.Option("--list", help="List the formats with their options.")] = False,
    force: Annotated[bool, typer.Option(help="Replace a folder that holds files already.")] = False,
) -> None:
    """Write storyboards in the format of an editor, a player, an annotation tool or a data tool."""
    if list_formats:
        return _print_formats()
    if not to or not storyboards:
        raise SestinaError("name a storyboard and a format", hint="sestina export clip.sv6d.json --to otio; or --list")
    entry = exporters.get(to)
    paths = _documents(storyboards)
    groups = [paths] if entry.many else [[path] for path in paths]
    if output is not None and len(groups) > 1:
        output.mkdir(parents=True, exist_ok=True)
    for group in groups:
        target = _target(entry, group[0], output, many=len(groups) > 1)
        options = _options(entry, settings or [])
        if "video" in inspect.signature(entry.make).parameters:
            options["video"] = video or _video(group[0])
        with _opened(target, folder=not entry.suffix, force=force) as place:
            boards = (_board(path) for path in group)
            entry.make(boards if entry.many else next(boards), place, **options)
        if str(target) != "-":
            console.err.print(str(target), markup=False)
    return None


def import_(
    file: Annotated[Path, typer.Argument(help="What came back from the tool.", metavar="FILE")],
    onto: Annotated[Path, typer.Option(help="The storyboard that was exported.", metavar="STORYBOARD")],
    source: Annotated[str, typer.Option("--from", help="Its format; default: by the suffix.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where; default: onto the storyboard.")] = None,
    who: Annotated[str, typer.Option(help="The person, named as the producer of what changed.")] = "human",
    overwrite: Annotated[bool, typer.Option(help="Apply also what contradicts a later change.")] = False,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Merge a person's corrections onto a storyboard; exit 1 when some could not be applied."""
    from sestina.export._merge import merge
    from sestina.objective.diff import diff

    entry = importers.get(source or _guessed(file))
    before = _board(onto)
    options = _options(entry, settings or [])
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
    """Add both commands to the command line."""
    app.command()(export)
    app.command(name="import")(import_)


def _documents(given: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        inside = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not inside:
            raise SestinaError(f"{str(path)!r} holds no {SUFFIX} file", hint="make some with `sestina analyze`")
        found += inside
    return found


def _target(entry: Entry[Any], document: Path, output: Path | None, *, many: bool) -> Path:
    """Return where an export goes: beside the document unless said otherwise."""
    if output is not None and not many and not (entry.suffix and output.is_dir()):
        return output
    stem = document.name.removesuffix(SUFFIX).removesuffix(".json")
    tail = entry.suffix or f".{entry.name}"
    return (output if output is not None else document.parent) / f"{stem}{tail}"


def _video(document: Path) -> Path | None:
    """Return the document's video: where it says, from here or from its own folder, or beside it by name."""
    media = _board(document).media
    for path in (Path(media.path), document.parent / media.path, document.parent / media.name):
        if path.is_file():
            return path
    return None


def _options(entry: Entry[Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return `name=value` words as the values that a format's keyword-only parameters are annotated with."""
    hints = get_type_hints(entry.make)
    known = {name: hints[name] for name in _parameters(entry)}
    options = {}
    for word in settings:
        name, sign, value = word.partition("=")
        if not sign or name not in known:
            hint = f"{entry.name} has: {', '.join(known)}" if known else f"{entry.name} has no options"
            raise SestinaError(f"{word!r} is no option of {entry.name}", hint=hint)
        try:
            options[name] = TypeAdapter(known[name]).validate_strings(value)
        except ValidationError as error:
            raise SestinaError(f"{name}={value}: {error.errors(include_url=False)[0]['msg']}") from error
    return options


def _parameters(entry: Entry[Any]) -> dict[str, inspect.Parameter]:
    every = inspect.signature(entry.make).parameters.values()
    return {one.name: one for one in every if one.kind is one.KEYWORD_ONLY and one.name != "video"}


@contextmanager
def _opened(target: Path, *, folder: bool, force: bool) -> Iterator[Any]:
    """Give a binary file, or an empty folder, that takes its name only when all was written."""
    if str(target) == "-":
        if folder:
            raise SestinaError("this format writes a folder, which cannot go to stdout", hint="name one with -o")
        yield sys.stdout.buffer
        return
    if folder and target.exists() and not force and any(target.iterdir() if target.is_dir() else [target]):
        raise SestinaError(f"{str(target)!r} is not empty", hint="choose another -o, or --force to replace it")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent))
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror}", hint="choose another -o") from error
    try:
        if folder:
            inside = made / "folder"
            inside.mkdir()
            yield inside
            if target.exists():
                shutil.rmtree(target)
        else:
            inside = made / "file"
            with inside.open("wb") as stream:
                yield stream
        inside.replace(target)
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror or error}", hint="is there room?") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _readable(file: Path) -> Iterator[BinaryIO]:
    try:
        stream = file.open("rb")
    except OSError as error:
        raise SestinaError(f"cannot read {str(file)!r}: {error.strerror}") from error
    with stream:
        yield stream


def _guessed(file: Path) -> str:
    names = [entry.name for entry in importers if entry.suffix and file.name.lower().endswith(entry.suffix)]
    if len(names) != 1:
        all_names = ", ".join(importers.names())
        raise SestinaError(f"the format of {file.name!r} cannot be told", hint=f"say --from one of: {all_names}")
    return names[0]


def _board(path: Path) -> Storyboard:
    try:
        return Storyboard.from_json(path)
    except OSError as error:
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}") from error
    except DocumentError as error:
        raise type(error)(f"{path}: {error}", hint=error.hint) from error


def _print_formats() -> None:
    table = Table("format", "file", "what", "options (--set)")
    back = set(importers.names())
    for entry in exporters:
        options = ", ".join(f"{name}={one.default}" for name, one in _parameters(entry).items())
        name = entry.name + (" ⇄" if entry.name in back or entry.name.split("-")[0] in back else "")
        table.add_row(name, entry.suffix or "folder", console.plain(entry.card.summary), console.plain(options))
    console.out.print(table)
