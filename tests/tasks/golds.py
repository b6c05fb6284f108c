"""Small gold storyboards written by hand: 10 s at 25 frames a second, with every facet the tasks ask for."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from sestina.core import vocabulary
from sestina.core.evidence import Box, ContextEvidence, Evidence, FrameEvidence, Region
from sestina.core.exchange import Answer
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.task import Sample, Score
from sestina.core.time import Span
from sestina.tasks.feedbench._task import FeedTask
from tests.core.boards import media

CURVE = {"curve": [0.2, 0.4, 0.1, 0.9], "rate_hz": 0.4}
MOVES = {"pan_left": 60, "zoom_in": 20, "tilt_up": 10, "roll_cw": 10, "dolly_in": 1}
SCALES = {"MS": 70, "CU": 20, "LS": 10}
"""How often labels are drawn, as unevenly as in real videos."""
BY_HAND = Producer(kind="human", name="by_hand")


def unit(facet: str, start_s: float, end_s: float, label: str | None = None, **changes: Any) -> Unit:
    """Return a provided unit of a facet; `box` is (left, top, width, height), its level the facet's first."""
    known = vocabulary.facet(facet)
    box = changes.pop("box", None)
    evidence: tuple[Evidence, ...] = (ContextEvidence(key="by_hand", quote=label or facet),)
    fields: dict[str, Any] = {
        "id": f"{facet}/{start_s:g}-{end_s:g}/{label}", "dimension": known.dimension, "facet": facet, "label": label,
        "level": known.levels[0], "span": Span.of(start_s, end_s), "confidence": 1.0, "status": "provided",
        "producer": BY_HAND, "evidence": evidence, "region": None if box is None else Region(box=Box.of(*box)),
        **changes,
    }  # fmt: skip
    return Unit(**fields)


def board(*units: Unit) -> Storyboard:
    """Return a storyboard of 10 s with these units."""
    return Storyboard(media=media(), items=units)


def full() -> Storyboard:
    """Return gold that has something for every task: four shots, three cuts, one of them a dissolve."""
    shots = [unit("edit.shot", a, b, "shot") for a, b in ((0, 2), (2, 4), (4, 7), (7, 10))]
    edits = [
        unit("edit.transition", 2, 2, "hard_cut"), unit("edit.transition", 4, 4, "jump_cut"),
        unit("edit.transition", 6.8, 7.2, "cross_dissolve"),
    ]  # fmt: skip
    why = [
        unit("edit.cut_function", 2, 2, "beat_cut"), unit("edit.cut_rationale", 2, 2, "rhythm"),
        unit("edit.cut_rationale", 4, 4, "time_compression"), unit("edit.cut_rationale", 7, 7, "reveal"),
    ]  # fmt: skip
    moves = zip(shots, ("pan_left", "zoom_in", "locked", "tilt_up"), ("MS", "CU", "LS", "MS"), strict=True)
    camera = [
        one
        for shot, move, scale in moves
        for one in (
            unit("camera.movement", shot.span.start_s, shot.span.end_s, move),
            unit("camera.scale", shot.span.start_s, shot.span.end_s, scale),
        )
    ]
    return board(*shots, *edits, *why, *camera, *_story(shots), *_packaging())


def _story(shots: list[Unit]) -> list[Unit]:
    beats = zip(((0, 2), (2, 7), (7, 10)), ("hook", "development", "cta"), strict=True)
    tension = zip(shots, ("high", "low", "medium", "peak"), strict=True)
    return [
        *(unit("narr.beat", a, b, label) for (a, b), label in beats),
        *(unit("narr.shot_tension", s.span.start_s, s.span.end_s, label) for s, label in tension),
        unit("narr.tension", 0, 10, value=0.5, unit="share", attributes=CURVE),
        unit("narr.tension.peak", 8, 8, value=0.9, unit="share"),
        unit("narr.hook", 0, 2, "hook"),
        unit("narr.hook.tactic", 0, 2, "question"),
        unit("narr.hook.tactic.primary", 0, 2, "question"),
        unit("narr.hook.visual_device", 0, 2, "text_slam"),
        unit("narr.format", 0, 10, "listicle"),
    ]


def _packaging() -> list[Unit]:
    return [
        unit("diss.overlay.kind", 0, 2, "headline_super", text="Three habits", box=(0.1, 0.1, 0.8, 0.2)),
        unit("diss.overlay.kind", 7, 10, "cta_button", text="Follow", box=(0.3, 0.6, 0.4, 0.1)),
        unit("diss.cta.target", 7, 10, "follow"),
        unit("diss.cta.first_at", 0, 10, value=7.0, unit="s"),
        unit("diss.safe_area", 7, 10, "touches", text="reels", box=(0.3, 0.6, 0.4, 0.1)),
    ]


def cited(facet: str, at_s: float, label: str, *evidence: Evidence) -> Unit:
    """Return an inferred unit at an instant with this evidence, a frame's unless given."""
    found = evidence or (FrameEvidence(at_s=at_s),)
    return unit(facet, at_s, at_s, label, status="inferred", evidence=found)


def scored(task: type[FeedTask], said: Storyboard, gold: Storyboard) -> Score:
    """Return what a task says of a storyboard, its gold given."""
    made = task({"v": gold})
    return made.score(only(made), Answer(storyboard=said))


def only(task: FeedTask) -> Sample:
    """Return the one sample of a task."""
    (sample,) = task.samples()
    return sample


def drawn(count: int, seed: int) -> dict[str, Storyboard]:
    """Return videos of five shots whose labels are drawn as unevenly as `MOVES` and `SCALES` say."""
    rng = Random(seed)

    def label(weights: dict[str, int]) -> str:
        return rng.choices(list(weights), list(weights.values()))[0]

    bounds = list(pairwise((0, 2, 4, 6, 8, 10)))
    return {
        f"v{number}": board(
            *(unit("camera.movement", a, b, label(MOVES)) for a, b in bounds),
            *(unit("camera.scale", a, b, label(SCALES)) for a, b in bounds),
        )
        for number in range(count)
    }
