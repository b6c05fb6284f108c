"""The command line: every verb of Sestina. Results go to stdout as JSON where asked, everything for people to stderr.

Exit codes: 0 fine, 1 findings, 2 usage, 3 media, 130 interrupted.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sestina.apps import (
    asking,
    bench,
    console,
    exporting,
    importing,
    labelling,
    linting,
    modelling,
    rendering,
    scoring,
    selecting,
)
from sestina.apps.batch import Job, Outcome, expand, run, run_all, targets
from sestina.apps.settings import settings
from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, json_schema
from sestina.pipeline.questions import model_of

app = typer.Typer(
    name="sestina",
    help="Turn a video into a storyboard: six dimensions, every label tied to evidence that can be checked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count it."""
Only = Annotated[str, typer.Option(help="Comma-separated dimensions, facets or parsers to produce.")]
Skip = Annotated[str, typer.Option(help="Comma-separated groups (ocr, asr, faces), signals or parsers to leave out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]
Config = Annotated[Path | None, typer.Option(help="Settings; default: sestina.toml here or in a folder above.")]
AllowUrl = Annotated[bool, typer.Option("--allow-url", help="Permit http(s) addresses: fetches from the network.")]
Document = Annotated[Path, typer.Argument(help="A storyboard, such as clip.sv6d.json.", metavar="STORYBOARD")]


app.command(name="render")(rendering.render)
scoring.register(app)
exporting.register(app)
importing.register(app)
asking.register(app)
selecting.register(app)
linting.register(app)
modelling.register(app)
app.add_typer(bench.app)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


@app.command()
def analyze(
    videos: Annotated[list[str], typer.Argument(help="Files, directories, globs or URLs.", metavar="VIDEO...")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The document, or a folder for many.")] = None,
    report: Annotated[Path | None, typer.Option(help="Also write an HTML page here, or into this folder.")] = None,
    only: Only = "",
    skip: Skip = "",
    jobs: Annotated[int, typer.Option(min=1, help="Files analyzed at the same time.")] = 1,
    force: Annotated[bool, typer.Option(help="Analyze again what is up to date.")] = False,
    as_json: AsJson = False,
    allow_url: AllowUrl = False,
    model: Annotated[str, typer.Option(help="A model that labels what signals leave open: kind or kind:name.")] = "",
    base_url: Annotated[str, typer.Option(help="Address of the model's server, for http.")] = "",
    budget: Annotated[str, typer.Option(help="What the model may cost a video: tokens=N.")] = "",
    facets: Annotated[list[Path] | None, typer.Option(help="A file that defines a facet for the model.")] = None,
    config: Config = None,
) -> None:
    """Analyze videos into storyboards: one document each, resumable; a bad file never stops the rest."""
    allowed, kept = labelling.tokens_of(budget), settings(config, model=model, base_url=base_url)
    own = labelling.define_facets(facets or kept.facets)
    if facets and not kept.model:
        raise SestinaError("a facet of yours is labelled by a model", hint="add --model, or model to sestina.toml")
    reader = model_of(kept.model, kept.base_url, kept.device) if kept.model else None
    sources = expand(videos)
    many = len(sources) > 1 or any(Path(word).is_dir() for word in videos)
    if many:
        for folder in (output, report):
            _make_folder(folder)
    documents = targets(sources, output, many=many)
    pages = [_page(report, document, many) for document in documents]
    todo = [
        Job(
            source=source,
            target=document,
            report=page,
            only=_words(only),
            skip=_words(skip),
            allow_url=allow_url,
            force=force,
        )
        for source, document, page in zip(sources, documents, pages, strict=True)
    ]
    outcomes = _run_here(todo) if jobs == 1 or len(todo) == 1 else _run_beside(todo, jobs)
    if reader is not None:
        done = [(outcome.job.source, outcome.job.target) for outcome in outcomes if outcome.error is None]
        labelling.label_all(done, reader, allowed, cache=kept.cache, own=own)
    _conclude(outcomes, as_json=as_json, many=many)


def _make_folder(folder: Path | None) -> None:
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SestinaError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error


def _page(report: Path | None, document: Path, many: bool) -> Path | None:
    if report is None or not (many or report.is_dir()):
        return report
    return report / (document.name.removesuffix(".sv6d.json") + ".html")


def _run_here(todo: list[Job]) -> list[Outcome]:
    outcomes = []
    for job in todo:
        with console.stage_bars(job.source) as bars:
            outcomes.append(run(job, bars))
        _say(outcomes[-1])
    return outcomes


def _run_beside(todo: list[Job], jobs: int) -> list[Outcome]:
    outcomes = []
    with console.stage_bars(f"{len(todo)} videos, {jobs} at a time") as bars:
        for outcome in run_all(todo, jobs):
            outcomes.append(outcome)
            bars("videos", len(outcomes), len(todo))
            _say(outcome)
    return outcomes


def _say(outcome: Outcome) -> None:
    if outcome.error is not None:
        console.print_error(outcome.error)
        return
    console.err.print(f"{outcome.job.target}" + ("" if outcome.fresh else " (up to date)"), markup=False)


def _conclude(outcomes: list[Outcome], *, as_json: bool, many: bool) -> None:
    good = [outcome for outcome in outcomes if outcome.error is None]
    failed = [outcome.error for outcome in outcomes if outcome.error is not None]
    if as_json and not many and good:
        sys.stdout.write(Storyboard.from_json(good[0].job.target).to_json())
    elif as_json:
        console.print_json([_row(outcome) for outcome in outcomes])
    elif not many and good:
        console.print_summary(Storyboard.from_json(good[0].job.target))
    if many:
        fresh = sum(outcome.fresh for outcome in good)
        text = f"{fresh} analyzed, {len(good) - fresh} already up to date, {len(failed)} failed"
        console.err.print(text)
    if failed:
        raise typer.Exit(max(error.exit_code for error in failed))


def _row(outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"video": outcome.job.source, "storyboard": str(outcome.job.target)}
    if outcome.error is not None:
        return {**row, "error": str(outcome.error), "hint": outcome.error.hint}
    return {**row, "fresh": outcome.fresh}


@app.command()
def report(
    storyboard: Document,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The page; default: beside the document.")
    ] = None,
    video: Annotated[str | None, typer.Option(help="The video, when it is not where the document says.")] = None,
) -> None:
    """Write the storyboard as one self-contained HTML page: player, timeline, curves and evidence."""
    from sestina.report.page import write_report

    board = Storyboard.from_json(_readable(storyboard))
    page = output or storyboard.with_name(storyboard.name.removesuffix(".json").removesuffix(".sv6d") + ".html")
    write_report(board, page, video=video, side=storyboard.parent)
    console.err.print(str(page), markup=False)


@app.command()
def verify(
    storyboard: Document,
    video: Annotated[str | None, typer.Option(help="The video, when it is not where the document says.")] = None,
    as_json: AsJson = False,
    allow_url: AllowUrl = False,
) -> None:
    """Recompute the evidence of every observed unit from the video; exit 1 when some no longer hold."""
    from sestina.apps.verdicts import print_verdicts
    from sestina.pipeline.verify import verify as recompute

    board = Storyboard.from_json(_readable(storyboard))
    with console.stage_bars(board.media.name) as bars:
        found = recompute(board, video, allow_url=allow_url, progress=bars)
    console.print_json(found.to_dict()) if as_json else print_verdicts(found)
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of the storyboard document."""
    console.print_json(json_schema())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what each extra would add, and which facets are therefore available."""
    from sestina.apps.doctor import examine, print_examination

    found = examine()
    console.print_json(found) if as_json else print_examination(found)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the clip, the document and the page.")] = Path("out"),
    seed: Annotated[int, typer.Option(help="Another seed, another clip.")] = 7,
) -> None:
    """Render a short vertical clip, analyze it, and write its storyboard and report page."""
    from sestina.apps.demo import run_demo

    _make_folder(out)
    run_demo(out, seed)


def _readable(path: Path) -> Path:
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        hint = "make one with `sestina analyze`" if not path.exists() else ""
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error


def main() -> None:
    """Run the command line; errors of ours become one line with a hint and an exit code."""
    logging.basicConfig(level=os.environ.get("SESTINA_LOG", "WARNING").upper(), stream=sys.stderr, format="%(message)s")
    try:
        app()
    except SestinaError as error:
        console.print_error(error)
        sys.exit(error.exit_code)
    except OSError as error:  # such as a name that is too long, wherever a path is first touched
        if error.filename is None:
            raise
        failed = SestinaError(f"{str(error.filename)!r}: {error.strerror}", hint="check the path")
        console.print_error(failed)
        sys.exit(failed.exit_code)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            console.err.print("interrupted; what was finished is kept")
        raise
