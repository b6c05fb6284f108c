"""Shot scale and framing from face boxes whose place is known."""

from __future__ import annotations

import numpy as np
import pytest

from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions.camera._faces import HEAD_PER_FACE
from sestina.dimensions.camera.framing import Framing
from sestina.dimensions.camera.scale import Scale
from tests.dimensions.camera.paths import found, reading, with_faces

Face = tuple[float, float, float, float]


def face_with_cut(cut: float, head: float) -> Face:
    """The box of a face whose chin lies `cut` heads above the lower edge, its head `head` picture heights tall."""
    height = head / HEAD_PER_FACE
    return (0.4, 1 - cut * head - height, height * 9 / 16, height)


def scaled(*faces: Face) -> Unit:
    known = with_faces(4.0, faces)
    return found(known, list(Scale()(known)))[0]


@pytest.mark.parametrize(
    ("cut", "head", "label"),
    [
        (6.0, 0.12, "LS"),
        (4.0, 0.15, "MLS"),
        (2.4, 0.25, "MS"),
        (1.0, 0.4, "MCU"),
        (0.3, 0.6, "CU"),
    ],
)
def test_the_cut_below_the_chin_gives_the_scale(cut: float, head: float, label: str) -> None:
    unit = scaled(face_with_cut(cut, head))
    assert unit.label == label
    assert unit.status == "observed"
    assert {proof.type for proof in unit.evidence} == {"metric", "region"}


def test_a_head_larger_than_the_frame_is_an_extreme_close_up() -> None:
    assert scaled((0.1, 0.05, 0.8, 0.9)).label == "ECU"


def test_the_largest_face_decides() -> None:
    assert scaled(face_with_cut(6.0, 0.12), face_with_cut(0.3, 0.6)).label == "CU"


def test_without_faces_scale_and_framing_abstain_and_say_why() -> None:
    known = reading().with_(missing={"faces": "needs the extra faces"})
    for parser in (Scale(), Framing()):
        unit = found(known, list(parser(known)))[0]
        assert unit.status == "abstain"
        assert "needs the extra faces" in (unit.reason or "")
    looked = Track(name="faces.height", unit="", times_s=np.zeros(1), values=np.zeros(1), kind="sampled")
    known = with_faces(4.0, [], tracks={"faces.height": looked})
    assert found(known, list(Scale()(known)))[0].reason == "no face was found"


@pytest.mark.parametrize(("count", "label"), [(1, "clean_single"), (2, "two_shot"), (3, "three_shot"), (5, "group")])
def test_faces_seen_at_once_give_the_framing(count: int, label: str) -> None:
    known = with_faces(4.0, [(0.05 + 0.18 * i, 0.3, 0.1, 0.2) for i in range(count)])
    units = found(known, list(Framing()(known)))
    assert [unit.label for unit in units] == [label]


def test_a_steady_large_face_under_speech_is_a_talking_head() -> None:
    times = np.arange(0, 4, 0.1)
    voice = Track(name="voice.active", unit="", times_s=times, values=np.ones(40), kind="sampled")
    known = with_faces(4.0, [(0.4, 0.3, 0.15, 0.3)], tracks={"voice.active": voice})
    assert [unit.label for unit in found(known, list(Framing()(known)))] == ["clean_single", "talking_head"]
    silent = with_faces(4.0, [(0.4, 0.3, 0.15, 0.3)])
    assert [unit.label for unit in found(silent, list(Framing()(silent)))] == ["clean_single"]


def test_one_look_is_not_enough_for_framing() -> None:
    known = with_faces(0.4, [(0.4, 0.3, 0.15, 0.3)])
    unit = found(known, list(Framing()(known)))[0]
    assert unit.status == "abstain"
    assert "only once" in (unit.reason or "")
