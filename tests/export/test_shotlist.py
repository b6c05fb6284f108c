"""Shot lists: exact frames at every rate, and sketches whose animatic has the video's own cuts."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sestina.core.errors import SestinaError, UnknownComponent
from sestina.core.evidence import Box, Region
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._conform import Conformed
from sestina.export.shotlist import shotlist_json, shotlist_sketch
from sestina.render.plan import Plan, plan
from sestina.render.render import render
from sestina.render.timeline import Timeline
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, media, unit


def listed(storyboard: Storyboard, **options: Any) -> dict[str, Any]:
    stream = io.BytesIO()
    shotlist_json(storyboard, stream, **options)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def sketched(storyboard: Storyboard, **options: Any) -> dict[str, Any]:
    stream = io.BytesIO()
    shotlist_sketch(storyboard, stream, **options)
    found: dict[str, Any] = json.loads(stream.getvalue())
    return found


def more(storyboard: Storyboard, *units: Unit) -> Storyboard:
    return storyboard.model_copy(update={"items": (*storyboard.items, *units)}).canonical()


def price(box: Box) -> Unit:
    """Return a price tag over the second shot."""
    span = board().shots[1].span
    return unit("k", "diss.overlay.kind", span, label="price_tag", text="$9", region=Region(box=box))


class TestShotList:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("vfr", [False, True])
    def test_frames_are_the_videos_own(self, rate: Fraction, vfr: bool) -> None:
        found = listed(board(rate, vfr=vfr))
        assert [(shot["frame"], shot["frame"] + shot["frames"]) for shot in found["shots"]] == [
            (0, CUTS[1]), (CUTS[1], CUTS[2]), (CUTS[2], CUTS[3]),
        ]  # fmt: skip
        assert found["video"]["frame_rate"] == f"{rate.numerator}/{rate.denominator}"
        assert (found["video"]["frames"], found["video"]["variable_rate"]) == (CUTS[-1], vfr)

    def test_what_a_shot_tells(self) -> None:
        found = listed(board())
        assert found["labels"] == {"dissemination": {"diss.aspect": ["16:9"]}}
        first, second, third = found["shots"]
        assert first["labels"]["camera"] == {"camera.movement": ["pan_left"]}
        assert first["labels"]["subject"] == {"subject.count": [1.0]}
        assert second["labels"]["camera"] == {"camera.movement": ["static"], "camera.scale": ["MCU"]}
        assert [shot["begins_with"] for shot in (first, second, third)] == [None, "hard_cut", "cross_dissolve"]
        assert (first["said"], second["said"], third["said"]) == ("Here is how it works,", "in a minute.", "")

    def test_texts_come_with_their_kind_and_place(self) -> None:
        (text,) = listed(more(board(), price(Box(x=0, y=0, w=1, h=1))))["shots"][1]["texts"]
        assert (text["text"], text["kind"], text["box"]) == ("$9", "price_tag", [0, 0, 1, 1])

    def test_texts_that_no_unit_tells_of_are_the_transcripts(self) -> None:
        (text,) = listed(board())["shots"][1]["texts"]
        assert (text["text"], text["kind"]) == ("Only $9.99 today", None)

    def test_abstaining_units_tell_nothing(self) -> None:
        span = board().shots[0].span
        silent = unit("x", "camera.lens", span, status="abstain", confidence=0, reason="?", level="shot")
        assert listed(more(board(), silent)) == listed(board())

    def test_facets_are_chosen(self) -> None:
        found = listed(board(), facets="camera., edit.transition")
        assert found["labels"] == {}
        assert [set(shot["labels"]) for shot in found["shots"]] == [{"camera"}, {"camera"}, set()]
        with pytest.raises(UnknownComponent, match=r"camera\.scales"):
            listed(board(), facets="camera.scales")

    def test_hostile_texts_and_names_survive(self) -> None:
        found = listed(board(text=HOSTILE, name=NAME))
        assert found["video"]["name"] == NAME
        assert found["shots"][1]["texts"][0]["text"] == HOSTILE

    def test_no_shots_no_rows(self) -> None:
        assert listed(Storyboard(media=media(Fraction(30))))["shots"] == []

    def test_sound_alone_is_refused(self) -> None:
        heard = Storyboard(media=media(Fraction(30)).model_copy(update={"video": None}))
        for write in (listed, sketched):
            with pytest.raises(SestinaError, match="no pictures"):
                write(heard)


def planned(storyboard: Storyboard) -> Plan:
    return plan(sketched(storyboard))


class TestSketch:
    @pytest.mark.parametrize("rate", RATES)
    @pytest.mark.parametrize("vfr", [False, True])
    def test_its_animatic_has_the_same_cuts(self, rate: Fraction, vfr: bool) -> None:
        """At a variable rate those of the sequence conformed to the nearest standard one, as editors get it."""
        storyboard = board(rate, vfr=vfr)
        frames, timeline = Conformed(storyboard), Timeline(planned(storyboard).script)
        assert timeline.joins == (*(clip.first for clip in frames.clips), frames.frame_count)
        assert [(mix.first, mix.after) for mix in timeline.mixes] == [(j.first, j.after) for j in frames.joins]
        assert timeline.script.rate == frames.rate
        if not vfr:
            assert timeline.joins == CUTS
            assert (timeline.mixes[0].first, timeline.mixes[0].after) == DISSOLVE

    def test_movement_text_and_words_are_drawn(self) -> None:
        script = planned(more(board(), price(Box(x=0.1, y=0.1, w=0.5, h=0.1)))).script
        assert [shot.camera.move for shot in script.shots] == ["pan_left", "static", "static"]
        assert [(overlay.kind, overlay.text) for overlay in script.overlays] == [("price_tag", "$9")]
        assert script.sound is not None
        assert [speech.text for speech in script.sound.speech] == ["Here is how it works, in a minute."]

    def test_words_may_stay_out_and_the_seed_is_kept(self) -> None:
        found = sketched(board(), words=False, seed=7)
        assert "transcript" not in found
        assert found["seed"] == 7

    def test_of_several_movements_the_longest_is_drawn(self) -> None:
        shot = board().shots[0].span
        brief = unit("b", "camera.movement", Span.of(shot.start_s, shot.start_s + 0.2), label="zoom_in")
        assert planned(more(board(), brief)).script.shots[0].camera.move == "pan_left"

    def test_a_video_that_begins_late_is_drawn_from_zero(self) -> None:
        """Times of a sketch count from the first frame, whatever the video's first time stamp is."""
        info = media(Fraction(30))
        assert info.video is not None
        late = info.model_copy(update={
            "span": Span.of(2, 7), "video": info.video.model_copy(update={"first_pts": 1200, "end_pts": 4200}),
        })  # fmt: skip
        shots = [unit(f"s{n}", "edit.shot", span, label="shot", level="shot") for n, span in
                 enumerate((Span.of(2, 3.6), Span.of(3.6, 7)))]  # fmt: skip
        assert Timeline(planned(Storyboard(media=late, items=tuple(shots))).script).joins == (0, 48, 150)

    @pytest.mark.slow
    def test_rendered_its_gold_has_the_same_cuts(self, tmp_path: Path) -> None:
        storyboard = board(Fraction(30000, 1001), size=(320, 180))
        gold = render(planned(storyboard).script, tmp_path / "c.mp4", tmp_path / "c.gold.json")
        assert [shot.span for shot in gold.shots] == [shot.span for shot in storyboard.shots]
        edits = [(one.label, one.span) for one in gold.boundaries if one.label not in ("start", "end")]
        assert edits == [(one.label, one.span) for one in storyboard.boundaries]
        assert [shot["frame"] for shot in listed(gold)["shots"]] == list(CUTS[:-1])
