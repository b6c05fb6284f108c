"""What people do to a timeline comes back: the library stands for an editor, with and without its manners."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import opentimelineio
import pytest

from sestina.core.correction import Correction
from sestina.core.errors import SchemaError
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._merge import Merge, merge
from sestina.export.otio import bundle, corrected, otio
from tests.export.boards import HOSTILE, RATES, board, unit

NTSC = Fraction(30000, 1001)
Edit = Callable[[Any], None]


def edited(one: Storyboard, edit: Edit, *, keeps: bool = True) -> bytes:
    """Return a storyboard's timeline after an edit; an editor that `keeps` no metadata drops all of it."""
    stream = io.BytesIO()
    otio(one, stream)
    timeline: Any = opentimelineio.adapters.read_from_string(stream.getvalue().decode(), "otio_json")
    edit(timeline)
    text = timeline.to_json_string()
    return (text if keeps else json.dumps(json.loads(text, object_hook=without_metadata))).encode()


def without_metadata(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "metadata": {}} if "metadata" in item else item


def back(data: bytes, onto: Storyboard) -> list[Correction]:
    return list(corrected(io.BytesIO(data), onto))


def merged(data: bytes, onto: Storyboard) -> Merge:
    return merge(onto, back(data, onto), who="ada", tool="otio")


def changed(before: Storyboard, after: Storyboard) -> dict[str, Any]:
    """Return what differs: unit ids to (label, start, end) in frames, None for removed ones."""
    old, new = ({unit.id: unit for unit in one.items} for one in (before, after))
    table = before.media.frame_table()
    assert table is not None
    times = [*table.times_s.tolist(), before.media.span.end_s]
    different = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return {
        key if key in old else "new": None if key not in new else
        (new[key].label, times.index(new[key].span.start_s), times.index(new[key].span.end_s))
        for key in different
    }  # fmt: skip


def marker(timeline: Any, name: str) -> Any:
    return next(marker for marker in timeline.tracks.markers if marker.name == name)


def moved(span: Any, start: int, frames: int) -> Any:
    rate = span.start_time.rate
    time = opentimelineio.opentime
    return time.TimeRange(time.RationalTime(start, rate), time.RationalTime(frames, rate))


def move(timeline: Any) -> None:
    one = marker(timeline, "camera.movement=static")
    one.marked_range = moved(one.marked_range, 60, 30)


def stretch(timeline: Any) -> None:
    one = marker(timeline, "camera.movement=static")
    one.marked_range = moved(one.marked_range, 48, 20)


def rename(timeline: Any) -> None:
    marker(timeline, "camera.movement=static").name = "camera.movement=tilt_up"


def rename_loosely(timeline: Any) -> None:
    marker(timeline, "camera.movement=static").name = "camera.movement: Tilt up"


def delete(timeline: Any) -> None:
    timeline.tracks.markers.remove(marker(timeline, "camera.movement=static"))


def add(timeline: Any) -> None:
    new = opentimelineio.schema.Marker(
        name="camera.pitch=low", marked_range=moved(timeline.tracks.markers[0].marked_range, 97, 20)
    )
    timeline.tracks.markers.append(new)


def roll(timeline: Any) -> None:
    """Move the first cut five frames later: the picture stays where it is."""
    first, second = timeline.tracks[0][0], timeline.tracks[0][1]
    first.source_range = moved(first.source_range, 0, 53)
    second.source_range = moved(second.source_range, 53, 44)


def blade(timeline: Any) -> None:
    """Cut the first shot in two after twenty frames, as an editor does: both halves carry all of it."""
    track = timeline.tracks[0]
    head, tail = track[0], track[0].deepcopy()
    head.source_range, tail.source_range = moved(head.source_range, 0, 20), moved(head.source_range, 20, 28)
    track.insert(1, tail)


def join(timeline: Any) -> None:
    """Take the first cut out: the first shot goes on to the end of the second."""
    track = timeline.tracks[0]
    track[0].source_range = moved(track[0].source_range, 0, 97)
    del track[1]


