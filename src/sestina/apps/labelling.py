"""`sestina analyze --model`: what signals leave open, labelled by a model, with its cost shown before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from sestina.apps import console
from sestina.core import vocabulary
from sestina.core.errors import SestinaError
from sestina.core.roles import Model
from sestina.core.storyboard import Storyboard
from sestina.media.source import resolve
from sestina.pipeline.label import Labelled, estimate, label


def define_facets(paths: Sequence[Path]) -> tuple[str, ...]:
    """Make the facets that these files define known, and return their ids.

    Raises DocumentError that names the file and every field at fault, DuplicateComponent for an id in use.
    """
    return tuple(vocabulary.define(vocabulary.load_definition(path)).id for path in paths)


def tokens_of(words: str) -> int | None:
    """Return the budget in `tokens=N`; None for "". Raises SestinaError for anything else."""
    if not words:
        return None
    name, _, number = words.partition("=")
    if name != "tokens" or not number.isdigit():
        raise SestinaError(f"{words!r} is no budget", hint="--budget tokens=200000")
    return int(number)


def label_all(
    documents: Sequence[tuple[str, Path]],
    model: Model,
    budget: int | None,
    *,
    cache: Path | None = None,
    own: Sequence[str] = (),
) -> None:
    """Label every document (video, storyboard), each written when it is done; one that has this model's labels is kept.

    Replies are cached in `cache`, or beside the documents, so that a stopped run goes on and pays for nothing twice.
    `own` are facets that the user defined; a document that has this model's labels gets those that it lacks.
    """
    described = model.describe()
    name = str(described.get("name") or described.get("kind"))
    for video, path in documents:
        board = Storyboard.from_json(path)
        facets = None
        if board.provenance.model == name:
            facets = [facet for facet in own if not board.units(facet=facet)]
            if not facets:
                console.err.print(f"{path} has labels of {console.plain(name)} already")
                continue
        calls, tokens = estimate(board, model, facets)
        left = "" if budget is None else f", {budget} allowed"
        console.err.print(f"{console.plain(name)}: {calls} calls, about {tokens} tokens{left}")
        with console.stage_bars(board.media.name) as bars:
            kept = path.parent / ".sestina-replies" if cache is None else cache
            found = label(board, resolve(video), model, facets=facets, cache=kept, budget_tokens=budget, progress=bars)
        found.board.to_json(path)
        _say(found, board)


def _say(found: Labelled, before: Storyboard) -> None:
    known = {unit.id for unit in before.items}
    new = [unit for unit in found.board.items if unit.id not in known]
    table = Table("dimension", "labels", "abstained")
    for dimension, count in sorted(Counter(unit.dimension for unit in new).items()):
        abstained = sum(unit.dimension == dimension and unit.status == "abstain" for unit in new)
        table.add_row(f"[{console.COLOURS[dimension]}]{dimension}[/]", str(count - abstained), str(abstained))
    console.err.print(table)
    kept = f", {found.cached} kept from before" if found.cached else ""
    console.err.print(f"{found.calls} calls{kept}, {found.tokens} tokens")
    for kind, count in Counter(defect.kind for defect in found.defects).most_common():
        console.err.print(f"  [yellow]{count} x {console.plain(kind)}[/]")
    for one in found.undone:
        console.err.print(f"  [red]not labelled[/]: {console.plain(one)}")
