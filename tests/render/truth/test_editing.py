"""The gold of edits, pace, structure, frame and sound, against examples worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sestina.core.invariants import problems
from sestina.core.storyboard import Storyboard
from sestina.render.parts.edit import Effect, Flash, Padding, Speed, Transition
from sestina.render.parts.layout import Layout, Pane
from sestina.render.parts.note import Note
from sestina.render.parts.sound import Gap, Hit, Music, Sound, Speech
from sestina.render.parts.stage import Camera, Look, Source
from sestina.render.render import render
from sestina.render.script import Script, Shot
from sestina.render.truth.pacing import chance, pace, rhythm
from sestina.render.truth.structure import cross_cuts, loops, setups

PAN = Camera(move="pan_left", speed=0.2)
TALK = Speech(text="One two three four five six.", start_s=1.0, natural=False, shot=0)


def shot(seed: int, length_s: float, **changes: object) -> Shot:
    plain = Shot(source=Source(kind="shapes", seed=seed), duration_s=length_s, camera=PAN, look=Look(noise=0))
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def board(tmp_path: Path, *shots: Shot, **changes: object) -> Storyboard:
    script = Script(shots=shots, width=128, height=72, rate=Fraction(25), sound=None)
    made = render(replace(script, **changes), tmp_path / "clip.mp4")  # type: ignore[arg-type]  # fields by name
    assert problems(made) == []
    return made


def told(made: Storyboard, facet: str) -> list[tuple[object, float, float]]:
    return [
        (unit.label if unit.label is not None else unit.value, unit.span.start_s, unit.span.end_s)
        for unit in made.units(facet=facet)
        if unit.status != "abstain"
    ]


def value(made: Storyboard, facet: str) -> object:
    ((found, _, _),) = told(made, facet)
    return found


def test_speeds_and_effects_to_the_frame(tmp_path: Path) -> None:
    freeze = Speed(kind="freeze_frame", start_s=0.4, end_s=1.0)
    slow = Speed(kind="slow_motion", start_s=1.2, end_s=1.6, factor=0.5)
    zoom, flash = Effect(kind="digital_zoom", start_s=0.2, end_s=0.8), Flash(at_s=1.8, frames=3)
    made = board(tmp_path, shot(1, 1.0), shot(2, 2.0, speeds=(freeze, slow), effects=(zoom,), flashes=(flash,)))
    assert told(made, "edit.speed") == [("freeze_frame", 1.44, 2.0), ("slow_motion", 2.2, 2.6)]
    assert told(made, "edit.effect") == [("digital_zoom", 1.2, 1.8), ("colour_flash", 2.8, 2.92)]


def test_a_speed_that_nobody_can_see_is_refused(tmp_path: Path) -> None:
    still = shot(1, 2.0, camera=Camera(), speeds=(Speed(kind="freeze_frame", start_s=0.4, end_s=1.0),))
    with pytest.raises(ValueError, match="nothing moves"):
        board(tmp_path, still)
    late = shot(1, 2.0, speeds=(Speed(kind="freeze_frame", start_s=1.4, end_s=3.0),))
    with pytest.raises(ValueError, match="beyond the shot"):
        board(tmp_path, late)


def test_only_transitions_that_take_time_have_a_duration(tmp_path: Path) -> None:
    dip = Transition(kind="dip_to_colour", frames=10, colour=(20, 60, 160))
    made = board(tmp_path, shot(1, 1.0), shot(2, 1.0, begin=dip), shot(3, 1.0))
    assert told(made, "edit.transition.duration") == [(0.4, 0.8, 1.2)]
    assert told(made, "edit.transition.colour") == [("other", 0.8, 1.2)]
    assert value(made, "narr.hook.t_first_cut") == 0.8
    assert value(made, "edit.pacing.first_cut_at") == 1.0


def test_numbers_of_pace(tmp_path: Path) -> None:
    """Shots of 0.8, 0.8, 1.2 and 3.2 s: 1.5 on average, half of them short, three joins in six seconds."""
    made = board(tmp_path, *(shot(k, length) for k, length in enumerate((0.8, 0.8, 1.2, 3.2))))
    expected = {
        "edit.pacing": 5.0, "edit.pacing.shots": 4, "edit.pacing.mean_shot_length": 1.5,
        "edit.pacing.median_shot_length": 1.0, "edit.pacing.share_under_1s": 0.5, "edit.pacing.first_cut_at": 0.8,
        "edit.pacing_class": "fast", "edit.pacing_class.quick_5in5": "false",
        "edit.pacing_class.dynamic_start_lt3s": "true", "narr.hook.shots_first_3s": 4, "edit.unique_setups": 4,
    }  # fmt: skip
    assert {facet: value(made, facet) for facet in expected} == expected
    (open_,) = made.units(facet="edit.rhythm")
    assert (open_.status, open_.reason) == ("abstain", "4 shots")


@pytest.mark.parametrize(
    ("lengths", "label"),
    [
        ([1.0, 1.02, 0.98, 1.0, 1.01, 1.0], "metric"),
        ([4.0, 3.0, 2.2, 1.6, 1.2, 0.9], "accelerating"),
        ([0.9, 1.2, 1.6, 2.2, 3.0, 4.0], "decelerating"),
        ([1.0, 3.0, 1.0, 3.0, 1.0, 3.0, 1.0, 3.0], "alternating"),
        ([1.0, 2.6, 2.8, 0.7, 0.6, 2.4, 2.7, 0.8], "irregular"),
        ([1.0, 1.2, 0.9, 1.1, 1.25, 0.8], ""),
    ],
)
def test_rhythms(lengths: list[float], label: str) -> None:
    assert rhythm(np.array(lengths)) == label


def test_pace_has_an_edge_in_the_slower_class() -> None:
    assert [pace(np.array([x, x])) for x in (0.99, 1.0, 2.0, 5.0)] == ["hyper", "fast", "moderate", "slow"]
    assert pace(np.array([9.0])) == "single_take"


def test_chance_of_hitting_beats() -> None:
    """Beats 0.5 s apart: 0.32 of the time is near one. Two of two: 0.32 squared; three even cuts count as one."""
    assert chance(np.array([1.0, 2.2]), 2, 0.5) == pytest.approx(0.1024)
    assert chance(np.array([1.0, 2.0, 3.0]), 3, 0.5) == pytest.approx(0.32)


def test_cuts_on_beats(tmp_path: Path) -> None:
    shots = [shot(k, length_s) for k, length_s in enumerate((0.48, 0.52, 0.48, 0.52, 0.52, 0.48))]
    made = board(tmp_path, *shots, sound=Sound(music=Music(tempo_bpm=120)))
    assert value(made, "edit.beat_sync") == 1.0
    assert abs(float(str(value(made, "edit.beat_sync.mean_offset")))) <= 0.02


def test_setups_turns_and_loops() -> None:
    a, b = shot(1, 1.0), shot(2, 1.0)
    assert setups((a, b, a, shot(3, 1.0))) == [0, 1, 0, 2]
    assert cross_cuts([0, 1, 0, 1, 2]) == [1, 2, 3]
    assert cross_cuts([0, 1, 0]) == []
    first = replace(a, offset_s=1.0)
    assert loops(Script(shots=(first, b, replace(a, offset_s=0.0))))
    assert not loops(Script(shots=(first, b, a, b)))


def test_the_form_is_told_where_the_edit_fixes_it(tmp_path: Path) -> None:
    assert value(board(tmp_path, shot(1, 1.0)), "edit.macro") == "sequence_shot_one_take"
    quick = [shot(k, 0.6) for k in range(5)]
    montage = board(tmp_path, *quick, sound=Sound(music=Music()))
    assert value(montage, "edit.macro") == "montage"
    noted = board(tmp_path, *quick, notes=(Note(facet="edit.macro", label="compilation"),))
    assert value(noted, "edit.macro") == "compilation"


def test_frames_and_layouts(tmp_path: Path) -> None:
    inset = Layout(kind="picture_in_picture", panes=(Pane(),), inset=(0.5, 0.5, 0.25, 0.25))
    padding = Padding(kind="letterbox", aspect=Fraction(239, 100))
    made = board(tmp_path, shot(1, 1.0, layout=inset), shot(2, 1.0), padding=padding)
    assert [label for label, _, _ in told(made, "aes.layout")] == ["picture_in_picture", "full_frame"]
    region = made.units(facet="aes.layout")[0].region
    assert region is not None
    assert (region.box.x, region.box.w) == pytest.approx((0.5, 0.25))
    assert region.box.y == pytest.approx((9 + 0.5 * 54) / 72, abs=0.01)
    assert value(made, "diss.padding") == "letterbox"
    assert value(made, "diss.aspect") == "16:9"
    assert value(made, "diss.aspect.active") == "2.39"


def test_the_files_own_facts(tmp_path: Path) -> None:
    made = board(tmp_path, shot(1, 1.0), shot(2, 1.0), drops=(3, 4, 5))
    assert value(made, "diss.fps") == pytest.approx(47 / 2)
    assert value(made, "aes.tech.vfr_ratio") == pytest.approx(1 / 47, abs=1e-6), "one gap, before the dropped frames"
    assert value(made, "diss.duration_class") == "<6"
    assert value(made, "diss.file_size") == pytest.approx(made.media.size_bytes / 1e6)


def test_the_sound_is_parted(tmp_path: Path) -> None:
    """Music to 5 s with a voice over it, a second of silence, then music again."""
    sound = Sound(
        music=Music(end_s=5.0), beds=(Music(start_s=6.0, first_beat_s=6.0),), gaps=(Gap(start_s=5.0, end_s=6.0),),
        speech=(TALK,), hits=(Hit(at_s=4.0, kind="whoosh"),), duck_db=12,
    )  # fmt: skip
    made = board(tmp_path, shot(1, 4.0), shot(2, 4.0), sound=sound)
    words = made.transcript.words
    parts = told(made, "aes.audio.dominant")
    assert [label for label, _, _ in parts] == ["music", "mixed", "music", "silence", "music"]
    assert (parts[1][1], parts[1][2]) == pytest.approx((words[0].start_s, words[-1].end_s), abs=0.02)
    assert told(made, "aes.tech.silence") == [("true", 5.0, 6.0)]
    edits = {label: (start, end) for label, start, end in told(made, "edit.audio")}
    assert edits.keys() == {"music_in", "music_out", "silence_gap", "duck_under_voice"}
    assert edits["silence_gap"] == (5.0, 6.0)
    assert ("whoosh", 4.0, 4.5) in told(made, "aes.audio.accent")
    assert value(made, "narr.hook.t_first_word") == words[0].start_s
    assert value(made, "diss.silent_start") == 0.0


def test_silent_clips_say_so(tmp_path: Path) -> None:
    assert value(board(tmp_path, shot(1, 1.0)), "diss.sound") == "silent"
    assert value(board(tmp_path, shot(1, 1.0), sound=Sound()), "diss.sound") == "silent"