def lengthen(timeline: Any) -> None:
    dissolve = timeline.tracks[0][2]
    dissolve.out_offset = opentimelineio.opentime.RationalTime(9, dissolve.out_offset.rate)


def dissolve_the_cut(timeline: Any) -> None:
    time = opentimelineio.opentime.RationalTime
    rate = timeline.tracks[0][0].source_range.start_time.rate
    kind = opentimelineio.schema.TransitionTypes.SMPTE_Dissolve
    timeline.tracks[0].insert(
        1, opentimelineio.schema.Transition("cross_dissolve", kind, time(4, rate), time(6, rate))
    )


EDITS: dict[str, tuple[Edit, dict[str, Any]]] = {
    "nothing": (lambda timeline: None, {}),
    "move": (move, {"m1": ("static", 60, 90)}),
    "stretch": (stretch, {"m1": ("static", 48, 68)}),
    "rename": (rename, {"m1": ("tilt_up", 48, 97)}),
    "rename loosely": (rename_loosely, {"m1": ("tilt_up", 48, 97)}),
    "delete": (delete, {"m1": None}),
    "add": (add, {"new": ("low", 97, 117)}),
    "roll": (roll, {"s0": ("shot", 0, 53), "s1": ("shot", 53, 97), "t1": ("hard_cut", 53, 53)}),
    "join": (join, {"s0": ("shot", 0, 97), "s1": None, "t1": None}),
    "lengthen": (lengthen, {"t2": ("cross_dissolve", 92, 106)}),
    "dissolve": (dissolve_the_cut, {"t1": ("cross_dissolve", 44, 54)}),
}


@pytest.mark.parametrize("keeps", [True, False], ids=["metadata kept", "metadata dropped"])
@pytest.mark.parametrize("name", EDITS)
def test_what_a_person_did_comes_back_to_the_frame(name: str, keeps: bool) -> None:
    edit, expected = EDITS[name]
    one = board(NTSC)
    found = merged(edited(one, edit, keeps=keeps), one)
    assert changed(one, found.board) == expected
    assert found.conflicts == ()


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("rate", RATES)
def test_untouched_and_rolled_at_every_rate(rate: Fraction, keeps: bool) -> None:
    one = board(rate, text=HOSTILE)
    same = merged(edited(one, EDITS["nothing"][0], keeps=keeps), one)
    assert (same.board, same.same, same.conflicts) == (one, len(one), ())
    assert changed(one, merged(edited(one, roll, keeps=keeps), one).board) == EDITS["roll"][1]


def test_at_a_variable_rate_a_moved_edge_lies_on_a_frame_of_the_video() -> None:
    one = board(NTSC, vfr=True)
    table = one.media.frame_table()
    assert table is not None
    for edit, start in ((roll, 53), (move, 60)):
        found = merged(edited(one, edit), one)
        assert found.conflicts == ()
        starts = [unit.span.start_s for unit in found.board.items if unit.status == "human"]
        assert table.time_s(start) in starts
        assert set(starts) <= set(table.times_s.tolist())


@pytest.mark.parametrize("keeps", [True, False])
def test_a_blade_makes_two_shots_and_a_cut(keeps: bool) -> None:
    one = board(NTSC)
    found = merged(edited(one, blade, keeps=keeps), one)
    assert found.conflicts == ()
    table = one.media.frame_table()
    assert table is not None
    starts = [table.time_s(frame) for frame in (0, 20, 48, 97)]
    assert [shot.span.start_s for shot in found.board.shots] == starts
    assert [edit.label for edit in found.board.boundaries] == ["hard_cut", "hard_cut", "cross_dissolve"]
    assert {shot.status for shot in found.board.shots[2:]} == {"inferred"}


def test_a_deleted_transition_leaves_a_hard_cut() -> None:
    def take(timeline: Any) -> None:
        del timeline.tracks[0][2]

    one = board(NTSC)
    assert changed(one, merged(edited(one, take), one).board) == {"t2": ("hard_cut", 97, 97)}
    # Where no metadata says that there was one, the editor may have dropped what it does not know.
    assert changed(one, merged(edited(one, take, keeps=False), one).board) == {}


