"""Camera, hook, beats and tension, scored by hand."""

from __future__ import annotations

import pytest

from sestina.tasks.feedbench.beats import Beats
from sestina.tasks.feedbench.camera import Camera
from sestina.tasks.feedbench.hook import Hook
from sestina.tasks.feedbench.tension import Tension, spearman
from tests.tasks.golds import board, full, scored, unit


def test_camera_labels_are_compared_where_gold_has_them() -> None:
    """Gold moves pan_left, zoom_in, locked, tilt_up; a parent and a sister are half right, silence is nothing."""
    said = board(
        unit("camera.movement", 0, 2, "lateral_left"), unit("camera.movement", 2, 4, "dolly_in"),
        unit("camera.movement", 4, 7, "locked"),
        *(unit("camera.scale", a, b, "MS") for a, b in ((0, 2), (2, 4), (4, 7), (7, 10))),
    )  # fmt: skip
    score = scored(Camera, said, full())
    parts = score.parts
    assert parts["camera.movement.similarity"] == pytest.approx((0.5 + 0.5 + 1 + 0) / 4)
    assert parts["camera.movement.coverage"] == pytest.approx(3 / 4)
    # MS for MS, CU, LS, MS: CU is two of six ranks away, and so is LS.
    assert parts["camera.scale.similarity"] == pytest.approx((1 + 2 / 3 + 2 / 3 + 1) / 4)
    assert parts["camera.scale.accuracy"] == pytest.approx(1 / 2)
    # Three labels of gold weigh the same: MS is right twice and counts once.
    assert parts["camera.scale.balanced"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert score.value == pytest.approx((1 / 2 + 7 / 9) / 2)


def test_several_labels_at_once_dilute_one_another() -> None:
    gold = board(unit("camera.movement", 0, 10, "pan_left"))
    both = board(unit("camera.movement", 0, 10, "pan_left"), unit("camera.movement", 0, 10, "roll_cw"))
    assert scored(Camera, both, gold).value == pytest.approx(2 / 3)


def test_the_hook_has_an_end_a_tactic_and_a_device() -> None:
    said = board(
        unit("narr.hook.hook_end", 0, 10, value=2.5, unit="s"), unit("narr.hook.tactic", 0, 2, "question"),
        unit("narr.hook.tactic", 0, 2, "warning"),
    )  # fmt: skip
    score = scored(Hook, said, full())
    assert score.parts["span_iou"] == pytest.approx(2 / 2.5)
    assert score.parts["end_error_s"] == pytest.approx(0.5)
    assert score.parts["tactic_f1"] == pytest.approx(2 / 3)
    assert score.parts["device_f1"] == 0
    assert score.value == pytest.approx((0.8 + 2 / 3 + 0) / 3)


def test_beats_need_their_label_and_enough_of_their_time() -> None:
    """Gold: hook 0-2, development 2-7, cta 7-10. Said: hook 0-2 (IoU 1), development 2-10 (5/8), no cta."""
    said = board(unit("narr.beat", 0, 2, "hook"), unit("narr.beat", 2, 10, "development"))
    score = scored(Beats, said, full())
    assert score.parts["f1@0.5"] == pytest.approx(2 * 2 / (3 + 2))
    assert score.parts["f1@0.7"] == pytest.approx(2 * 1 / (3 + 2))
    assert score.value == pytest.approx((0.8 + 0.8 + 0.4) / 3)
    assert score.parts["boundary_error_s"] == pytest.approx((0 + 5) / 2)


def test_beats_without_the_right_name_are_segmentation_only() -> None:
    said = board(unit("narr.beat", 0, 2, "filler"), unit("narr.beat", 2, 7, "proof"), unit("narr.beat", 7, 10, "cta"))
    parts = scored(Beats, said, full()).parts
    assert parts["span_f1@0.5"] == 1
    assert parts["f1@0.5"] == pytest.approx(1 / 3)


def test_ranks_correlate_as_spearman_says() -> None:
    assert spearman([1, 2, 3], [10, 20, 30]) == 1
    assert spearman([1, 2, 3], [3, 2, 1]) == -1
    # Ranks 1 2 3 4 against 2 1 4 3: 1 - 6 * 4 / (4 * 15).
    assert spearman([1, 2, 3, 4], [5, 1, 9, 7]) == pytest.approx(0.6)
    assert spearman([1, 2, 3], [4, 4, 4]) == 0
    assert spearman([1, 2, 3], [float("nan")] * 3) == 0


def test_tension_is_ranked_over_shots() -> None:
    """Gold's shots are high, low, medium, peak (3, 1, 2, 4); the answer has no labels but a curve that agrees."""
    curve = {"curve": [0.5, 0.5, 0.2, 0.2, 0.3, 0.3, 0.3, 0.8, 0.8, 0.8], "rate_hz": 1}
    said = board(unit("narr.tension", 0, 10, value=0.4, unit="share", attributes=curve))
    parts = scored(Tension, said, full()).parts
    assert parts["shot_rank"] == pytest.approx(1)
    assert parts["shot_similarity"] == 0
    assert parts["peak_f1"] == 0


def test_the_course_is_ranked_as_felt_or_as_measured() -> None:
    """Gold feels 0.1, 0.9, 0.5 at 1, 5 and 9 s; shots that rise and fall with it rank alike, a fall all the way not."""
    felt = ((1, 0.1), (5, 0.9), (9, 0.5))
    gold = board(*(unit("narr.tension.semantic", t, t, value=v, unit="share") for t, v in felt))

    def rank(*labels: str) -> float:
        shots = zip(((0, 3), (3, 7), (7, 10)), labels, strict=True)
        return scored(Tension, board(*(unit("narr.shot_tension", a, b, x) for (a, b), x in shots)), gold).value or 0.0

    assert rank("low", "peak", "medium") == pytest.approx(1)
    assert rank("peak", "medium", "low") == 0  # 1 2 3 to 3 1 2: -1/2, and below zero counts as zero
    measured = {"curve": [0, 1, 0.6], "rate_hz": 0.25}
    said = board(unit("narr.tension", 0, 10, value=0.5, unit="share", attributes=measured))
    assert scored(Tension, said, gold).value == pytest.approx(1)  # at 1, 5, 9 s: 0.25, 0.9, 0.6


def test_peaks_are_found_within_a_second() -> None:
    def peaks(*times_s: float) -> float:
        said = board(*(unit("narr.tension.peak", t, t, value=1) for t in times_s))
        return scored(Tension, said, full()).parts["peak_f1"]

    assert peaks(8.9) == 1
    assert peaks(6.9) == 0
    assert peaks(8, 2) == pytest.approx(2 / 3)
