"""Shots and typed boundaries on rendered clips, whose every frame is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from sestina.core import vocabulary
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.pipeline.analyze import measure
from sestina.pipeline.verify import verify
from sestina.render.parts.edit import Flash, Kind, Transition
from sestina.render.parts.stage import Camera, Source, Subject
from sestina.render.render import render
from sestina.render.script import Script, Shot, punched

RATE = Fraction(25)
HILLS = Shot(source=Source(kind="hills", seed=4), duration_s=2.0, subjects=(Subject(seed=2),))
TOWN = Source(kind="city", seed=8)


def joined(begin: Transition) -> Script:
    """Return two different scenes of two seconds each, the second begun by `begin`."""
    second = Shot(source=TOWN, duration_s=2.0, begin=begin, subjects=(Subject(kind="person", seed=5),))
    return Script(shots=(HILLS, second), width=320, height=180, rate=RATE, sound=None, seed=3, crf=18)


def edits(script: Script, folder: Path) -> tuple[list[Unit], Path]:
    """Return the boundaries found in the rendered script, start and end left out, and the clip."""
    path = folder / "clip.mp4"
    render(script, path)
    board = measure(path, only=["editing.shots"]).storyboard
    assert verify(board, path).ok
    shots = board.shots
    assert shots[0].span.start_s == 0.0
    assert shots[-1].span.end_s == board.media.span.end_s
    return [unit for unit in board.boundaries if unit.label not in ("start", "end")], path


def family(label: str | None) -> set[str]:
    """Return a label and what it is a kind of."""
    assert label is not None
    return {label, *vocabulary.ancestors("edit.transition", label)}


def test_a_hard_cut_is_the_instant_of_the_new_shots_first_frame(tmp_path: Path) -> None:
    (cut,), _ = edits(joined(Transition()), tmp_path)
    assert cut.label == "hard_cut"
    assert cut.span == Span.at(2.0)
    assert {item.type for item in cut.evidence} >= {"metric", "frame_pair"}


@pytest.mark.parametrize("kind", ["cross_dissolve", "dip_to_black", "dip_to_white", "linear_wipe", "slide"])
def test_a_gradual_transition_has_its_kind_and_its_span(tmp_path: Path, kind: Kind) -> None:
    (found,), _ = edits(joined(Transition(kind=kind, frames=16)), tmp_path)
    assert kind in family(found.label) or found.label in family(kind)
    assert found.span.iou(Span.of(2.0 - 8 / 25, 2.0 + 8 / 25)) >= 0.5


def test_a_closer_view_of_the_same_scene_is_a_punch_in(tmp_path: Path) -> None:
    scene = Shot(source=TOWN, duration_s=2.0, subjects=(Subject(seed=2),))
    script = Script(shots=(scene, punched(scene, 1.2, 2.0)), width=320, height=180, rate=RATE, sound=None, crf=18)
    (found,), _ = edits(script, tmp_path)
    assert found.label == "punch_in"
    assert found.span == Span.at(2.0)


@pytest.mark.parametrize(
    "shot",
    [
        Shot(source=TOWN, duration_s=3.0, flashes=(Flash(at_s=1.2, frames=3),)),
        Shot(source=TOWN, duration_s=3.0, camera=Camera(zoom=1.2, shake=0.015)),
        Shot(source=TOWN, duration_s=3.0, camera=Camera(move="pan_right", speed=0.25)),
        Shot(source=TOWN, duration_s=3.0, subjects=(Subject(at=(-1.2, 0.0), velocity=(0.9, 0.0), size=0.9),)),
    ],
    ids=["flash", "handheld", "pan", "subject crosses"],
)
def test_what_is_no_edit_is_not_called_one(tmp_path: Path, shot: Shot) -> None:
    found, _ = edits(Script(shots=(shot,), width=320, height=180, rate=RATE, sound=None, crf=18), tmp_path)
    assert found == []


def test_fades_at_the_limits_reach_them(tmp_path: Path) -> None:
    fading = Shot(source=TOWN, duration_s=3.0, begin=Transition(kind="fade_in", frames=20))
    close = Transition(kind="fade_out", frames=20)
    script = Script(shots=(fading,), close=close, width=320, height=180, rate=RATE, sound=None, crf=18)
    (opening, closing), _ = edits(script, tmp_path)
    assert (opening.label, closing.label) == ("fade_in", "fade_out")
    assert opening.span.start_s == 0.0
    assert closing.span.end_s == 3.0
