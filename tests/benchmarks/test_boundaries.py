"""How the boundary benchmark tells families of edits, pairs gradual ones, and splits the clips."""

from __future__ import annotations

from benchmarks.boundaries import graduals, is_tuned
from benchmarks.detectors import Spotted, family, is_gradual
from sestina.core.time import Span


def test_labels_know_their_family() -> None:
    assert (family("jump_cut"), family("cut"), family("dip_to_black")) == ("cut", "cut", "fade")
    assert [is_gradual(label) for label in ("hard_cut", "start", "push", "iris")] == [False, False, True, True]


def test_gradual_edits_are_paired_by_overlap_and_cuts_inside_them_noticed() -> None:
    edits = ((Span.of(1, 2), "cross_dissolve"), (Span.of(4, 5), "push"), (Span.of(7, 8), "iris"))
    true = Spotted(cuts=(), gradual=edits)
    said = Spotted(cuts=(45,), gradual=((Span.of(1.2, 2), "cross_dissolve"),))
    found = graduals(true, said, [frame / 10 for frame in range(100)])
    assert [(one.iou, one.said, one.touched) for one in found] == [
        (0.8, "cross_dissolve", True), (0.0, "", True), (0.0, "", False),
    ]  # fmt: skip


def test_names_fall_into_two_halves_of_about_one_size() -> None:
    assert 20 < sum(is_tuned(f"{number}.mp4") for number in range(60)) < 40
