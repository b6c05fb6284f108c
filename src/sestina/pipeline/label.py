"""label: a model fills what signals cannot tell, inside what they found; every claim cited, checked, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sestina.answers.extract import Extractor
from sestina.core.errors import MediaError
from sestina.core.exchange import Answer
from sestina.core.files import write_atomically
from sestina.core.invariants import problems
from sestina.core.prompting import Prompt
from sestina.core.roles import Model
from sestina.core.storyboard import Producer, Storyboard, digest
from sestina.media.pictures import pictures
from sestina.media.source import Source
from sestina.pipeline.ask import SYSTEM, material
from sestina.pipeline.label_claims import Claims, Defect, merged
from sestina.pipeline.label_tasks import LETTERS_A_TOKEN, LabelTask, label_tasks
from sestina.pipeline.sweep import Progress, silent

TOKENS_A_FRAME = 256
"""What a frame costs where the model does not say."""
MAX_TOKENS = 4096
"""Of one reply."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """The labelled storyboard and what it cost.

    Args:
        board: valid, whatever the model said.
        defects: everything that was wrong with its replies.
        calls, cached: calls made, and calls whose replies were kept from before.
        tokens: spent, as the model counted them, or as estimated where it did not.
        undone: names of calls that failed or that the budget did not reach, with the reason.
    """

    board: Storyboard
    defects: tuple[Defect, ...]
    calls: int
    cached: int
    tokens: int
    undone: tuple[str, ...]


def label(
    board: Storyboard,
    source: Source | None,
    model: Model,
    *,
    facets: Sequence[str] | None = None,
    cache: Path | None = None,
    budget_tokens: int | None = None,
    progress: Progress = silent,
) -> Labelled:
    """Return `board` with what a model says of the facets that signals leave open.

    Args:
        board: as signals made it.
        source: the video; None shows no frames.
        model: who looks.
        facets: ids, or prefixes ending in a dot; None: all that a model can produce.
        cache: folder of replies, by video, frames, prompt, model and settings; a stopped run goes on from there.
        budget_tokens: calls stop before more than this is spent.
        progress: called with ("labels", done, total).
    """
    described = dict(model.describe())
    name = str(described.get("name") or described.get("kind") or "model")
    claims = Claims(board, Producer(kind="model", name=name, params=digest(described)))
    tasks = label_tasks(board, model.limits, facets)
    calls = cached = tokens = 0
    undone: list[str] = []
    said = material(board, Extractor(board), "")
    for done, task in enumerate(tasks):
        if budget_tokens is not None and tokens + cost(task, model) > budget_tokens:
            undone.append(f"{task.name}: the budget of {budget_tokens} tokens ends before it")
            continue
        answer, kept = _asked(task, board, source, model, said, cache, described)
        calls, cached = calls + (not kept), cached + kept
        tokens += 0 if kept else _spent(answer) or cost(task, model)
        if answer.error is not None:
            undone.append(f"{task.name}: {answer.error}")
        else:
            claims.take(answer.parsed, task)
        progress("labels", done + 1, len(tasks))
    made = _noted(_valid(merged(claims), board, claims), claims, undone, name)
    return Labelled(board=made, defects=tuple(claims.defects), calls=calls, cached=cached, tokens=tokens,
                    undone=tuple(undone))  # fmt: skip


def _spent(answer: Answer) -> int:
    return int(sum(answer.usage.get(name, 0) for name in ("input_tokens", "output_tokens")))


def cost(task: LabelTask, model: Model) -> int:
    """Return about how many tokens one call costs."""
    frames = len(task.times_s) * (model.limits.tokens_per_frame or TOKENS_A_FRAME)
    return frames + (len(task.question) + len(json.dumps(task.schema))) // LETTERS_A_TOKEN + MAX_TOKENS // 4


def estimate(board: Storyboard, model: Model, facets: Sequence[str] | None = None) -> tuple[int, int]:
    """Return how many calls labelling takes and about how many tokens they cost."""
    tasks = label_tasks(board, model.limits, facets)
    return len(tasks), sum(cost(task, model) for task in tasks)


def _asked(
    task: LabelTask,
    board: Storyboard,
    source: Source | None,
    model: Model,
    said: Mapping[str, str],
    cache: Path | None,
    described: dict[str, Any],
) -> tuple[Answer, bool]:
    """Return the reply to one call and whether it was kept from before."""
    prompt = Prompt(question=task.question, material=said, system=SYSTEM, schema=task.schema, max_tokens=MAX_TOKENS)
    key = {"video": board.media.sha256, "frames": task.times_s, "question": task.question, "material": said,
           "schema": task.schema, "model": described}  # fmt: skip
    path = None if cache is None else cache / f"{digest(key)[7:]}.json"
    if path is not None and (found := _kept(path)) is not None:
        return found, True
    try:
        shown = tuple(pictures(source, board.media, task.times_s)) if source is not None and task.times_s else ()
    except MediaError as error:
        return Answer(error=f"the video cannot be read: {error}"), False
    answer = model.answer(Prompt(**{**vars(prompt), "frames": shown}))
    if path is not None and answer.error is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"parsed": answer.parsed, "text": answer.text, "usage": dict(answer.usage)}
        write_atomically(path, json.dumps(kept, ensure_ascii=False).encode())
    return answer, False


def _kept(path: Path) -> Answer | None:
    try:
        data = json.loads(path.read_bytes())
        return Answer(parsed=data["parsed"], text=data["text"], usage=data["usage"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _valid(made: Storyboard, before: Storyboard, claims: Claims) -> Storyboard:
    """Return the document without those of the model's units that break a rule; they are defects."""
    old = {unit.id for unit in before.items}
    while True:
        broken = {problem.unit_id: problem for problem in problems(made) if problem.unit_id not in old}
        if not broken:
            break
        claims.defects += [Defect(kind=one.rule, place=unit_id, what=one.message) for unit_id, one in broken.items()]
        made = made.model_copy(update={"items": tuple(unit for unit in made.items if unit.id not in broken)})
    if {str(one) for one in problems(made)} <= {str(one) for one in problems(before)}:
        return made
    claims.defects.append(Defect(kind="breaks the document", place="all", what="nothing of it is kept"))
    return before


def _noted(made: Storyboard, claims: Claims, undone: Sequence[str], name: str) -> Storyboard:
    """Return the document with the model's name, and with what was wrong and what is missing in its notes."""
    counts = Counter(defect.kind for defect in claims.defects)
    notes = [f"{name}: {count} x {kind}" for kind, count in sorted(counts.items())]
    notes += [f"{name} did not label {one}" for one in undone]
    provenance = made.provenance.model_copy(update={"model": name, "notes": (*made.provenance.notes, *notes)})
    return made.model_copy(update={"provenance": provenance})

