"""`sestina ask`: questions in words about a video, answered with citations that were opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from sestina.apps import console
from sestina.apps.batch import Job, run
from sestina.apps.documents import SUFFIX, read, video_of
from sestina.apps.labelling import model_of
from sestina.core.exchange import Answer, Citation
from sestina.core.registry import embedders
from sestina.core.storyboard import Storyboard
from sestina.media.source import Source, resolve
from sestina.pipeline.ask import FRAMES, Asking


def ask(
    video: Annotated[Path, typer.Argument(help="A video, or its storyboard.", metavar="VIDEO")],
    questions: Annotated[list[str], typer.Argument(help="Later ones may follow up.", metavar="QUESTION...")],
    model: Annotated[str, typer.Option(help="kind or kind:name, such as http:qwen; default: no model.")] = "",
    base_url: Annotated[str, typer.Option(help="Address of the model's server, for http.")] = "",
    device: Annotated[str, typer.Option(help="cpu, cuda or mps, for local models.")] = "",
    frames: Annotated[int, typer.Option(min=1, help="Frames that a model is shown at most.")] = FRAMES,
    selector: Annotated[str, typer.Option(help="How those frames are chosen.")] = "schedule",
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON on stdout.")] = False,
) -> None:
    """Answer questions about a video; without a model from its storyboard alone. Exit 1 when none is answered."""
    board, source, document = _opened(video)
    reader = model_of(model, base_url, device) if model else None
    session = Asking(
        board,
        source,
        model=reader,
        embedder=None if reader is None else embedders.get("plain").make(board=board),
        selector=selector,
        frames=frames,
        seed=seed,
    )
    page = document.with_name(document.name.removesuffix(SUFFIX) + ".html")
    answers = []
    for question in questions:
        answers.append(session.ask(question))
        if not as_json:
            _print(question, answers[-1], page if page.exists() else None)
    if as_json:
        console.print_json([_row(question, one) for question, one in zip(questions, answers, strict=True)])
    raise typer.Exit(0 if any(one.error is None and not one.abstained for one in answers) else 1)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(ask)


def _opened(path: Path) -> tuple[Storyboard, Source | None, Path]:
    """Return the storyboard, the video where it is found, and the document's path; a video is analyzed first."""
    if path.name.endswith(".json"):
        board = read(path)
        found = video_of(path, board)
        return board, None if found is None else resolve(found), path
    source = resolve(path)
    document = path.with_name(path.stem + SUFFIX)
    with console.stage_bars(path.name) as bars:
        outcome = run(Job(source=str(path), target=document), bars)
    if outcome.error is not None:
        raise outcome.error
    return Storyboard.from_json(document), source, document


def _print(question: str, answer: Answer, page: Path | None) -> None:
    console.out.print(f"[bold]{console.plain(question)}[/]")
    if answer.error is not None:
        console.out.print(f"  [red]no answer[/]: {console.plain(answer.error)}")
        return
    tone = "yellow" if answer.abstained else "green"
    console.out.print(f"  [{tone}]{console.plain(answer.text or '')}[/]")
    for citation in answer.citations:
        mark = "[green]✓[/]" if citation.verified else "[red]✗[/]"
        console.out.print(f"    {mark} {console.plain(_named(citation))} [dim]{console.plain(citation.why)}[/]")
        if page is not None and citation.verified and citation.unit is not None:
            link = f"{page}#{quote(citation.unit, safe='')}"
            console.out.print(f"      [dim]{console.plain(link)}[/]")


def _named(citation: Citation) -> str:
    when = "" if citation.span is None else f"{citation.span.start_s:.2f}-{citation.span.end_s:.2f} s "
    frame = "" if citation.frame_s is None else f"frame at {citation.frame_s:.3f} s "
    said = "" if citation.quote is None else f"“{citation.quote}” "
    return f"{when}{frame}{said}{'' if citation.verified else citation.unit or ''}".strip()


def _row(question: str, answer: Answer) -> dict[str, Any]:
    row: dict[str, Any] = {"question": question, "answer": answer.text, "abstained": answer.abstained}
    if answer.choice is not None:
        row["choice"] = answer.choice
    if answer.error is not None:
        row["error"] = answer.error
    return {**row, "citations": [one.to_dict() for one in answer.citations], "usage": dict(answer.usage)}
