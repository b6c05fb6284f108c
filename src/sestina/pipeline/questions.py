"""`sestina.ask`: questions in words about one video, in Python."""

from __future__ import annotations

from pathlib import Path
from typing import overload

from sestina.core.errors import DocumentError
from sestina.core.exchange import Answer
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders, models
from sestina.core.roles import Model
from sestina.core.storyboard import Storyboard
from sestina.media.source import Source, resolve
from sestina.pipeline.analyze import analyze
from sestina.pipeline.ask import FRAMES, Asking


def model_of(words: str, base_url: str = "", device: str = "") -> Model:
    """Return the model that `kind` or `kind:name` stands for. Raises UnknownComponent, MissingExtra."""
    kind, _, name = words.partition(":")
    made: Model = models.get(kind).make(ModelSetting(name=name, base_url=base_url, device=device))
    return made


def opened(path: Path) -> tuple[Storyboard, Source | None]:
    """Return a document's storyboard, and its video where it is found beside it or where it was.

    Raises DocumentError for a file that cannot be read or is none.
    """
    try:
        board = Storyboard.from_json(path)
    except OSError as error:
        hint = "make one with `sestina analyze`"
        raise DocumentError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error
    places = (Path(board.media.path), path.parent / board.media.path, path.parent / board.media.name)
    found = next((place for place in places if place.is_file()), None)
    return board, None if found is None else resolve(found)


def session(
    board: Storyboard, source: Source | None, model: Model | None, *, selector: str = "schedule", frames: int = FRAMES,
    seed: int = 0,
) -> Asking:  # fmt: skip
    """Return a session on a storyboard; a model is shown frames through the embedder that needs no weights."""
    embedder = None if model is None else embedders.get("plain").make(board=board)
    return Asking(board, source, model=model, embedder=embedder, selector=selector, frames=frames, seed=seed)


@overload
def ask(video: Storyboard | str | Path, questions: str, *, model: Model | str | None = ..., base_url: str = ...,
        device: str = ..., frames: int = ..., selector: str = ..., seed: int = ...) -> Answer:  # fmt: skip
    """Return the answer to one question."""
@overload
def ask(video: Storyboard | str | Path, questions: list[str] | tuple[str, ...], *, model: Model | str | None = ...,
        base_url: str = ..., device: str = ..., frames: int = ..., selector: str = ...,
        seed: int = ...) -> tuple[Answer, ...]:  # fmt: skip
    """Return the answers to several, in order."""
def ask(
    video: Storyboard | str | Path,
    questions: str | list[str] | tuple[str, ...],
    *,
    model: Model | str | None = None,
    base_url: str = "",
    device: str = "",
    frames: int = FRAMES,
    selector: str = "schedule",
    seed: int = 0,
) -> Answer | tuple[Answer, ...]:
    """Return the answer to a question about a video, or the answers to several in order; later ones may follow up.

    Args:
        video: a storyboard, its document (`clip.sv6d.json`), or a video, which is analyzed first.
        questions: one, or several.
        model: `kind` or `kind:name`, such as `http:qwen`, or a model; None: the storyboard alone answers.
        base_url: address of the model's server, for `http`.
        device: `cpu`, `cuda` or `mps`, for local models.
        frames: that a model is shown at most.
        selector: how those frames are chosen.
        seed: of what is drawn.

    Raises MediaError for a video that cannot be read, DocumentError for a document, UnknownComponent for a name.
    What a model does wrong is in its answer.
    """
    if isinstance(video, Storyboard):
        board, source = video, None
        if Path(video.media.path).is_file():
            source = resolve(video.media.path)
    elif str(video).endswith(".json"):
        board, source = opened(Path(video))
    else:
        board, source = analyze(video), resolve(video)
    reader = model_of(model, base_url, device) if isinstance(model, str) else model
    asking = session(board, source, reader, selector=selector, frames=frames, seed=seed)
    if isinstance(questions, str):
        return asking.ask(questions)
    return tuple(asking.ask(question) for question in questions)
