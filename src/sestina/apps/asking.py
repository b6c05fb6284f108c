"""`sestina ask`: questions in words about videos, answered with citations that were opened again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from sestina.apps import console
from sestina.apps.batch import DOCUMENT, SUFFIXES, Job, expand, is_url, run, targets
from sestina.apps.labelling import define_facets
from sestina.apps.settings import Settings, settings
from sestina.core.errors import DocumentError, OpenError, SestinaError
from sestina.core.exchange import Answer, Citation
from sestina.core.roles import Model
from sestina.core.storyboard import Storyboard
from sestina.media.source import Source, resolve
from sestina.pipeline.ask import Asking
from sestina.pipeline.questions import model_of, opened, session

STDIN = "-"
LONGEST_QUESTION = 10_000
"""Letters of a question; what is longer is cut."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One video that is asked: its name in the output, its session, and the page that shows it."""

    name: str
    session: Asking
    page: Path | None


def ask(
    words: Annotated[
        list[str],
        typer.Argument(help="Videos, storyboards or folders, then questions; - reads questions from stdin.",
                       metavar="VIDEO... QUESTION..."),
    ],
    questions: Annotated[
        Path | None, typer.Option(help="A file with a question a line, - for stdin; later ones may follow up.")
    ] = None,
    model: Annotated[str, typer.Option(help="kind or kind:name, such as http:qwen; default: no model.")] = "",
    base_url: Annotated[str, typer.Option(help="Address of the model's server, for http.")] = "",
    device: Annotated[str, typer.Option(help="cpu, cuda or mps, for local models.")] = "",
    frames: Annotated[int | None, typer.Option(min=1, help="Frames a model is shown at most; default: 32.")] = None,
    selector: Annotated[str, typer.Option(help="How those frames are chosen; default: schedule.")] = "",
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    report: Annotated[
        Path | None, typer.Option(help="A page, or a folder of pages, that answers link into; written if not there.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Settings; default: sestina.toml here or in a folder above.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON on stdout.")] = False,
) -> None:  # fmt: skip
    """Answer questions about videos; without a model from their storyboards alone. Exit 1 when none is answered."""
    videos, given = _parted(words)
    kept = settings(config, model=model, base_url=base_url, device=device, frames=frames, selector=selector)
    define_facets(kept.facets)
    reader = model_of(kept.model, kept.base_url, kept.device) if kept.model else None
    asked, failed = _sessions(videos, kept, reader, seed, report)
    rows: list[dict[str, Any]] = [
        {"video": name, "error": str(error), "hint": error.hint} for name, error in failed.items()
    ]
    answered = False
    many = len(asked) + len(failed) > 1
    for question in _questions(given, questions) if asked else ():
        if not as_json:
            console.out.print(f"[bold]{console.plain(question)}[/]")
        for one in asked:
            answer = one.session.ask(question)
            answered |= answer.error is None and not answer.abstained
            rows.append(_row(one, question, answer))
            if not as_json:
                _print(one, answer, many)
    if as_json:
        console.print_json(rows)
    raise typer.Exit(max(error.exit_code for error in failed.values()) if failed else 0 if answered else 1)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(ask)


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the videos, which come first, and the questions after them; the first word is a video whatever it is."""
    count = 1 + sum(1 for _ in takewhile(_is_video, words[1:]))
    return _files(words[:count]), list(words[count:])


def _is_video(word: str) -> bool:
    if not word.strip() or word == STDIN or len(word) > 4096 or "\0" in word:
        return False
    named = Path(word).suffix.lower() in SUFFIXES or word.endswith(".json") or is_url(word)
    try:
        return (named and " " not in word) or Path(word).exists()
    except OSError:
        return False


def _files(words: Sequence[str]) -> list[str]:
    """Return the files that words stand for; a folder without videos stands for its storyboards."""
    found: dict[str, None] = {}
    for word in words:
        try:
            found.update(dict.fromkeys(expand([word])))
        except OpenError:
            documents = sorted(str(path) for path in Path(word).rglob(f"*{DOCUMENT}")) if Path(word).is_dir() else []
            if not documents:
                raise
            found.update(dict.fromkeys(documents))
    return list(found)


def _questions(given: Sequence[str], file: Path | None) -> Iterator[str]:
    """Yield the questions: the arguments, then the file's lines; a terminal is asked for them."""
    for question in given:
        yield from _lines() if question == STDIN else [question[:LONGEST_QUESTION]]
    if file is not None and str(file) != STDIN:
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise SestinaError(f"cannot read {str(file)!r}: {error.strerror}", hint="a question a line") from error
        except UnicodeDecodeError as error:
            raise SestinaError(f"{file}: not text: {error.reason}", hint="a question a line, UTF-8") from error
        yield from (line.strip()[:LONGEST_QUESTION] for line in text.splitlines() if line.strip())
    elif file is not None or not given:
        if not given and file is None and not sys.stdin.isatty():
            raise SestinaError("no question", hint='sestina ask clip.mp4 "When is the first cut?", or - to read stdin')
        yield from _lines()