def test_markers_that_an_editor_drops_are_not_deleted_by_a_person() -> None:
    def take(timeline: Any) -> None:
        kept = [one for one in timeline.tracks.markers if not one.name.startswith("narr.")]
        timeline.tracks.markers[:] = kept

    one = board(NTSC)
    assert changed(one, merged(edited(one, take, keeps=False), one).board) == {}
    gone = [correction.unit for correction in back(edited(one, take), one) if correction.removed]
    assert sorted(gone, key=str) == ["b0", "b1"]


def test_a_copied_marker_is_a_new_unit_and_the_first_stays() -> None:
    def copy(timeline: Any) -> None:
        twin = marker(timeline, "camera.movement=static").deepcopy()
        twin.marked_range = moved(twin.marked_range, 100, 10)
        timeline.tracks.markers.insert(0, twin)

    one = board(NTSC)
    assert changed(one, merged(edited(one, copy), one).board) == {"new": ("static", 100, 110)}


def test_markers_speak_of_the_picture_under_them() -> None:
    """The first shot is taken out and all else moves to the left, markers too: nothing else has changed."""

    def ripple(timeline: Any) -> None:
        del timeline.tracks[0][0]
        for one in list(timeline.tracks.markers):
            start = int(one.marked_range.start_time.value) - 48
            if start < 0:
                timeline.tracks.markers.remove(one)
            else:
                one.marked_range = moved(one.marked_range, start, int(one.marked_range.duration.value))

    one = board(NTSC)
    found = {correction.unit: correction for correction in back(edited(one, ripple), one)}
    for name in ("m1", "z1", "b1", "o0", "s1", "s2", "t2"):
        assert found[name].span == one[name].span
        assert not found[name].removed
    assert {name for name, correction in found.items() if correction.removed} >= {"s0", "m0", "b0"}


def test_a_note_a_number_and_a_text_are_said_as_the_facet_says_them() -> None:
    one = board(NTSC)
    spoken = unit("u0", "subject.utterance", one.shots[0].span, text="hello  there")
    titled = unit("o1", "diss.overlay", one.shots[2].span, label="overlay_text", text="old", level="overlay")
    one = one.model_copy(update={"items": (*one.items, spoken, titled)}).canonical()

    def say(timeline: Any) -> None:
        marker(timeline, "subject.utterance=hello there").name = "subject.utterance=good = day"
        marker(timeline, "subject.count=1").name = "subject.count=3"
        next(mark for mark in timeline.tracks.markers if mark.comment == "old").comment = "new"

    for keeps in (True, False):
        found = {correction.unit: correction for correction in back(edited(one, say, keeps=keeps), one)}
        assert (found["u0"].text, found["u0"].label) == ("good = day", None)
        assert found["n0"].value == 3
        assert found["o1"].text == "new"


def test_what_is_no_label_and_no_facet_is_a_conflict_with_its_place() -> None:
    def scribble(timeline: Any) -> None:
        marker(timeline, "camera.scale=MCU").name = "camera.scale=huge"
        timeline.tracks.markers.append(opentimelineio.schema.Marker(name="call Bob"))

    one = board(NTSC)
    found = merged(edited(one, scribble), one)
    assert found.board == one
    first, second = sorted(str(conflict) for conflict in found.conflicts)
    assert first.startswith("marker 'call Bob' at 00:00:00;00: new: unknown facet 'call Bob'")
    assert second == "marker 'camera.scale=huge' at 00:00:01;18: z1: camera.scale has no label 'huge'"


def test_a_storyboard_that_moved_on_is_not_turned_back() -> None:
    """What nobody touched in the editor says nothing; what somebody did touch contradicts, and is listed."""
    one = board(NTSC)
    items = tuple(item.model_copy(update={"label": "tilt_up"}) if item.id == "m1" else item for item in one.items)
    later = one.model_copy(update={"items": items})
    untouched = merged(edited(one, EDITS["nothing"][0]), later)
    assert (untouched.board, untouched.conflicts) == (later, ())
    contested = merged(edited(one, move), later)
    assert contested.board == later
    assert "has changed since the export" in str(contested.conflicts[0])


