"""A shot list as JSON: what a generator or a person needs to make the video again, shot by shot.

`shotlist-json` tells everything by dimension. `shotlist-sketch` is the part of it that `sestina render` draws: a
storyboard of a few facets, short enough to edit by hand, whose animatic has exactly the cuts of the video.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit, Word
from sestina.core.versions import CURRENT
from sestina.export._conform import Conformed
from sestina.export._facets import among, checked
from sestina.export._json import write_object
from sestina.export._told import Text, Told, by_dimension, shot_facts, shots, video_facts, whole

VERSION = "1.0"
"""Version of the shot list; it is raised when a key changes its meaning or goes away."""
ONE_A_SHOT = (
    "camera.movement", "camera.speed", "camera.steadiness", "camera.scale", "subject.location", "subject.kind.primary",
    "subject.count", "aes.light.brightness", "aes.color.saturation",
)  # fmt: skip
"""Facets of which a drawn shot has one label: the one that shares most time with it."""
AS_DRAWN = {"subject.kind.primary": "subject.kind"}
"""Facets that the renderer knows under another name."""


@exporters.register(
    "shotlist-json",
    suffix=".shots.json",
    card=Card(summary="Shots with times, frames, the edit they begin with, words, texts and all labels by dimension."),
)
def shotlist_json(storyboard: Storyboard, file: BinaryIO, *, facets: str = "") -> None:
    """Write the shot list.

    Args:
        storyboard: with video.
        file: where to.
        facets: comma-separated facets to tell, or prefixes that end in a dot; "": all.

    Raises UnknownComponent for a facet that is none.
    """
    wanted = checked(facets)
    head = {
        "shotlist": VERSION,
        "video": video_facts(storyboard),
        "labels": by_dimension([unit for unit in whole(storyboard) if among(unit.facet, wanted)]),
    }
    write_object(file, head, "shots", (_shot(told, wanted) for told in shots(storyboard)))


def _shot(told: Told, wanted: Sequence[str]) -> dict[str, Any]:
    shot = told.shot
    return {
        **shot_facts(shot),
        "begins_with": shot.transition_in or None,
        "said": told.said,
        "texts": [_text(one) for one in told.texts],
        "labels": by_dimension([unit for unit in told.units if among(unit.facet, wanted)]),
    }


def _text(one: Text) -> dict[str, Any]:
    box = None if one.box is None else list(one.box.model_dump().values())
    return {"text": one.text, "kind": one.kind, "start_s": one.span.start_s, "end_s": one.span.end_s, "box": box}


@exporters.register(
    "shotlist-sketch",
    suffix=".sketch.json",
    card=Card(
        summary="A sketch that `sestina render` draws: an animatic whose cuts are the video's, to the frame.",
        deviations="one movement a shot; what the renderer cannot draw it says when it draws the nearest thing",
    ),
)
def shotlist_sketch(storyboard: Storyboard, file: BinaryIO, *, words: bool = True, seed: int = 0) -> None:
    """Write the sketch.

    Args:
        storyboard: with video.
        file: where to.
        words: whether what is said is to be said again.
        seed: chooses what the sketch leaves open.
    """
    frames = Conformed(storyboard)
    video = video_facts(storyboard)
    rate = frames.rate
    media = {
        "width": video["width"], "height": video["height"], "rate": f"{rate.numerator}/{rate.denominator}",
        "duration_s": _time_s(frames, frames.frame_count),
    }  # fmt: skip
    head: dict[str, Any] = {"sv6d": CURRENT, "seed": seed, "media": media}
    if words:
        head["transcript"] = {"words": [_word(word, storyboard) for word in storyboard.transcript.words]}
    write_object(file, head, "units", _sketched(storyboard, frames))


def _word(word: Word, board: Storyboard) -> dict[str, Any]:
    start_s, end_s = (max(0.0, round(at - board.media.span.start_s, 6)) for at in (word.start_s, word.end_s))
    return {"text": word.text, "start_s": start_s, "end_s": end_s}


def _sketched(board: Storyboard, frames: Conformed) -> Iterator[dict[str, Any]]:
    """Yield the units of a sketch: shots, edits, one movement a shot, what is seen, overlays, beats, tempo."""
    for clip in frames.clips:
        yield {"facet": "edit.shot", "span": _span_s(frames, clip.first, clip.after)}
    yield from _edits(board, frames)
    for told in shots(board):
        first, after = frames.frames(told.shot.unit.span)
        for facet in ONE_A_SHOT:
            for unit in told.claims(facet)[:1]:
                begin, end = frames.frames(unit.span.clipped(told.shot.unit.span))
                span = (max(first, begin), min(after, end)) if facet == "camera.movement" else (first, after)
                yield _wish(unit, AS_DRAWN.get(facet, facet), _span_s(frames, *span))
    for unit in board.units(facet="diss.overlay.kind"):
        if unit.label is not None and not unit.span.is_instant:
            yield _wish(unit, unit.facet, _span_s(frames, *frames.frames(unit.span)))
    for unit in board.units(facet="narr.beat"):
        if unit.label is not None and not unit.span.is_instant:
            yield _wish(unit, unit.facet, _span_s(frames, *frames.frames(unit.span)))
    for facet in ("aes.audio.tempo", "aes.audio.tempo.beat"):
        for unit in [one for one in board.units(facet=facet) if one.status != "abstain"][:1]:
            yield {**_wish(unit, facet, None), "at": _time_s(frames, frames.frame(unit.span.start_s))}


def _edits(board: Storyboard, frames: Conformed) -> Iterator[dict[str, Any]]:
    """Yield the edits: cuts where clips meet, and gradual ones over their frames."""
    gradual = {join.cut: join for join in frames.joins}
    cuts = {frames.frame(unit.span.start_s): unit for unit in board.boundaries if unit.span.is_instant and unit.label}
    for frame in [clip.first for clip in frames.clips] + [frames.frame_count]:
        if frame in gradual:
            join = gradual[frame]
            yield _wish(join.unit, "edit.transition", _span_s(frames, join.first, join.after))
        elif frame in cuts and 0 < frame < frames.frame_count:
            yield {**_wish(cuts[frame], "edit.transition", None), "at": _time_s(frames, frame)}


def _wish(unit: Unit, facet: str, span: list[float] | None) -> dict[str, Any]:
    """Return a unit with no more than a sketch needs."""
    box = None if unit.region is None else list(unit.region.box.model_dump().values())
    facts: dict[str, Any] = {
        "facet": facet, "label": unit.label, "text": unit.text, "value": unit.value, "unit": unit.unit, "span": span,
        "box": box if facet == "diss.overlay.kind" else None,
    }  # fmt: skip
    speed = unit.attributes.get("speed")
    if facet == "camera.movement" and isinstance(speed, (int, float)):
        facts["attributes"] = {"speed": speed}
    return {key: value for key, value in facts.items() if value is not None}


def _time_s(frames: Conformed, frame: int) -> float:
    """Return a frame's time in a sketch, which begins at 0."""
    return round(float(frame / frames.rate), 6)


def _span_s(frames: Conformed, first: int, after: int) -> list[float]:
    return [_time_s(frames, first), _time_s(frames, after)]
