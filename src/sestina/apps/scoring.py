"""`sestina score`, `sestina diff`, `sestina agreement`: how close storyboards are, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sestina.apps import console
from sestina.apps.documents import read
from sestina.core import vocabulary
from sestina.core.errors import SestinaError, unknown
from sestina.objective.score import ScoreConfig, prepare

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Facets = Annotated[
    str, typer.Option(help="Comma-separated facets that count, or prefixes that end in a dot; default: gold's scope.")
]


class By(StrEnum):
    """What the table of a score lists below the dimensions."""

    FACET = "facet"
    UNIT = "unit"


def score(
    pred: Annotated[Path, typer.Argument(help="The storyboard to judge; may be damaged.", metavar="PRED")],
    gold: Annotated[Path, typer.Argument(help="The storyboard that is right.", metavar="GOLD")],
    by: Annotated[By, typer.Option(help="List facets, or every unit with the one that answers it.")] = By.FACET,
    facets: Facets = "",
    as_json: AsJson = False,
) -> None:
    """Score a storyboard against a gold one: per dimension, per facet, per unit, with everything that is wrong."""
    from sestina.apps.marks import print_score
    from sestina.objective.score import score as judge

    found = judge(_bytes(pred), prepare(read(gold)), _config(facets))
    console.print_json(found.to_dict()) if as_json else print_score(found, by_unit=by is By.UNIT)


def diff(
    before: Annotated[Path, typer.Argument(help="A storyboard.", metavar="A")],
    after: Annotated[Path, typer.Argument(help="Another of the same video.", metavar="B")],
    as_json: AsJson = False,
) -> None:
    """List what was added, removed, moved and relabelled from A to B; exit 1 when anything was."""
    from sestina.apps.marks import print_difference
    from sestina.objective.diff import diff as compare

    found = compare(read(before), read(after))
    console.print_json(found.to_dict()) if as_json else print_difference(found)
    raise typer.Exit(1 if found.changes else 0)


def agreement(
    first: Annotated[Path, typer.Argument(help="Folder of one annotator's storyboards.", metavar="FOLDER_A")],
    second: Annotated[Path, typer.Argument(help="The other's, under the same file names.", metavar="FOLDER_B")],
    facets: Facets = "",
    as_json: AsJson = False,
) -> None:
    """Say how far two annotators agree on the videos that both folders hold, per facet and corrected for chance."""
    from sestina.apps.marks import print_agreement
    from sestina.objective.agreement import agreement as agree

    names = _shared(first, second)
    found = agree([(read(first / name), read(second / name)) for name in names], _config(facets))
    if as_json:
        console.print_json({**found.to_dict(), "files": names})
    else:
        print_agreement(found, names)


def register(app: typer.Typer) -> None:
    """Add the three commands to the command line."""
    for command in (score, diff, agreement):
        app.command()(command)


def _config(facets: str) -> ScoreConfig:
    words = frozenset(word.strip() for word in facets.split(",") if word.strip())
    known = vocabulary.load().ids
    for word in sorted(words):
        if word not in known and not (word.endswith(".") and any(name.startswith(word) for name in known)):
            raise unknown("facet", word, known)
    return ScoreConfig(facets=words or None)


def _shared(first: Path, second: Path) -> Sequence[str]:
    for folder in (first, second):
        if not folder.is_dir():
            raise SestinaError(f"{str(folder)!r} is no folder", hint="agreement compares two folders of storyboards")
    names = sorted({path.name for path in first.glob("*.json")} & {path.name for path in second.glob("*.json")})
    if not names:
        hint = "pairs are found by file name, such as clip.sv6d.json in both"
        raise SestinaError(f"{str(first)!r} and {str(second)!r} share no JSON file", hint=hint)
    return names


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "make one with `sestina analyze`" if not path.exists() else ""
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error
