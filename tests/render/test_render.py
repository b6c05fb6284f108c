"""Whole clips: the file and its gold storyboard agree, the same seed gives the same pictures, bad scripts are named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from sestina.core.invariants import problems
from sestina.core.storyboard import Storyboard
from sestina.media.probe import probe
from sestina.render.parts.edit import Flash, Transition
from sestina.render.parts.overlay import Overlay
from sestina.render.parts.sound import Music, Sound, Speech
from sestina.render.parts.stage import Camera, Look, Source, Subject
from sestina.render.render import Film, pictures, render
from sestina.render.script import Script, Shot, jumped, punched
from sestina.render.timeline import Timeline


def script(**changes: object) -> Script:
    """A little of everything, 2.4 s at 160x90."""
    first = Shot(
        source=Source(kind="room", seed=1, near="posts"), duration_s=0.8, look=Look(noise=2.0, shutter=0.5),
        camera=Camera(move="truck_left", speed=0.2, shake=0.002), subjects=(Subject(kind="car", size=0.4),),
    )  # fmt: skip
    second = Shot(
        source=Source(kind="noise", seed=2), duration_s=0.8, camera=Camera(move="roll_cw", speed=12),
        begin=Transition(kind="linear_wipe", frames=8, soft=0.1), flashes=(Flash(at_s=0.6, frames=2),),
    )  # fmt: skip
    third = Shot(
        source=Source(kind="bars", seed=3), duration_s=0.8, camera=Camera(move="zoom_in", speed=0.2, window=(0.2, 0.6)),
        look=Look(gain=0.8, saturation=0.6),
    )  # fmt: skip
    whole = Script(
        shots=(first, second, third), width=160, height=90, rate=Fraction(25), seed=5,
        overlays=(Overlay(kind="headline_super", text="Hello", start_s=0.4, end_s=1.6, size=0.1),),
        close=Transition(kind="fade_out", frames=6),
        sound=Sound(music=Music(tempo_bpm=100), speech=(Speech(text="One two.", start_s=0.2, natural=False),)),
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields by name


def time_of(frame: av.VideoFrame) -> float:
    assert frame.pts is not None
    assert frame.time_base is not None
    return float(frame.pts * frame.time_base)


def digest(made: Script) -> str:
    total = hashlib.sha256()
    for picture in pictures(made):
        total.update(picture.tobytes())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_pictures() -> None:
    assert digest(script()) == digest(script())
    assert digest(script(seed=6)) != digest(script())


def test_frames_do_not_depend_on_their_order() -> None:
    film = Film(script())
    forward = [film.picture(k) for k in range(60)]
    assert all((Film(script()).picture(k) == forward[k]).all() for k in (45, 3, 22))


def test_gold_keeps_every_invariant(tmp_path: Path) -> None:
    board = render(script(), tmp_path / "clip.mp4", tmp_path / "clip.json")
    assert problems(board) == []
    assert {(unit.status, unit.confidence) for unit in board} == {("provided", 1.0), ("abstain", 0.0)}
    assert all(unit.reason for unit in board if unit.status == "abstain")
    assert Storyboard.from_json(tmp_path / "clip.json") == board


def test_gold_says_what_was_rendered(tmp_path: Path) -> None:
    board = render(script(), tmp_path / "clip.mp4")
    assert [(u.span.start_s, u.span.end_s) for u in board.shots] == [(0.0, 0.8), (0.8, 1.6), (1.6, 2.4)]
    assert [(u.label, u.span.start_s, u.span.end_s) for u in board.boundaries] == [
        ("start", 0.0, 0.0), ("linear_wipe", 0.64, 0.96), ("hard_cut", 1.6, 1.6), ("fade_out", 2.16, 2.4),
        ("end", 2.4, 2.4),
    ]  # fmt: skip
    moves = board.units(facet="camera.movement")
    assert [u.label for u in moves] == ["truck_left", "roll_cw", "zoom_in"]
    assert (moves[2].span.start_s, moves[2].span.end_s) == (1.8, 2.2)
    assert {"speed": 0.2, "unit": "log_scale/s", "shake": 0.0}.items() <= moves[2].attributes.items()
    assert board.units(facet="edit.transition.colour")[0].label == "black"
    assert [word.text for word in board.transcript.words] == ["One", "two"]
    assert [text.text for text in board.transcript.screen] == ["Hello"]
    assert board.units(facet="aes.audio.tempo")[0].value == 100


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(60)])
def test_media_facts_match_the_file(tmp_path: Path, rate: Fraction) -> None:
    board = render(script(rate=rate), tmp_path / "clip.mp4")
    measured = probe(tmp_path / "clip.mp4")
    table = board.media.frame_table()
    assert table is not None
    with av.open(str(tmp_path / "clip.mp4")) as container:
        times = sorted(round(time_of(frame), 6) for frame in container.decode(video=0))
    assert list(table.times_s) == times
    assert measured.video is not None
    assert board.media.video is not None
    assert measured.video.frame_rate == board.media.video.frame_rate == rate
    assert measured.sha256 == board.media.sha256
    assert measured.video.time_base == board.media.video.time_base


def test_dropped_frames_keep_the_others_times(tmp_path: Path) -> None:
    """VFR: frame 20, where the second shot would begin, is left out, so it begins with frame 21."""
    board = render(script(drops=(7, 8, 20)), tmp_path / "vfr.mp4")
    with av.open(str(tmp_path / "vfr.mp4")) as container:
        times = [round(time_of(frame), 6) for frame in container.decode(video=0)]
    assert len(times) == 57
    assert times == [round(k / 25, 6) for k in range(60) if k not in (7, 8, 20)]
    assert board.media.video is not None
    assert board.media.video.vfr
    assert board.shots[1].span.start_s == 0.84
    assert problems(board) == []


def test_silent_clips_have_no_sound(tmp_path: Path) -> None:
    board = render(script(sound=None), tmp_path / "silent.mp4")
    assert board.media.audio is None
    assert probe(tmp_path / "silent.mp4").audio is None
    assert board.transcript.words == ()


def test_sound_is_as_long_as_the_picture(tmp_path: Path) -> None:
    render(script(), tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        count = sum(frame.samples for frame in container.decode(audio=0))
    assert count / 48_000 == pytest.approx(2.4, abs=0.05)


def test_portrait_and_odd_sizes() -> None:
    assert next(pictures(script(width=90, height=160))).shape == (160, 90, 3)
    with pytest.raises(ValueError, match="even"):
        script(width=91)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shots": ()}, "at least one shot"),
        ({"shots": (Shot(begin=Transition(kind="push", frames=4)),)}, "cannot begin"),
        ({"close": Transition(kind="push", frames=4)}, "fade_out"),
    ],
)
def test_contradictions_are_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        script(**changes)


def test_shots_without_a_frame_are_refused() -> None:
    with pytest.raises(ValueError, match="no frame"):
        Timeline(script(shots=(Shot(duration_s=1.0), Shot(duration_s=0.01))))
    with pytest.raises(ValueError, match="cannot be dropped"):
        _ = Timeline(script(drops=(0,))).kept


def test_transitions_must_fit() -> None:
    late = Shot(duration_s=0.2, begin=Transition(kind="spin", frames=40))
    with pytest.raises(ValueError, match="beyond the clip"):
        Timeline(script(shots=(Shot(duration_s=1.0), late), close=None))


def test_frames_outside_are_refused() -> None:
    with pytest.raises(ValueError, match="frame 60 of 60"):
        Film(script()).picture(60)


def test_a_punched_shot_goes_on_enlarged() -> None:
    """Its first picture is the middle of what the old shot would have shown next."""
    import cv2

    old = Shot(
        source=Source(kind="shapes", seed=8),
        duration_s=0.4,
        camera=Camera(move="pan_left", speed=0.1),
        look=Look(noise=0),
    )
    film = Film(Script(shots=(old, punched(old, 1.5, 0.4)), width=160, height=90, sound=None))
    wide = Film(Script(shots=(replace(old, duration_s=0.8),), width=160, height=90, sound=None))
    last = film.picture(11)
    enlarged = cv2.resize(last[15:75, 27:133], (160, 90))
    assert np.corrcoef(enlarged.ravel(), film.picture(12).ravel())[0, 1] > 0.97
    assert wide.timeline.frame_count == film.timeline.frame_count


def test_a_jump_cut_moves_the_subject_only() -> None:
    old = Shot(
        source=Source(kind="hills", seed=8),
        duration_s=0.4,
        subjects=(Subject(size=0.3, at=(-0.2, 0.0)),),
        look=Look(noise=0),
    )
    film = Film(Script(shots=(old, jumped(old, 0.4, (0.4, 0.0))), width=160, height=90, sound=None))
    change = np.abs(film.picture(11).astype(int) - film.picture(12)).sum(axis=2) > 0
    assert 0.02 < change.mean() < 0.2
    assert change[:, 30:66].any()
    assert change[:, 94:130].any()
    assert not change[:10].any()


def test_the_same_script_gives_the_same_file(tmp_path: Path) -> None:
    """Byte for byte, and so the same gold; at a width whose macroblocks are no multiple of eight, with B-frames."""
    portrait = script(width=176, height=320)
    boards: list[Storyboard] = []
    for name in ("one", "two", "three"):
        np.random.default_rng(len(boards)).bytes(1_000_000 * (1 + len(boards)))  # other rubbish in freed memory
        boards.append(render(portrait, tmp_path / f"{name}.mp4"))
    assert len({board.media.sha256 for board in boards}) == 1
