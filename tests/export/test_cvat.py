"""CVAT: frames from 0 as the file has them, tracks with key frames, and corrections read back from its XML."""

from __future__ import annotations

import io
import json
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sestina.core.correction import Correction
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import Box
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._annotate import plain
from sestina.export._merge import Merge, merge
from sestina.export.cvat import cvat, labels, tracks
from tests.export.annotated import BOXES, annotated
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board

Element = ElementTree.Element


def written(one: Storyboard, **options: Any) -> bytes:
    file = io.BytesIO()
    cvat(one, file, **options)
    return file.getvalue()


def raw(one: Storyboard, **options: Any) -> list[dict[str, Any]]:
    file = io.BytesIO()
    labels(one, file, **options)
    found: list[dict[str, Any]] = json.loads(file.getvalue())
    return found


def of(root: Element, unit: str) -> Element:
    """Return the track that was exported for a unit."""
    for track in root.iter("track"):
        if any((one.text or "").startswith(f"{unit}#") for one in track.iter("attribute")):
            return track
    raise KeyError(unit)


def frames(track: Element) -> list[tuple[int, int]]:
    return [(int(box.attrib["frame"]), int(box.attrib["outside"])) for box in track.iter("box")]


def says(track: Element, name: str) -> str | None:
    return next((one.text for one in track.iter("attribute") if one.attrib["name"] == name), None)


def say(track: Element, name: str, text: str) -> None:
    for one in track.iter("attribute"):
        if one.attrib["name"] == name:
            one.text = text


def drawn_between(root: Element) -> None:
    """Write every frame between key frames, as CVAT does in its own export."""
    for track in root.iter("track"):
        for before, after in pairwise(list(track)):
            for frame in range(int(before.attrib["frame"]) + 1, int(after.attrib["frame"])):
                middle = ElementTree.fromstring(ElementTree.tostring(before))
                middle.attrib.update(frame=str(frame), keyframe="0", xtl="1.00", source="file")
                track.insert(list(track).index(after), middle)


def back(data: bytes, onto: Storyboard) -> list[Correction]:
    return list(tracks(io.BytesIO(data), onto))


def merged(one: Storyboard, change: Callable[[Element], None]) -> Merge:
    root = ElementTree.fromstring(written(one))
    drawn_between(root)
    change(root)
    return merge(one, back(ElementTree.tostring(root), one), who="Ada", tool="cvat")


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("vfr", [False, True])
def test_tracks_hold_the_frames_of_the_file_at_every_rate(rate: Fraction, vfr: bool) -> None:
    """CVAT decodes frame by frame: no rate can shift its numbers."""
    root = ElementTree.fromstring(written(board(rate, vfr=vfr)))
    assert [frames(of(root, f"s{n}")) for n in range(2)] == [[(CUTS[n], 0), (CUTS[n + 1], 1)] for n in range(2)]
    assert frames(of(root, "s2")) == [(CUTS[2], 0)]  # shown to the end
    assert frames(of(root, "t1")) == [(CUTS[1], 0), (CUTS[1] + 1, 1)]
    assert frames(of(root, "t2")) == [(DISSOLVE[0], 0), (DISSOLVE[1], 1)]
    assert root.findtext("meta/task/size") == "150"


@pytest.mark.parametrize(("size", "rotation", "seen"), [
    ((1280, 720), 0, ("1280", "720")), ((720, 1280), 0, ("720", "1280")), ((1280, 720), 90, ("720", "1280")),
])  # fmt: skip
def test_boxes_are_in_pixels_of_the_picture_as_it_is_decoded(
    size: tuple[int, int], rotation: int, seen: tuple[str, str]
) -> None:
    one = annotated(size=size)
    video = one.media.video
    assert video is not None
    turned = one.media.model_copy(update={"video": video.model_copy(update={"rotation_deg": rotation})})
    root = ElementTree.fromstring(written(one.model_copy(update={"media": turned})))
    assert tuple(root.findtext(f"meta/task/original_size/{name}") for name in ("width", "height")) == seen
    box = next(of(root, "p0").iter("box")).attrib
    expected = (0.1 * int(seen[0]), 0.2 * int(seen[1]), 0.3 * int(seen[0]), 0.7 * int(seen[1]))
    assert [float(box[name]) for name in ("xtl", "ytl", "xbr", "ybr")] == pytest.approx(expected)


