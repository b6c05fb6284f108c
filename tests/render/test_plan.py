"""Sketches become scripts: what they fix is kept, what they leave open is chosen by seed, contradictions are named."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from sestina.core.errors import ScriptError
from sestina.render.parts.overlay import KINDS
from sestina.render.plan import plan
from sestina.render.script_file import dumps, loads
from sestina.render.wanted import read


def sketch(*units: dict[str, Any], **more: Any) -> dict[str, Any]:
    media = {"width": 320, "height": 180, "rate": "25", "duration_s": 4.0} | more.pop("media", {})
    return {"sv6d": "1.0", "media": media, "units": list(units), **more}


def shot(start_s: float, end_s: float, **more: Any) -> dict[str, Any]:
    return {"facet": "edit.shot", "span": [start_s, end_s], **more}


def problems(*units: dict[str, Any], **more: Any) -> list[str]:
    """Return the named problems of a sketch that must have some."""
    with pytest.raises(ScriptError) as caught:
        plan(sketch(*units, **more))
    return list(caught.value.problems)


def test_shots_and_edits_are_kept() -> None:
    dissolve = {"facet": "edit.transition", "label": "cross_dissolve", "span": [1.8, 2.2]}
    cut = {"facet": "edit.transition", "at": 1, "label": "cut"}
    made = plan(sketch(shot(0, 1), shot(1, 2), shot(2, 4), cut, dissolve))
    assert [one.duration_s for one in made.script.shots] == [1, 1, 2]
    assert [(s.begin.kind, s.begin.frames) for s in made.script.shots[1:]] == [("hard_cut", 0), ("cross_dissolve", 10)]
    assert made.compromises == ()


def test_without_shots_boundaries_make_them_and_without_those_beats() -> None:
    by_edit = plan(sketch({"facet": "edit.transition", "label": "hard_cut", "at": 1.5}))
    assert [one.duration_s for one in by_edit.script.shots] == [1.5, 2.5]
    beats = [{"facet": "narr.beat", "label": name, "span": span} for name, span in (("hook", [0, 1]), ("cta", [1, 4]))]
    by_beat = plan(sketch(*beats))
    assert [one.duration_s for one in by_beat.script.shots] == [1, 3]
    assert [note.label for note in by_beat.script.notes] == ["hook", "cta"]


def test_the_seed_chooses_what_is_open_and_nothing_else() -> None:
    units = (shot(0, 2), shot(2, 4), {"facet": "subject.location", "label": "street", "span": [0, 2]})
    one, same, other = (plan(sketch(*units), seed) for seed in (1, 1, 2))
    assert one == same
    assert one.script.shots[0].source.kind == other.script.shots[0].source.kind == "city"
    assert one.script.shots[1].source != other.script.shots[1].source


def test_movements_become_camera_paths_in_their_windows() -> None:
    made = plan(sketch(shot(0, 4), {"facet": "camera.movement", "label": "lateral_right", "span": [1, 3]}))
    camera = made.script.shots[0].camera
    assert (camera.move, camera.window) == ("pan_right", (1.0, 3.0))


def test_every_kind_of_overlay_can_be_planned() -> None:
    wants = [
        {"facet": "diss.overlay.kind", "label": kind, "text": "Two words", "span": [0, 2], "id": kind} for kind in KINDS
    ]
    made = plan(sketch(shot(0, 4), *wants))
    assert len(made.script.overlays) == len(KINDS)
    said = {overlay.kind: overlay.text for overlay in made.script.overlays}
    assert (said["arrow"], said["countdown_timer"], said["phone"]) == ("", "5", "Two words")
    assert any("meme_image needs a picture; sticker stands for it" in line for line in made.compromises)


def test_what_cannot_be_drawn_is_said() -> None:
    unit = {"facet": "edit.transition", "label": "morph", "span": [1.8, 2.2], "id": "t1"}
    made = plan(sketch(shot(0, 2), shot(2, 4), unit, {"facet": "aes.color.scheme", "label": "triadic", "id": "c1"}))
    assert any(line.startswith("t1: morph cannot be drawn") for line in made.compromises)
    assert any(line.startswith("c1: the picture decides") for line in made.compromises)


@pytest.mark.parametrize(
    ("units", "named"),
    [
        ((shot(0, 2), shot(2.5, 4, id="s2")), "s2: gap"),
        ((shot(0, 2), shot(1.5, 4, id="s2")), "s2: overlap"),
        ((shot(0, 5, id="s1"),), "s1: time-outside"),
        ((shot(0, 2), shot(2, 4), {"id": "t", "facet": "edit.transition", "label": "cut", "at": 3}), "t: off-join"),
        (({"id": "x", "facet": "edit.nonsense", "label": "a"},), "x: unknown-name"),
        (({"id": "x", "facet": "camera.movement", "label": "sideways"},), "x: unknown-name"),
        (({"id": "x", "facet": "camera.movement", "label": "pan_left", "span": [3, 1]},), "x: the span ends before"),
        (({"id": "x", "facet": "narr.valence", "value": float("nan")},), "x: a finite number"),
        (
            (
                {"id": "a", "facet": "camera.movement", "label": "pan_left", "span": [0, 2]},
                {"id": "b", "facet": "camera.movement", "label": "pan_right", "span": [1, 4]},
            ),
            "b: two-labels",
        ),
        (({"id": "o", "facet": "diss.overlay.kind", "label": "url", "text": "x", "at": 1},), "o: no-time"),
        (({"id": "o", "facet": "diss.overlay.kind", "label": "url", "text": "x", "box": [1, 0, 9, 1]},), "o: box"),
    ],
)
def test_contradictions_are_named_with_the_units_id(units: tuple[dict[str, Any], ...], named: str) -> None:
    assert any(line.startswith(named) for line in problems(*units)), problems(*units)


def test_every_contradiction_is_reported_at_once() -> None:
    found = problems(shot(0, 9, id="s"), {"id": "x", "facet": "no.such", "label": "a"})
    assert {line.partition(":")[0] for line in found} >= {"s", "x"}


@pytest.mark.parametrize("media", [{"rate": "0"}, {"rate": "fast"}, {"width": 1}, {"duration_s": 0}])
def test_impossible_media_are_named(media: dict[str, Any]) -> None:
    assert problems(shot(0, 1), media=media)[0].startswith("media:")


@pytest.mark.parametrize(("rate", "exact"), [("29.97", Fraction(30000, 1001)), ("24000/1001", Fraction(24000, 1001))])
def test_rates_are_exact(rate: str, exact: Fraction) -> None:
    assert read(sketch(shot(0, 1), media={"rate": rate})).rate == exact


def test_a_script_survives_its_file() -> None:
    script = plan(sketch(shot(0, 2), shot(2, 4), seed=5)).script
    assert loads(json.loads(dumps(script))) == script


def test_script_files_name_unknown_and_wrong_fields() -> None:
    with pytest.raises(ScriptError, match=r"shots\.0\.colour: no such field"):
        loads({"script": "1.0", "shots": [{"duration_s": 1, "colour": "red"}]})
    with pytest.raises(ScriptError, match="shots"):
        loads({"script": "1.0", "shots": [{"duration_s": "long"}]})
    with pytest.raises(ScriptError, match="version"):
        loads({"script": "9.9", "shots": []})
    with pytest.raises(ScriptError, match="timeline"):
        plan({"script": "1.0", "shots": [{"duration_s": 0.0001}]})
