"""Faces: choosing pictures, believing what two of them agree on, and following a face through its shot."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from sestina.core.errors import MissingExtra
from sestina.core.frames import Picture
from sestina.core.time import Span
from sestina.pipeline.parse import reading_of
from sestina.signals._face_finders import YUNET, Face, Haar, best_finder, overlap, shrunk, view_of, without_doubles
from sestina.signals.faces import MOST, Faces, apart, clipped, followed, times_of
from tests.dimensions.filmed import U8, flat, measured, parsed, shots, still, texture


@pytest.fixture(scope="module")
def portrait() -> U8:
    """A photograph with one frontal face (Eileen Collins, NASA, public domain), from scikit-image's own files."""
    folder = Path(pytest.importorskip("skimage").__file__).parent / "data"
    path = folder / "astronaut.png"
    if not path.is_file():
        pytest.skip("scikit-image ships no astronaut.png")
    picture = np.asarray(cv2.imread(str(path)), np.uint8)
    return np.ascontiguousarray(picture[..., ::-1][:300])


TRUE_FACE = (0.33, 0.22, 0.22, 0.38)
"""The face in the portrait, by eye: x, y, w, h."""


def test_the_floor_finds_a_face_and_no_other(portrait: U8) -> None:
    found = [face for face in Haar().find(portrait) if face.score > 0.5]
    assert len(found) == 1
    assert found[0].view == "front"
    assert overlap(found[0].box, TRUE_FACE) > 0.4


def test_nothing_is_found_where_nothing_is() -> None:
    assert [face for face in Haar().find(texture(240, 320)) if face.score > 0.5] == []
    assert Haar().find(flat((128, 128, 128), 8, 8)) == []


def test_a_portrait_is_one_person_from_the_front(portrait: U8) -> None:
    units = parsed(still(portrait, 50), ["subject.people"], ["faces"])
    labels = {unit.facet: unit.label or unit.text for unit in units}
    assert labels["subject.count"] == "1"
    assert labels["subject.count.max"] == "1"
    assert labels["subject.view"] == "front"
    assert labels["subject.entity"] == "p1"
    assert {unit.label for unit in units if unit.facet == "subject.kind"} == {"person", "face"}


def test_no_face_is_no_claim_of_nobody() -> None:
    units = parsed(still(texture(), 50), ["subject.people"], ["faces"])
    assert {unit.facet for unit in units} == {"subject.count", "subject.count.max"}
    assert all(unit.status == "abstain" and "does not mean" in (unit.reason or "") for unit in units)


class Scripted:
    """Finds what it was told to find, picture by picture."""

    name = "scripted"

    def __init__(self, *pictures: list[Face]) -> None:
        self.pictures = list(pictures)

    def find(self, rgb: U8) -> list[Face]:
        return self.pictures.pop(0)


def test_one_sighting_is_not_believed_and_two_are() -> None:
    there, glimpse = Face((0.4, 0.3, 0.2, 0.3), 0.9, "front"), Face((0.1, 0.6, 0.1, 0.1), 0.9, "front")
    frames = still(flat((90, 90, 90)), 50)
    found = measured(frames, [])
    reading = reading_of(found, shots(reading_of(found)))
    signal = Faces(finder=Scripted([there], [there, glimpse]))
    for at in signal.choose(reading):
        index = reading.frames.index_at(at)
        signal.feed(Picture(rgb=frames[index], pts=index, time_base=reading.frames.time_base))
    made = signal.finish()
    assert [track.label for track in made.boxes] == ["front"]
    counts = next(track for track in made.tracks if track.name == "faces.count")
    assert counts.values.tolist() == [1, 1]
    assert made.engine == "scripted"


def test_faces_are_followed_by_place_and_size_even_across_a_gap() -> None:
    left, right = Face((0.1, 0.3, 0.2, 0.2), 0.9), Face((0.6, 0.3, 0.2, 0.2), 0.9)
    moved = Face((0.15, 0.3, 0.2, 0.2), 0.9)
    chains = followed([(0.0, [left, right]), (1.0, [right]), (2.0, [right, moved])])
    assert [len(chain) for chain in chains] == [2, 3]
    assert chains[0][1][1] is moved


def test_distance_of_faces() -> None:
    one = Face((0.1, 0.1, 0.2, 0.2), 1.0)
    assert apart(one, one) == 0
    assert apart(one, Face((0.3, 0.1, 0.2, 0.2), 1.0)) == pytest.approx(1)
    assert apart(one, Face((0.1, 0.1, 0.5, 0.5), 1.0)) == float("inf")


@pytest.mark.parametrize("count", [1, 10, 59, 60, 61, 200, 500])
def test_every_shot_is_looked_at_within_the_limit(count: int) -> None:
    spans = [Span.of(i * 2.0, i * 2.0 + 2.0) for i in range(count)]
    times = times_of(spans)
    assert len(times) <= MOST
    assert times == sorted(times)
    inside = [sum(span.contains(time) for time in times) for span in spans]
    assert set(inside) <= {0, 2, 3}
    if count <= MOST // 2:
        assert min(inside) >= 2


def test_a_long_take_is_looked_at_once_a_second_up_to_the_limit() -> None:
    assert len(times_of([Span.of(0, 30)])) == 30
    assert len(times_of([Span.of(0, 3600)])) == MOST


def test_views_by_landmarks() -> None:
    eyes = [(0.4, 0.4), (0.6, 0.4)]
    assert view_of(np.array([*eyes, (0.5, 0.5)])) == "front"
    assert view_of(np.array([*eyes, (0.57, 0.5)])) == "three_quarter"
    assert view_of(np.array([*eyes, (0.7, 0.5)])) == "profile"


def test_boxes_stay_inside_and_doubles_go() -> None:
    assert clipped((-0.1, 0.9, 0.3, 0.3)) == pytest.approx((0, 0.9, 0.2, 0.1))
    sure, doubt = Face((0.1, 0.1, 0.2, 0.2), 0.9), Face((0.12, 0.1, 0.2, 0.2), 0.4)
    assert without_doubles([doubt, sure]) == [sure]


def test_pictures_are_never_enlarged() -> None:
    assert shrunk(flat((1, 2, 3), 90, 160)).shape == (90, 160, 3)
    assert max(shrunk(flat((1, 2, 3), 1000, 400)).shape) == 512


def test_a_model_file_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(YUNET, "no/such/file.onnx")
    with pytest.raises(MissingExtra, match="not a file"):
        best_finder()


def test_the_floor_is_always_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(YUNET, raising=False)
    assert best_finder().name in ("haar", "mediapipe")


def headroom(top: int, portrait: U8) -> str | None:
    """Return the headroom of the portrait with `top` rows of wall above it (cut away when negative)."""
    wall = np.full((max(top, 0), portrait.shape[1], 3), 110, np.uint8)
    frame = np.concatenate([wall, portrait], axis=0)[max(-top, 0) :]
    units = parsed(still(np.ascontiguousarray(frame), 50), ["aesthetics.headroom"], ["faces"])
    return {unit.facet: unit.label for unit in units}.get("aes.comp.headroom")


def test_headroom_grows_with_the_wall_above(portrait: U8) -> None:
    assert headroom(260, portrait) == "excess"
    assert headroom(20, portrait) in ("normal", "tight")
    assert headroom(-55, portrait) == "cut_off"


def test_a_frontal_face_likely_looks_to_the_camera(portrait: U8) -> None:
    units = parsed(still(portrait, 50), ["subject.people"], ["faces"])
    unit = next(unit for unit in units if unit.facet == "subject.address")
    assert unit.label == "to_camera"
    assert unit.status == "inferred"