def test_a_track_is_its_key_frames_and_a_stretch_is_a_box_around_everything_behind() -> None:
    root = ElementTree.fromstring(written(annotated()))
    assert frames(of(root, "p0")) == [(0, 0), (10, 0), (20, 0), (40, 0), (48, 1)]
    assert {box.attrib["z_order"] for box in of(root, "p0")} == {"1"}
    whole = next(of(root, "b0").iter("box")).attrib
    assert [whole[name] for name in ("xtl", "ytl", "xbr", "ybr", "z_order")] == [
        "0.00", "0.00", "1280.00", "720.00", "0",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        of(root, "w0")  # of the whole video


def test_hostile_texts_and_names_survive_but_for_what_xml_cannot_hold() -> None:
    root = ElementTree.fromstring(written(annotated(name=NAME)))
    assert says(of(root, "c0"), "text") == plain(HOSTILE)
    assert root.findtext("meta/task/source") == NAME
    assert "\x0b" not in plain(HOSTILE)
    assert "]]>" in plain(HOSTILE)


def test_labels_are_facets_with_every_label_as_a_choice_and_the_same_in_both_files() -> None:
    one = annotated()
    found = {label["name"]: label for label in raw(one)}
    beat = found["narr.beat"]["attributes"][0]
    assert (beat["name"], beat["input_type"], beat["values"][0], "recap" in beat["values"]) == (
        "label", "select", "hook", True,
    )  # fmt: skip
    root = ElementTree.fromstring(written(one))
    for label in root.iter("label"):
        same = found.pop(label.findtext("name") or "")
        values = [(item.findtext("values") or "").split("\n") for item in label.iter("attribute")]
        assert values == [item["values"] for item in same["attributes"]]
    assert not found


def test_a_task_without_labels_is_refused_and_facets_named_in_full_are_there() -> None:
    bare = Storyboard(media=board().media)
    with pytest.raises(SestinaError) as caught:
        raw(bare)
    assert "--set facets=" in caught.value.hint
    assert [label["name"] for label in raw(bare, facets="narr.valence")] == ["narr.valence"]
    assert ElementTree.fromstring(written(bare)).find("track") is None


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("size", [(1280, 720), (320, 180), (3840, 2160), (1080, 1920)])
def test_a_task_nobody_changed_changes_nothing(rate: Fraction, size: tuple[int, int]) -> None:
    one = annotated(rate, size=size, vfr=size == (320, 180))
    found = merged(one, lambda root: None)
    assert (found.board, found.conflicts) == (one, ())
    assert found.same == len(list(ElementTree.fromstring(written(one)).iter("track")))


def test_a_person_moves_relabels_deletes_and_draws() -> None:
    one = annotated(Fraction(30000, 1001))
    at = one.media.frame_time_s

    def change(root: Element) -> None:
        start, *between, end = of(root, "c0")
        start.attrib["frame"], end.attrib["frame"] = "110", "125"
        for box in between:
            of(root, "c0").remove(box)
        say(of(root, "m0"), "label", "tilt_up")
        root.remove(of(root, "k0"))
        say(of(root, "x0/7f%23a"), "text", "It says this")
        key = next(box for box in of(root, "p0") if box.attrib["frame"] == "20")
        key.attrib.update(xtl="400.00", xbr="600.00")
        root.append(ElementTree.fromstring(
            '<track id="99" label="subject.kind" source="manual">'
            '<box frame="50" keyframe="1" outside="0" occluded="0" xtl="12.8" ytl="7.2" xbr="128" ybr="72">'
            '<attribute name="label">animal</attribute><attribute name="unit">new:0123abcd</attribute></box>'
            '<box frame="60" keyframe="1" outside="1" occluded="0" xtl="12.8" ytl="7.2" xbr="128" ybr="72"/></track>'
        ))  # fmt: skip

    found = merged(one, change)
    assert found.conflicts == ()
    now = found.board
    assert now["c0"].span == Span.of(at(110), at(125))
    assert now["c0"].text == HOSTILE
    assert now["m0"].label == "tilt_up"
    assert "k0" not in {unit.id for unit in now}
    assert (now["x0/7f#a"].text, now["x0/7f#a"].region) == ("It says this", one["x0/7f#a"].region)
    walked = now["p0"].region
    assert walked is not None
    assert [point.box.x for point in walked.track] == [0.1, 0.1, 0.3125, 0.5]
    assert walked.track[3].box == BOXES[2]
    (animal,) = (unit for unit in now if unit.label == "animal")
    assert (animal.span, animal.status) == (Span.of(at(50), at(60)), "human")
    assert animal.region is not None
    assert animal.region.box == Box(x=0.01, y=0.01, w=0.09, h=0.09)
    changed = {unit.id for unit in now if unit.status == "human"} - {animal.id}
    assert changed == {"c0", "m0", "x0/7f#a", "p0"}


def test_nothing_counts_as_deleted_when_the_storyboard_is_no_longer_as_it_was_exported() -> None:
    """The file does not say whether a unit was deleted in CVAT or found later by a new analysis."""
    one = annotated()
    exported = written(one)
    beat = one["b0"].model_copy(update={"id": "b9", "span": one["s2"].span})
    later = one.model_copy(update={"items": (*one.items, beat)}).canonical()
    assert not [item for item in back(exported, later) if item.removed]
    assert {item.unit for item in back(written(later).replace(b"b9#", b"b0#"), later) if item.removed} == {"b9"}


def test_a_track_that_is_hidden_for_a_while_is_two_units() -> None:
    def change(root: Element) -> None:
        track = of(root, "x0/7f%23a")
        for frame, outside in ((60, "1"), (70, "0")):
            box = ElementTree.fromstring(ElementTree.tostring(track[0]))
            box.attrib.update(frame=str(frame), outside=outside)
            track.insert(len(track) - 1, box)

    one = annotated()
    found = merged(one, change)
    at = one.media.frame_time_s
    spans = sorted(unit.span.start_s for unit in found.board.units(facet="diss.overlay.text"))
    assert found.conflicts == ()
    assert spans == [at(50), at(70)]
    assert found.board["x0/7f#a"].span == Span.of(at(50), at(60))


def test_the_archive_that_cvat_gives_is_read_too() -> None:
    one = annotated()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("annotations.xml", written(one))
    assert back(file.getvalue(), one) == back(written(one), one)


HEAD = "<annotations><version>1.1</version><meta><task><stop_frame>149</stop_frame></task></meta>"
BOX = 'frame="1" keyframe="1" outside="0" occluded="0"'


@pytest.mark.parametrize(
    "data",
    [
        "", "<a/>", "<annotations>", HEAD, '<?xml version="1.0" encoding="nonsense"?><annotations/>',
        f"{HEAD}<image id='0'/></annotations>",
        "<annotations><meta><job><start_frame>50</start_frame></job></meta></annotations>",
        "<annotations><meta><job><stop_frame>70</stop_frame></job></meta></annotations>",
        f"{HEAD}<track id='1' label='narr.beat'><box {BOX}/></track></annotations>",
        f"{HEAD}<track id='1' label='narr.beat'><box frame='x' xtl='1' ytl='1' xbr='2' ybr='2'/></track></annotations>",
        f"{HEAD}<track id='1' label='narr.beat'><polygon {BOX} points='a,b'/></track></annotations>",
        f"{HEAD}<track id='1' label='narr.beat'><box {BOX} xtl='nan' ytl='1' xbr='2' ybr='2'/></track></annotations>",
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_a_hint(data: str) -> None:
    with pytest.raises(SchemaError) as caught:
        back(data.encode(), board())
    assert caught.value.hint


def test_a_bomb_of_entities_is_refused() -> None:
    lines = [f'<!ENTITY a{n} "{"".join(f"&a{n - 1};" for _ in range(10))}">' for n in range(1, 12)]
    bomb = f'<!DOCTYPE annotations [<!ENTITY a0 "ha"> {"".join(lines)}]><annotations><meta>&a11;</meta></annotations>'
    with pytest.raises(SchemaError):
        back(bomb.encode(), board())


def test_an_archive_of_something_else_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("default.json", "{}")
    with pytest.raises(SchemaError):
        back(file.getvalue(), board())


@pytest.mark.filterwarnings("ignore")
def test_datumaro_and_cvats_own_package_take_annotations_and_labels() -> None:
    reason = "datumaro and cvat-sdk install half a gigabyte; docs/exports/cvat.md has what they said"
    datumaro = pytest.importorskip("datumaro", reason=reason)
    models = pytest.importorskip("cvat_sdk.models", reason=reason)
    one = annotated(Fraction(30000, 1001), name=NAME)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "annotations.xml").write_bytes(written(one))
        found = datumaro.Dataset.import_from(folder, "cvat")
        seen = {(item.attributes["frame"], box.attributes["outside"])
                for item in found for box in item.annotations if box.attributes.get("label") == "person"}  # fmt: skip
    assert seen == {(0, False), (10, False), (20, False), (40, False), (48, True)}
    taken = [models.PatchedLabelRequest(**label) for label in raw(one)]
    assert [label.name for label in taken] == [label["name"] for label in raw(one)]