def test_another_video_is_refused_and_foreign_units_are_listed() -> None:
    one = board(NTSC)
    other = one.model_copy(update={"media": one.media.model_copy(update={"sha256": "1" * 64})})
    with pytest.raises(SchemaError, match="another video"):
        back(edited(one, move), other)
    without = one.model_copy(update={"items": tuple(item for item in one.items if item.id != "m1")})
    found = merged(edited(one, move), without)
    assert found.board == without
    assert [conflict.unit for conflict in found.conflicts] == ["m1"]


def test_a_bundle_comes_back_too() -> None:
    one, stream = board(NTSC), io.BytesIO()
    bundle(one, stream)
    stream.seek(0)
    assert merge(one, corrected(stream, one), who="ada", tool="otio").board == one


def test_a_timeline_in_a_collection_and_an_old_schema_are_read() -> None:
    one = board(NTSC)
    stream = io.BytesIO()
    otio(one, stream)
    timeline: Any = opentimelineio.adapters.read_from_string(stream.getvalue().decode(), "otio_json")
    box = opentimelineio.schema.SerializableCollection("bin", [timeline.deepcopy()])
    assert merged(box.to_json_string().encode(), one).same == len(one)
    old = opentimelineio.core.serialize_json_to_string(timeline, {"Clip": 1}, 1)
    assert '"Clip.1"' in old
    assert merged(old.encode(), one).same == len(one)


@pytest.mark.parametrize("broken", ['"value": NaN', '"value": Infinity', '"rate": 1e308', '"rate": -5', '"rate": 0.0'])
def test_what_is_no_time_is_refused(broken: str) -> None:
    one = board(NTSC)
    data = edited(one, EDITS["nothing"][0]).decode()
    name = broken.partition(":")[0]
    damaged = data.replace(f'{name}: {"48.0" if "value" in name else float(NTSC)}', broken, 1)
    assert damaged != data
    with pytest.raises(SchemaError, match="is no time"):
        back(damaged.encode(), one)


@pytest.mark.parametrize("value", ["1e308", "-1e308", "-5.0", "123456789012345678901234567890.0"])
def test_times_outside_the_video_are_listed(value: str) -> None:
    one = board(NTSC)
    timeline = json.loads(edited(one, EDITS["nothing"][0]))
    scale = next(mark for mark in timeline["tracks"]["markers"] if mark["name"] == "camera.scale=MCU")
    scale["marked_range"]["start_time"]["value"] = float(value)
    found = merged(json.dumps(timeline).encode(), one)
    assert found.board == one
    assert found.conflicts


def test_a_cut_off_or_nested_file_is_refused() -> None:
    one = board(NTSC)
    data = edited(one, EDITS["nothing"][0])
    depth = 100_000
    nested = b'{"OTIO_SCHEMA": "Timeline.1", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    stream = io.BytesIO()
    bundle(one, stream)
    packed = stream.getvalue()
    damaged = data.replace(b'\\"id\\": \\"m1\\"', b'\\"id\\": 7')
    assert damaged != data
    cuts = [*(data[:n] for n in range(0, len(data) - 1, 997)), *(packed[:n] for n in range(0, len(packed) - 1, 997))]
    for bad in [*cuts, nested, damaged, b'{"OTIO_SCHEMA": "Clip.99"}', b'{"OTIO_SCHEMA": "Track.1"}']:
        with pytest.raises(SchemaError) as caught:
            back(bad, one)
        assert caught.value.hint


def test_a_new_marker_may_name_a_label_alone_where_one_facet_has_it() -> None:
    def add_plain(timeline: Any) -> None:
        span = moved(timeline.tracks.markers[0].marked_range, 0, 20)
        timeline.tracks.markers.append(opentimelineio.schema.Marker(name="Selfie arm", marked_range=span))

    one = board(NTSC)
    (new,) = [correction for correction in back(edited(one, add_plain), one) if correction.unit is None]
    assert (new.facet, new.label) == ("camera.framing", "selfie_arm")
    assert new.span == Span.of(0, one.media.frame_time_s(20))
