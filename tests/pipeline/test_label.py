"""Labelling with a model: what is asked, what becomes of honest replies, and that no reply can spoil a storyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core import vocabulary
from sestina.core.exchange import Answer
from sestina.core.invariants import problems
from sestina.core.prompting import Limits, Prompt
from sestina.pipeline.label import Labelled, estimate, label
from sestina.pipeline.label_tasks import label_tasks
from tests.export.boards import board

BOARD = board()
FRAME = {"frame_s": 0.8}
"""A frame of the first shot that is shown."""


class Saying:
    """A model that replies what a function makes of the prompt."""

    def __init__(self, reply: Callable[[Prompt], Any], **limits: int) -> None:
        self.limits = Limits(**limits)
        self.reply = reply
        self.calls = 0

    def describe(self) -> Mapping[str, Any]:
        return {"kind": "saying", "name": "saying"}

    def answer(self, prompt: Prompt) -> Answer:
        self.calls += 1
        found = self.reply(prompt)
        return found if isinstance(found, Answer) else Answer(text="", parsed=found)


def labelled(*claims: Any, facets: tuple[str, ...], **how: Any) -> Labelled:
    return label(BOARD, None, Saying(lambda _: {"labels": list(claims)}), facets=facets, **how)


def claim(facet: str, /, **other: Any) -> dict[str, Any]:
    return {"facet": facet, "place": "shot 1", "confidence": 0.8, "evidence": [FRAME], **other}


def test_a_claim_with_a_frame_becomes_a_unit_on_the_shot_with_that_frame() -> None:
    found = labelled(claim("narr.shot_tension", label="high"), facets=("narr.shot_tension",))
    made = found.board.units(facet="narr.shot_tension")
    assert [(unit.label, unit.status, unit.span, unit.producer.kind) for unit in made] == [
        ("high", "inferred", BOARD["s0"].span, "model")
    ]
    assert found.board.provenance.model == "saying"
    assert found.defects == ()
    assert not problems(found.board)


def test_a_quote_is_looked_up_and_a_wrong_one_is_a_defect() -> None:
    said = claim("subject.kind", label="person", evidence=[{"quote": "how it works"}, {"quote": "never said"}])
    found = labelled(said, facets=("subject.kind",))
    unit = found.board.units(facet="subject.kind")[0]
    assert [item.type for item in unit.evidence] == ["asr"]
    assert [defect.kind for defect in found.defects] == ["evidence that is not there"]


def test_a_claim_that_cites_nothing_becomes_an_abstention_with_the_reason() -> None:
    found = labelled(claim("narr.shot_tension", label="high", evidence=[]), facets=("narr.shot_tension",))
    unit = found.board.units(facet="narr.shot_tension")[0]
    assert (unit.status, unit.label) == ("abstain", None)
    assert "cited nothing" in (unit.reason or "")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"label": "enormous"}, "unknown label"),
        ({"label": "high", "place": "shot 99"}, "unknown place"),
        ({"label": "high", "facet": "narr.made_up"}, "unknown facet"),
        ({"label": "high", "confidence": 7}, "confidence outside 0..1"),
        ({"label": "high", "evidence": [{"frame_s": 4.9}]}, "evidence that is not there"),
        ({"label": "high", "evidence": [{"frame_s": 0.8, "box": [0.9, 0, 0.5, 1]}]}, "evidence that is not there"),
        ({"label": "high", "evidence": "frames"}, "no evidence that holds"),
    ],
)
def test_every_defect_is_counted_and_named(said: dict[str, Any], kind: str) -> None:
    found = labelled(claim("narr.shot_tension", **said), facets=("narr.shot_tension",))
    assert kind in {defect.kind for defect in found.defects}
    assert any(kind in note for note in found.board.provenance.notes)
    assert not problems(found.board)


def test_a_label_below_a_measured_parent_takes_its_place_and_keeps_its_evidence() -> None:
    parent = BOARD["m0"].model_copy(update={"label": "lateral_left", "status": "observed"})
    items = tuple(parent if unit.id == "m0" else unit for unit in BOARD.items)
    measured = BOARD.model_copy(update={"items": items})
    said = claim("camera.movement", span=[0.0, 1.6], label="truck_left")
    found = label(measured, None, Saying(lambda _: {"labels": [said]}), facets=("camera.movement",))
    unit = next(one for one in found.board.units(facet="camera.movement") if one.label == "truck_left")
    assert unit.attributes["parent"] == "lateral_left"
    assert parent.evidence[0] in unit.evidence
    assert "lateral_left" not in {one.label for one in found.board.items}


def test_what_denies_a_measured_fact_is_marked_and_does_not_replace_it() -> None:
    measured = tuple(u.model_copy(update={"status": "observed"}) if u.id == "k0" else u for u in BOARD.items)
    sure = BOARD.model_copy(update={"items": measured})
    said = claim("aes.light.key", label="low_key")
    found = label(sure, None, Saying(lambda _: {"labels": [said]}), facets=("aes.light.key",))
    assert found.board.units(facet="aes.light.key") == sure.units(facet="aes.light.key")
    assert found.defects[0].kind == "contradicts what was measured"


def test_a_denial_in_a_tree_of_several_labels_is_linked_and_several_plain_labels_are_no_denial() -> None:
    moving = BOARD["m0"].model_copy(update={"status": "observed"})
    person = claim("subject.kind", label="person")
    known = labelled(person, facets=("subject.kind",)).board
    sure = [u.model_copy(update={"status": "observed"}) if u.facet == "subject.kind" else u for u in known.items]
    both = known.model_copy(update={"items": tuple(moving if unit.id == "m0" else unit for unit in sure)})
    said = [claim("subject.kind", label="product"), claim("camera.movement", span=[0.0, 1.6], label="tilt_up")]
    found = label(both, None, Saying(lambda _: {"labels": said}), facets=("subject.kind", "camera.movement"))
    assert {unit.label for unit in found.board.units(facet="subject.kind")} == {"person", "product"}
    (tilt,) = found.board.units(label="tilt_up")
    assert tilt.links.contradicts == ("m0",)
    assert [defect.place for defect in found.defects if defect.kind.startswith("contradicts")] == ["m0"]


def test_the_first_calls_are_for_hooks_cuts_and_tension() -> None:
    tasks = label_tasks(BOARD, Limits())
    assert tasks[0].facets[0].id.startswith("narr.hook")
    asked = {facet.id for task in tasks for facet in task.facets}
    assert {"edit.cut_rationale", "narr.shot_tension", "narr.format", "camera.intent"} <= asked
    assert all(vocabulary.facet(name).source != "S" for name in asked)


def test_calls_hold_no_more_frames_than_the_model_takes() -> None:
    assert all(len(task.times_s) <= 4 for task in label_tasks(BOARD, Limits(frames=4)))
    calls, tokens = estimate(BOARD, Saying(lambda _: None, frames=4, tokens_per_frame=100))
    assert calls == len(label_tasks(BOARD, Limits(frames=4)))
    assert tokens > 0


def test_a_stopped_run_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    def reply(_: Prompt) -> dict[str, Any]:
        return {"labels": []}

    first, second = Saying(reply), Saying(reply)
    half = label(BOARD, None, first, cache=tmp_path, budget_tokens=estimate(BOARD, first)[1] // 2)
    whole = label(BOARD, None, second, cache=tmp_path)
    assert 0 < half.calls == first.calls
    assert any("budget" in note for note in half.board.provenance.notes)
    assert (whole.cached, whole.calls) == (half.calls, second.calls)
    assert label(BOARD, None, Saying(reply), cache=tmp_path).calls == 0


def test_a_call_that_fails_is_named_and_the_rest_is_kept() -> None:
    def reply(prompt: Prompt) -> Any:
        if "narr.shot_tension" in prompt.question:
            return {"labels": [claim("narr.shot_tension", label="high")]}
        return Answer(error="the server is down")

    found = label(BOARD, None, Saying(reply), facets=("narr.shot_tension", "narr.format"))
    assert len(found.board.units(facet="narr.shot_tension")) == 1
    assert "the server is down" in found.undone[0]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FACETS = ("narr.beat", "narr.format", "narr.shot_tension", "edit.cut_rationale", "camera.movement", "narr.topic",
          "narr.hook.hook_end", "subject.location", "edit.speed")  # fmt: skip
EVIDENCE = ANYTHING | st.fixed_dictionaries({"frame_s": st.floats(0, 6)}) | st.just({"quote": "how it works"})
CLAIM = st.fixed_dictionaries(
    {"facet": st.sampled_from(FACETS) | ANYTHING},
    optional={
        "label": st.sampled_from([label for name in FACETS for label in vocabulary.facet(name).labels]) | ANYTHING,
        "text": ANYTHING, "value": ANYTHING, "place": st.sampled_from(["shot 1", "shot 2", "boundary 1"]) | ANYTHING,
        "span": st.lists(st.floats(-1, 9), min_size=2, max_size=2) | ANYTHING, "confidence": ANYTHING,
        "evidence": st.lists(EVIDENCE, max_size=2) | ANYTHING,
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ANYTHING | st.fixed_dictionaries({"labels": st.lists(CLAIM, max_size=6)}), min_size=1, max_size=3))
def test_nothing_a_model_says_makes_a_storyboard_invalid(replies: list[Any]) -> None:
    turn = iter(range(10_000))
    found = label(BOARD, None, Saying(lambda _: replies[next(turn) % len(replies)]), facets=FACETS)
    assert not problems(found.board)
    assert {unit.id for unit in BOARD if unit.status == "observed"} <= {unit.id for unit in found.board}