def _lines() -> Iterator[str]:
    """Yield what is asked on stdin, line by line as it comes."""
    if sys.stdin.isatty():
        console.err.print("[dim]ask; an empty line ends[/]")
    for line in sys.stdin:
        if not line.strip():
            if sys.stdin.isatty():
                return
            continue
        yield line.strip()[:LONGEST_QUESTION]


def _sessions(
    videos: Sequence[str], kept: Settings, reader: Model | None, seed: int, report: Path | None
) -> tuple[list[Asked], dict[str, SestinaError]]:
    """Return a session for each video, and the error for each that has none."""
    asked: list[Asked] = []
    failed: dict[str, SestinaError] = {}
    for word, document in zip(videos, targets(videos, None, many=True), strict=True):
        try:
            board, source, path = _opened(word, document)
            page = _page(board, source, path, report, many=len(videos) > 1)
        except SestinaError as error:
            failed[word] = error
            console.print_error(error)
            continue
        one = session(board, source, reader, selector=kept.selector, frames=kept.frames, seed=seed)
        asked.append(Asked(name=word, session=one, page=page))
    return asked, failed


def _opened(word: str, document: Path) -> tuple[Storyboard, Source | None, Path]:
    """Return the storyboard, the video where it is found, and the document's path; a video is analyzed first."""
    path = Path(word)
    if path.name.endswith(".json"):
        return (*opened(path), path)
    source = resolve(word)
    with console.stage_bars(path.name) as bars:
        outcome = run(Job(source=word, target=document), bars)
    if outcome.error is not None:
        raise outcome.error
    return Storyboard.from_json(document), source, document


def _page(board: Storyboard, source: Source | None, document: Path, report: Path | None, *, many: bool) -> Path | None:
    """Return the page that shows a video: the one beside its document, or the one asked for, written if not there."""
    name = document.name.removesuffix(".json").removesuffix(".sv6d") + ".html"
    if report is None:
        beside = document.with_name(name)
        return beside if beside.is_file() else None
    page = report / name if many or report.is_dir() else report
    if not page.exists() or page.stat().st_mtime < document.stat().st_mtime:
        from sestina.report.page import write_report

        if page.exists() and not page.read_bytes()[:64].lstrip().lower().startswith(b"<!doctype html"):
            raise DocumentError(f"{str(page)!r} is there and is no page", hint="name another --report")
        try:
            page.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SestinaError(f"cannot make the folder {str(page.parent)!r}: {error.strerror}") from error
        write_report(board, page, video=None if source is None else source.path, side=document.parent)
    return page


def _print(one: Asked, answer: Answer, many: bool) -> None:
    name = f"[dim]{console.plain(one.name)}[/] " if many else ""
    if answer.error is not None:
        console.out.print(f"  {name}[red]no answer[/]: {console.plain(answer.error)}")
        return
    tone = "yellow" if answer.abstained else "green"
    console.out.print(f"  {name}[{tone}]{console.plain(answer.text or '')}[/]")
    for citation in answer.citations:
        mark = "[green]✓[/]" if citation.verified else "[red]✗[/]"
        console.out.print(f"    {mark} {console.plain(_named(citation))} [dim]{console.plain(citation.why)}[/]")
        if (link := _link(citation, one.page)) is not None:
            console.out.print(f"      [dim]{console.plain(link)}[/]")


def _link(citation: Citation, page: Path | None) -> str | None:
    """Return where the page shows what is cited: a unit, or a moment."""
    if page is None or not citation.verified:
        return None
    if citation.unit is not None:
        return f"{page}#{quote(citation.unit, safe='')}"
    span = citation.span
    at_s = citation.frame_s if citation.frame_s is not None or span is None else span.start_s
    return None if at_s is None else f"{page}#t={at_s:.3f}"


def _named(citation: Citation) -> str:
    when = "" if citation.span is None else f"{citation.span.start_s:.2f}-{citation.span.end_s:.2f} s "
    frame = "" if citation.frame_s is None else f"frame at {citation.frame_s:.3f} s "
    said = "" if citation.quote is None else f"“{citation.quote}” "
    return f"{when}{frame}{said}{'' if citation.verified else citation.unit or ''}".strip()


def _row(one: Asked, question: str, answer: Answer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "video": one.name, "question": question, "answer": answer.text, "abstained": answer.abstained,
    }  # fmt: skip
    if answer.choice is not None:
        row["choice"] = answer.choice
    if answer.error is not None:
        row["error"] = answer.error
    links = [_link(citation, one.page) for citation in answer.citations]
    cited = [
        citation.to_dict() | ({} if link is None else {"link": link})
        for citation, link in zip(answer.citations, links, strict=True)
    ]
    return {**row, "citations": cited, "usage": dict(answer.usage)}
