"""Label Studio: frames from 1 with both ends, the configuration that fits, and corrections read back from its JSON."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.correction import Correction
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._conform import Conformed
from sestina.export._merge import Merge, merge
from sestina.export.labelstudio import answers, config, labelstudio
from tests.export.annotated import BOXES, TITLE, annotated
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board

Result = list[dict[str, Any]]


def task(one: Storyboard, **options: Any) -> dict[str, Any]:
    file = io.BytesIO()
    labelstudio(one, file, **options)
    tasks = json.loads(file.getvalue())
    assert len(tasks) == 1
    found: dict[str, Any] = tasks[0]
    return found


def predicted(one: dict[str, Any]) -> Result:
    found: Result = one["predictions"][0]["result"]
    return found


def of(result: Result, region: str) -> dict[str, Any]:
    return next(item for item in result if item["id"] == region)


def xml(one: Storyboard, **options: Any) -> ElementTree.Element:
    file = io.BytesIO()
    config(one, file, **options)
    return ElementTree.fromstring(file.getvalue())


def annotate(one: Storyboard, change: Callable[[Result], None]) -> dict[str, Any]:
    """Return the task as Label Studio exports it after a person took our results over and changed them."""
    found = task(one)
    result: Result = json.loads(json.dumps(predicted(found)))
    for item in result:
        item.pop("score", None)
    change(result)
    person = {"id": 3, "email": "ada@example.org", "first_name": "Ada", "last_name": ""}
    annotation = {"id": 12, "completed_by": person, "was_cancelled": False, "ground_truth": False, "result": result}
    return {**found, "id": 1, "annotations": [annotation], "predictions": [4]}


def back(exported: object, onto: Storyboard, **options: Any) -> list[Correction]:
    return list(answers(io.BytesIO(json.dumps(exported).encode()), onto, **options))


def merged(one: Storyboard, change: Callable[[Result], None]) -> Merge:
    return merge(one, back([annotate(one, change)], one), who="Ada", tool="labelstudio")


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_ranges_hold_the_frames_at_every_rate(rate: Fraction, size: tuple[int, int]) -> None:
    one = task(board(rate, size=size))
    assert one["data"]["fps"] == pytest.approx(float(rate), abs=1e-6)
    assert Fraction(one["data"]["sestina"]["rate"]) == rate
    shots = [of(predicted(one), f"s{n}")["value"]["ranges"] for n in range(3)]
    assert shots == [[{"start": CUTS[n] + 1, "end": CUTS[n + 1]}] for n in range(3)]
    assert of(predicted(one), "t1")["value"]["ranges"] == [{"start": CUTS[1] + 1, "end": CUTS[1] + 1}]
    assert of(predicted(one), "t2")["value"]["ranges"] == [{"start": DISSOLVE[0] + 1, "end": DISSOLVE[1]}]
    assert one["data"]["sestina"]["note"] == ""


def test_a_variable_rate_is_conformed_and_says_so() -> None:
    variable = board(Fraction(30000, 1001), vfr=True)
    about = task(variable)["data"]["sestina"]
    assert "variable frame rate" in about["note"]
    assert about["rate"] == "30000/1001"
    header = xml(variable).find("Header")
    assert header is not None
    assert "variable frame rate" in header.attrib["value"]


def test_a_track_is_key_frames_in_per_cent_with_its_last_frame_hidden_after() -> None:
    value = of(predicted(task(annotated())), "p0")["value"]
    assert value["labels"] == ["subject.kind=person"]
    assert [(key["frame"], key["enabled"]) for key in value["sequence"]] == [
        (1, True), (11, True), (21, True), (41, True), (48, False),
    ]  # fmt: skip
    assert [value["sequence"][-1][name] for name in ("x", "y", "width", "height")] == [50, 30, 10, 25]
    assert (value["framesCount"], value["duration"]) == (150, 5.0)


def test_what_is_said_of_the_whole_video_is_choices_texts_and_numbers() -> None:
    result = {item["from_name"]: item["value"] for item in predicted(task(annotated()))}
    assert result["diss-aspect"] == {"choices": ["16:9"]}
    assert result["diss-context-hashtags"] == {"text": ["#one", "#two"]}
    assert result["diss-resolution-width"] == {"number": 1280.0}


def test_hostile_texts_and_names_survive() -> None:
    one = task(annotated(name=NAME))
    said = [item["value"]["text"] for item in predicted(one) if item["from_name"] == "text"]
    assert said == [[HOSTILE], [HOSTILE]]
    assert one["data"]["sestina"]["media"] == NAME
    assert one["data"]["video"].startswith("/data/local-files/?d=a%20%22b%22")


def test_an_address_stays_an_address() -> None:
    assert task(board(name="https://example.org/a.mp4"))["data"]["video"] == "https://example.org/a.mp4"


def test_the_configuration_has_every_label_of_every_facet_used_and_boxes_before_stretches() -> None:
    root = xml(annotated())
    names = [child.attrib.get("name") for child in root]
    assert names.index("boxes") < names.index("timeline")
    labels = [label.attrib["value"] for label in root.iter("Label")]
    assert len(labels) == len(set(labels))
    assert {"narr.beat=hook", "narr.beat=recap", "subject.kind=face", "narr.claim", "diss.overlay.text"} <= set(labels)
    aspect = next(child for child in root if child.attrib.get("name") == "diss-aspect")
    assert [choice.attrib["value"] for choice in aspect][-1] == "other"


def test_controls_for_texts_and_numbers_are_there_where_something_has_them() -> None:
    def names(facets: str) -> set[str | None]:
        return {child.attrib.get("name") for child in xml(annotated(), facets=facets)}

    assert {"text", "value"} <= names("")
    assert not {"text", "value"} & names("edit.shot,narr.beat")
    assert "text" in names("narr.claim")
    assert "value" in names("subject.count")


def test_a_facet_named_in_full_can_be_labelled_where_nothing_was_found() -> None:
    bare = Storyboard(media=board().media)
    labels = [label.attrib["value"] for label in xml(bare, facets="narr.valence").iter("Label")]
    assert all(label.startswith("narr.valence=") for label in labels)
    assert len(labels) == 5
    with pytest.raises(SestinaError) as caught:
        xml(bare)
    assert "--set facets=" in caught.value.hint


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_an_annotation_nobody_changed_changes_nothing(rate: Fraction, vfr: bool) -> None:
    one = annotated(rate, vfr=vfr)
    found = merged(one, lambda result: None)
    assert (found.board, found.conflicts) == (one, ())
    assert found.same == len(one) - 1  # what abstains is not exported


def test_a_person_moves_relabels_deletes_and_adds() -> None:
    one = annotated(Fraction(30000, 1001))
    at = one.media.frame_time_s

    def change(result: Result) -> None:
        of(result, "c0")["value"]["ranges"] = [{"start": 111, "end": 125}]
        of(result, "m0")["value"]["timelinelabels"] = ["camera.movement=tilt_up"]
        result.remove(of(result, "k0"))
        of(result, "d0")["value"]["choices"] = ["4:3"]
        words = next(item for item in result if item["from_name"] == "diss-context-hashtags")
        words["value"]["text"] = ["#two", "#three", "#four"]
        text = next(item for item in result if item["id"] == "x0/7f%23a" and item["type"] == "textarea")
        text["value"] = {**of(result, "x0/7f%23a")["value"], "text": ["It says this"]}
        result.append({
            "id": "Qw3rTy", "from_name": "timeline", "to_name": "video", "type": "timelinelabels", "origin": "manual",
            "value": {"ranges": [{"start": 5, "end": 10}], "timelinelabels": ["narr.persuasion=humour"]},
        })  # fmt: skip

    found = merged(one, change)
    assert found.conflicts == ()
    now = found.board
    assert now["c0"].span == Span.of(at(110), at(125))
    assert now["c0"].text == one["c0"].text
    assert now["m0"].label == "tilt_up"
    assert "k0" not in {unit.id for unit in now}
    assert now["d0"].label == "4:3"
    assert {unit.text for unit in now.units(facet="diss.context.hashtags")} == {"#two", "#three", "#four"}
    assert now["h1"] == one["h1"]
    assert now["x0/7f#a"].text == "It says this"
    assert now["x0/7f#a"].region == one["x0/7f#a"].region
    (added,) = (unit for unit in now if unit.label == "humour")
    assert (added.span, added.status, added.producer.name) == (Span.of(at(4), at(10)), "human", "Ada")
    changed = {unit.id for unit in now if unit.status == "human" and unit.id in {was.id for was in one}}
    assert changed == {"c0", "m0", "d0", "x0/7f#a", "h0"}


def test_an_edge_that_shots_share_moves_once_and_the_cut_with_it() -> None:
    def change(result: Result) -> None:
        of(result, "s0")["value"]["ranges"] = [{"start": 1, "end": 45}]

    one = annotated(Fraction(24000, 1001))
    found, cut = merged(one, change), one.media.frame_time_s(45)
    assert found.conflicts == ()
    assert [shot.span.start_s for shot in found.board.shots][:2] == [0.0, cut]
    assert found.board["t1"].span == Span.at(cut)
    assert found.board["b0"] == one["b0"]


def test_a_person_moves_a_box_and_draws_another() -> None:
    one = annotated()

    def change(result: Result) -> None:
        sequence = of(result, "p0")["value"]["sequence"]
        sequence[1].update(x=12.5, width=25.0)
        drawn = [{"frame": 50, "enabled": True, "x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0},
                 {"frame": 55, "enabled": True, "x": 2, "y": 2, "width": 3, "height": 4, "auto": True},
                 {"frame": 60, "enabled": False, "x": 5, "y": 2, "width": 3, "height": 4}]  # fmt: skip
        result.append({"id": "N3w", "from_name": "box", "to_name": "video", "type": "videorectangle",
                       "value": {"framesCount": 150, "duration": 5, "sequence": drawn,
                                 "labels": ["subject.kind=animal"]}})  # fmt: skip

    found = merged(one, change)
    assert found.conflicts == ()
    moved = found.board["p0"].region
    assert moved is not None
    assert moved.track[1].box == Box(x=0.125, y=0.2, w=0.25, h=0.5)
    assert [point.box for point in moved.track[2:]] == list(BOXES[1:])
    animal = next(unit for unit in found.board if unit.label == "animal")
    assert animal.span == Span.of(one.media.frame_time_s(49), one.media.frame_time_s(60))
    assert animal.region is not None
    assert [point.box.x for point in animal.region.track] == [0.01, 0.05]
    assert found.board["x0/7f#a"].region == one["x0/7f#a"].region
    assert one["x0/7f#a"].region.box == TITLE  # type: ignore[union-attr]  # it has one


def test_what_label_studio_wrote_after_a_person_worked_in_its_editor_comes_back() -> None:
    """Its server 1.23.2 and a browser: a beat relabelled, a box drawn aside in its first frame, a scale deleted."""
    one = annotated(text="Only $9.99 today", size=(640, 360), name="http://localhost:8098/clip.webm")
    with Path(__file__).with_name("labelstudio_1_23.json").open("rb") as file:
        found = merge(one, answers(file, one, completed_by="1"), who="Ada", tool="labelstudio")
    assert found.conflicts == ()
    now = {unit.id: unit for unit in found.board}
    assert {unit.id for unit in one if now.get(unit.id) != unit} == {"b0", "p0", "z1"}
    assert now["b0"].label == "promise"
    assert "z1" not in now
    region = now["p0"].region
    assert region is not None
    assert [point.box for point in region.track[1:]] == list(BOXES)
    assert region.track[0].box == Box(x=0.18906, y=0.2, w=0.2, h=0.5)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(RATES), st.booleans(), st.integers(0, 148), st.integers(1, 149))
def test_any_range_comes_back_as_the_times_of_its_frames(rate: Fraction, vfr: bool, first: int, length: int) -> None:
    one = annotated(rate, vfr=vfr)
    grid, after = Conformed(one), min(first + length, 149)

    def change(result: Result) -> None:
        of(result, "c0")["value"]["ranges"] = [{"start": first + 1, "end": after}]

    found = next(item for item in back([annotate(one, change)], one) if item.unit == "c0")
    assert grid.frames(found.span) == (first, max(after, first + 1))


def test_two_people_are_told_apart_by_name() -> None:
    one = board()
    exported = annotate(one, lambda result: None)
    other = json.loads(json.dumps(exported["annotations"][0]))
    other["completed_by"] = 7
    of(other["result"], "b0")["value"]["timelinelabels"] = ["narr.beat=promise"]
    exported["annotations"] += [other, {**other, "completed_by": 9, "was_cancelled": True}]
    with pytest.raises(SchemaError, match="2 annotations") as caught:
        back([exported], one)
    assert "ada@example.org, 7" in caught.value.hint
    labels = {name: next(item.label for item in back([exported], one, completed_by=name) if item.unit == "b0")
              for name in ("ada@example.org", "3", "7")}  # fmt: skip
    assert labels == {"ada@example.org": "hook", "3": "hook", "7": "promise"}
    with pytest.raises(SchemaError, match="no annotation by '9'"):
        back([exported], one, completed_by="9")


def test_what_was_corrected_after_the_export_is_a_conflict_and_not_overwritten() -> None:
    one = board()
    exported = annotate(one, lambda result: of(result, "b0")["value"].update(timelinelabels=["narr.beat=promise"]))
    newer = tuple(u.model_copy(update={"label": "recap"}) if u.id == "b0" else u for u in one)
    later = one.model_copy(update={"items": newer})
    found = merge(later, back([exported], later), who="Ada", tool="labelstudio")
    assert found.board == later
    assert [conflict.unit for conflict in found.conflicts] == ["b0"]


def test_a_region_of_no_facet_is_listed_and_not_lost() -> None:
    def change(result: Result) -> None:
        result.append({"id": "z", "from_name": "box", "to_name": "video", "type": "videorectangle",
                       "value": {"sequence": [{"frame": 1, "x": 1, "y": 1, "width": 1, "height": 1}]}})  # fmt: skip

    assert [str(conflict).split(":")[0] for conflict in merged(board(), change).conflicts] == ["region z"]


SHA = {"sha256": "0" * 64}
BOX = {"x": 1, "y": 1, "width": 1, "height": 1}


@pytest.mark.parametrize(
    "broken",
    [
        {}, [], 7, "x", [{"video": "a.mp4", "id": 1}],
        [{"data": {"sestina": {"sha256": "another"}}, "annotations": []}],
        [{"data": {}, "annotations": []}],
        [{"data": {}, "annotations": 3}],
        [{"data": {}, "annotations": [{"result": 5}]}],
        [{"data": {"sestina": {**SHA, "rate": "1/0"}}, "annotations": [{"result": []}]}],
        [{"data": {"sestina": {**SHA, "rate": "1e9"}}, "annotations": [{"result": []}]}],
        [{"data": {"sestina": {**SHA, "units": [1]}}, "annotations": [{"result": []}]}],
        [{"data": {}, "annotations": [{"result": [{"from_name": "diss-aspect", "value": {"choices": 3}}]}]}],
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_a_hint(broken: object) -> None:
    with pytest.raises(SchemaError) as caught:
        back(broken, board())
    assert caught.value.hint


@pytest.mark.parametrize(
    "value",
    [
        {}, {"ranges": []}, {"ranges": [{}]}, {"ranges": [{"start": "a", "end": 3}]},
        {"ranges": [{"start": 1e999, "end": 1}]}, {"sequence": [{"frame": 1}]}, {"sequence": [{"frame": None, **BOX}]},
    ],
)  # fmt: skip
def test_a_broken_region_is_refused_with_its_id(value: object) -> None:
    result = [{"id": "Qw3", "from_name": "timeline", "value": value}]
    with pytest.raises(SchemaError, match="Qw3"):
        back([{"data": {}, "annotations": [{"result": result}]}], board())


def test_a_truncated_file_is_refused() -> None:
    file = io.BytesIO()
    labelstudio(board(), file)
    with pytest.raises(SchemaError, match="not JSON"):
        list(answers(io.BytesIO(file.getvalue()[:-20]), board()))


def test_ids_nobody_exported_and_frames_beyond_the_video_break_nothing() -> None:
    def change(result: Result) -> None:
        of(result, "c0")["value"]["ranges"] = [{"start": -5, "end": 10**12}]
        result.append({**of(result, "e0"), "id": "nobody/knows"})

    one = annotated()
    found = merged(one, change)
    assert found.board["c0"].span == one.media.span
    assert len(found.board) == len(one) + 1


@pytest.mark.filterwarnings("ignore")
def test_label_studios_own_package_takes_task_and_configuration() -> None:
    reason = "label-studio-sdk installs half a gigabyte; docs/exports/labelstudio.md has what it said"
    interface = pytest.importorskip("label_studio_sdk.label_interface", reason=reason)
    for one in (annotated(name=NAME), annotated(vfr=True), annotated(Fraction(24000, 1001), size=(720, 1280))):
        file = io.BytesIO()
        config(one, file)
        reader = interface.LabelInterface(file.getvalue().decode())
        reader.validate()
        found = task(one)
        assert reader.validate_prediction(found["predictions"][0], return_errors=True) == []
        wrong = json.loads(json.dumps(found["predictions"][0]))
        of(wrong["result"], "b0")["value"]["timelinelabels"] = ["narr.beat=nonsense"]
        assert len(reader.validate_prediction(wrong, return_errors=True)) == 1
