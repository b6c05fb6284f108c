"""`sestina select`: which frames of a video a model would be shown, by any selector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sestina.apps import console
from sestina.apps.batch import DOCUMENT
from sestina.core.errors import MediaError, SestinaError
from sestina.core.exchange import Budget
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders, selectors
from sestina.core.storyboard import Storyboard
from sestina.media.probe import probe
from sestina.media.source import resolve
from sestina.pipeline.glance import RATE_HZ, Glance

LEAST_CHOICE = 8
"""Candidates a chosen frame, where nothing is said: fewer are no choice."""


def select(
    video: Annotated[Path, typer.Argument(help="A video; the storyboard beside it is used too.", metavar="VIDEO")],
    selector: Annotated[str, typer.Option(help="The method.")] = "schedule",
    frames: Annotated[int, typer.Option(min=1, help="Frames at most.")] = 8,
    question: Annotated[str, typer.Option(help="What they should help to answer.")] = "",
    embedder: Annotated[str, typer.Option(help="Of pictures and question: kind or kind:name.")] = "plain",
    rate: Annotated[float | None, typer.Option(min=0.01, help="Candidates a second; default: 1, or 8 a frame.")] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the frames as JSON on stdout.")] = False,
) -> None:
    """Choose frames of a video, and print their numbers and times."""
    method = selectors.get(selector).make
    board = _board(video)
    table = board.media.frame_table()
    if table is None:
        raise MediaError(f"{video.name} has no video", hint="frames are chosen from pictures")
    rate_hz = rate or max(RATE_HZ, LEAST_CHOICE * frames / table.span.duration_s)
    kind, _, name = embedder.partition(":")
    seeing = embedders.get(kind).make(ModelSetting(name=name), board=board)
    candidates = Glance(resolve(str(video)), board, seeing, rate_hz).candidates(question)
    if question and candidates.query is None:
        console.err.print("none of these words is seen or heard here: chosen as if nothing were asked")
    times_s = candidates.times_s[list(method(candidates, Budget(frames=frames), seed=seed).indices)].tolist()
    chosen = [{"frame": table.index_at(time_s), "time_s": time_s} for time_s in times_s]
    if as_json:
        console.print_json({"video": video.name, "selector": selector, "candidates": len(candidates), "frames": chosen})
        return
    for one in chosen:
        console.out.print(f"{one['frame']:>7} {one['time_s']:.3f} s")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(select)


def _board(video: Path) -> Storyboard:
    """Return the storyboard beside a video, where it is of the same bytes; else one that knows the file alone."""
    document = video.with_name(video.stem + DOCUMENT)
    if document.exists():
        try:
            board = Storyboard.from_json(document)
        except SestinaError as error:
            console.err.print(f"{console.plain(document.name)} is not used: {console.plain(str(error))}")
        else:
            if board.media.sha256 == resolve(str(video)).sha256:
                return board
            console.err.print(f"{console.plain(document.name)} is of another video, and not used")
    return Storyboard(media=probe(video))
