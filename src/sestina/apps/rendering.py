"""`sestina render`: a script, a storyboard or a genre and a seed go in; a video and its exact storyboard come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sestina.apps import console
from sestina.core.errors import SestinaError

GOLD = ".gold.json"


def render(
    script: Annotated[
        Path | None, typer.Argument(help="A script, a storyboard, or a sketch of one, as JSON.", metavar="[SCRIPT]")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The video (.mp4 .mov .mkv); with --count a folder.")
    ] = None,
    gold: Annotated[Path | None, typer.Option(help="Where the exact storyboard goes; default: beside it.")] = None,
    random: Annotated[bool, typer.Option("--random", help="Let a genre write the script.")] = False,
    genre: Annotated[str, typer.Option(help="Genres for --random, comma-separated; default: all by turns.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Chooses everything that is left open.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Clips to render with --random, seeds counting up.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Clips rendered at the same time.")] = 1,
    write_script: Annotated[
        Path | None, typer.Option("--write-script", help="Also write the full script, to edit and render again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")] = False,
) -> None:
    """Render a video with sound from a storyboard, a script or a genre, and write its exactly true storyboard."""
    if random == (script is not None):
        raise typer.BadParameter("give a SCRIPT, or --random, and not both")
    if random and count > 1:
        _many(genre, seed or 0, count, output or Path("rendered"), jobs, as_json=as_json)
        return
    from sestina.render.plan import Plan, plan
    from sestina.render.script_file import dumps

    made: Plan = _composed(genre, seed or 0) if script is None else plan(_loaded(script), seed)
    video = output or (Path("clip.mp4") if script is None else script.with_suffix(".mp4"))
    if write_script is not None:
        write_script.write_text(dumps(made.script), encoding="utf-8")
    _one(made, video, gold or video.with_suffix(GOLD), as_json=as_json)


def _composed(genre: str, seed: int) -> Any:
    from sestina.render.genre import compose
    from sestina.render.plan import Plan

    names = _genres(genre)
    return Plan(script=compose(names[seed % len(names)], seed))


def _genres(genre: str) -> list[str]:
    from sestina.core.errors import unknown
    from sestina.render.genre import GENRES

    names = [name.strip() for name in genre.split(",") if name.strip()]
    for name in names:
        if name not in GENRES:
            raise unknown("genre", name, GENRES)
    return names or list(GENRES)


def _loaded(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint="check the path") from error
    except (ValueError, RecursionError) as error:
        raise SestinaError(f"{str(path)!r} is not JSON: {error}", hint="a script is one JSON object") from error
    if not isinstance(data, dict):
        raise SestinaError(f"{str(path)!r} holds no JSON object", hint="see docs/renderer.md for what a script is")
    return data


def _one(made: Any, video: Path, gold: Path, *, as_json: bool) -> None:
    from sestina.render.render import render as write

    for line in made.compromises:
        console.err.print(f"[dim]note[/]: {console.plain(line)}")
    with console.stage_bars(video.name) as bars:
        board = write(made.script, video, gold, progress=bars)
    if as_json:
        row = {"video": str(video), "gold": str(gold), "units": len(board), "compromises": list(made.compromises)}
        console.print_json(row)
        return
    shots, texts = len(board.shots), len(board.transcript.screen)
    told = f"{board.media.duration_s:g} s, {shots} shots, {texts} texts, {len(board)} gold units"
    console.err.print(f"{video} ({told})", markup=False, soft_wrap=True)
    console.err.print(str(gold), markup=False, soft_wrap=True)


def _many(genre: str, seed: int, count: int, folder: Path, jobs: int, *, as_json: bool) -> None:
    from sestina.render.many import clips, make_all

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SestinaError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error
    outcomes = []
    with console.stage_bars(f"{count} clips, {jobs} at a time") as bars:
        for outcome in make_all(clips(_genres(genre), seed, count, folder), jobs):
            outcomes.append(outcome)
            bars("clips", len(outcomes), count)
            if outcome.error is not None:
                console.print_error(outcome.error)
    failed = sum(outcome.error is not None for outcome in outcomes)
    fresh = sum(outcome.fresh for outcome in outcomes)
    if as_json:
        console.print_json({"folder": str(folder), "rendered": fresh, "kept": count - fresh - failed, "failed": failed})
    console.err.print(f"{fresh} rendered, {count - fresh - failed} already there, {failed} failed: {folder}")
    if failed:
        raise typer.Exit(1)
