"""OpenTimelineIO files, read back by the library that defines them; corrections are in test_otio_back.py."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.errors import SchemaError, SestinaError
from sestina.core.evidence import MetricEvidence
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.export._merge import merge
from sestina.export.otio import bundle, corrected, otio, storyboard_of
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, unit

NTSC = Fraction(30000, 1001)


def written(one: Storyboard, **options: Any) -> bytes:
    stream = io.BytesIO()
    otio(one, stream, **options)
    return stream.getvalue()


def read(data: bytes | str) -> Any:
    text = data.decode() if isinstance(data, bytes) else data
    return opentimelineio.adapters.read_from_string(text, "otio_json")


def saved(data: bytes) -> bytes:
    """Return the file as an editor saves it: through the library's own objects."""
    text: str = read(data).to_json_string()
    return text.encode()


def with_units(one: Storyboard, *more: Unit) -> Storyboard:
    return one.model_copy(update={"items": (*one.items, *more)}).canonical()


def frames(span: Any) -> tuple[float, float]:
    return span.start_time.value, span.end_time_exclusive().value


@pytest.mark.parametrize("rate", RATES)
def test_shots_edits_and_labels_lie_on_their_frames_at_every_rate(rate: Fraction) -> None:
    timeline = read(written(board(rate)))
    picture, sound = timeline.tracks
    first, second, dissolve, third = picture
    assert [frames(clip.source_range) for clip in (first, second, third)] == [(0, 48), (48, 97), (97, 150)]
    assert {clip.source_range.start_time.rate for clip in (first, second, third)} == {float(rate)}
    assert (97 - dissolve.in_offset.value, 97 + dissolve.out_offset.value) == DISSOLVE
    assert (dissolve.name, dissolve.transition_type) == ("cross_dissolve", "SMPTE_Dissolve")
    assert frames(timeline.tracks.range_of_child(third)) == (97, 150)
    assert [frames(clip.source_range) for clip in sound] == [(0, 48), (48, 97), (97, 150)]
    markers = {marker.name: marker for marker in timeline.tracks.markers}
    assert frames(markers["camera.scale=MCU"].marked_range) == (48, 97)
    assert frames(markers["diss.aspect=16:9"].marked_range) == (0, CUTS[-1])
    assert [marker.name for marker in second.markers] == ["edit.transition=hard_cut"]


def test_a_variable_rate_is_conformed_and_the_file_says_so() -> None:
    one = board(NTSC, vfr=True)
    timeline = read(written(one))
    clips = [item for item in timeline.tracks[0] if isinstance(item, opentimelineio.schema.Clip)]
    zero = one.media.frame_table().time_s(0)  # type: ignore[union-attr]  # it has video
    for clip, shot in zip(clips, one.shots, strict=True):
        assert abs(float(clip.source_range.start_time.to_seconds()) - (shot.span.start_s - zero)) <= 0.5 / float(NTSC)
    assert "conformed from variable frame rate to 29.970" in timeline.metadata["sv6d"]["note"]


def test_each_dimension_has_its_colour_and_a_fade_stands_at_the_end() -> None:
    one = board()
    table = one.media.frame_table()
    assert table is not None
    fade = unit("f", "edit.transition", Span.of(table.time_s(140), table.time_s(150)), label="fade_out")
    timeline = read(written(with_units(one, fade)))
    colours = {marker.name.partition(".")[0]: marker.color for marker in timeline.tracks.markers}
    assert colours == {"aes": "MAGENTA", "camera": "BLUE", "diss": "CYAN", "narr": "YELLOW", "subject": "GREEN"}
    last = timeline.tracks[0][-1]
    assert (last.name, last.in_offset.value, last.out_offset.value) == ("fade_out", 10, 0)


@pytest.mark.parametrize("facts", [{}, {"text": HOSTILE, "name": NAME}, {"vfr": True}, {"size": (720, 1280)}])
def test_the_library_reads_and_writes_the_same_objects(facts: dict[str, Any]) -> None:
    """So no field is missing, misspelt or of another type than the library itself would write."""
    data = written(board(NTSC, **facts))
    assert json.loads(saved(data)) == json.loads(data)


@pytest.mark.parametrize("rate", [*RATES, Fraction(120, 7)])
@pytest.mark.parametrize("facts", [{}, {"text": HOSTILE, "name": NAME}, {"vfr": True}, {"audio": False}])
def test_the_whole_document_comes_back(rate: Fraction, facts: dict[str, Any]) -> None:
    one = board(rate, **facts)
    for data in (written(one), saved(written(one))):
        again = storyboard_of(io.BytesIO(data))
        assert again == one
        assert again.to_json() == one.to_json()


plain = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("OTIO_SCHEMA"), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(text=st.text(), number=st.floats(allow_nan=False, allow_infinity=False), named=st.dictionaries(st.text(), plain))
def test_any_text_number_and_attribute_comes_back(text: str, number: float, named: dict[str, Any]) -> None:
    """Numbers to their last bit, keys in their order: through the library's objects neither would."""
    one = board()
    says = MetricEvidence(signal="x", op=">=", threshold=number, value=number, span=one.shots[0].span)
    facts = {"text": text, "attributes": named, "evidence": (says,)}
    odd = unit("odd", "subject.utterance", one.shots[0].span, **facts)
    one = with_units(one, odd)
    assert storyboard_of(io.BytesIO(saved(written(one)))).to_json() == one.to_json()


def test_units_that_are_neither_clip_nor_transition_are_markers() -> None:
    """A shot inside a frame, edits that overlap, two units of one id: what no editor can show is in the file."""
    one = board(Fraction(25))
    whole = one.media.span
    spans = (Span.of(3.8, 4), Span.of(2, 5))
    edits = [unit(f"e{n}", "edit.transition", span, label="slide") for n, span in enumerate(spans)]
    tiny = unit("tiny", "edit.shot", Span.of(1.921, 1.922), label="shot")
    twin = unit("m1", "camera.movement", whole, label="static")
    odd = with_units(one, *edits, tiny, twin)
    data = written(odd)
    assert storyboard_of(io.BytesIO(data)).to_json() == odd.to_json()
    timeline = read(data)
    assert sum(isinstance(item, opentimelineio.schema.Clip) for item in timeline.tracks[0]) == 3


def test_dimensions_that_are_not_shown_are_still_in_the_file() -> None:
    one = board()
    data = written(one, dimensions="camera,narrative", min_confidence=0.5)
    names = {marker.name.partition(".")[0] for marker in read(data).tracks.markers}
    assert names == {"camera", "narr"}
    assert storyboard_of(io.BytesIO(data)) == one
    found = merge(one, corrected(io.BytesIO(data), one), who="ada", tool="otio")
    assert (found.board, found.conflicts) == (one, ())
    with pytest.raises(SestinaError):
        written(one, dimensions="camera,weather")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("clip.mp4", "clip.mp4"),
        ("/films/a b#1.mp4", "file:///films/a%20b%231.mp4"),
        ("C:\\films\\a.mp4", "file:///C:/films/a.mp4"),
        ("https://example.org/a.mp4?x=1", "https://example.org/a.mp4?x=1"),
    ],
)
def test_the_media_is_referred_to_as_the_document_has_it(path: str, uri: str) -> None:
    one = board(name=path)
    assert read(written(one)).tracks[0][0].media_reference.target_url == uri


def test_deleted_units_are_no_whole_document() -> None:
    timeline = read(written(board()))
    del timeline.tracks.markers[0]
    with pytest.raises(SchemaError, match=r"1 of 14 units were deleted"):
        storyboard_of(io.BytesIO(timeline.to_json_string().encode()))
    del timeline.metadata["sv6d"]
    with pytest.raises(SchemaError, match="carries no storyboard"):
        storyboard_of(io.BytesIO(timeline.to_json_string().encode()))


def bundled(one: Storyboard, **options: Any) -> bytes:
    stream = io.BytesIO()
    bundle(one, stream, **options)
    return stream.getvalue()


def test_a_bundle_holds_the_video_and_the_library_unpacks_it(tmp_path: Path) -> None:
    video = tmp_path / "somewhere.mp4"
    video.write_bytes(bytes(range(256)) * 5000)
    one = board(NTSC, name=NAME)
    data = bundled(one, video=video)
    assert data == bundled(one, video=video)
    packed = tmp_path / "clip.otioz"
    packed.write_bytes(data)
    (tmp_path / "out").mkdir()
    adapters: Any = opentimelineio.adapters
    timeline = adapters.read_from_file(str(packed), extract_to_directory=str(tmp_path / "out"))
    target = timeline.tracks[0][0].media_reference.target_url
    assert target == "media/a_b_c_100_1_x.mp4"
    assert (tmp_path / "out" / target).read_bytes() == video.read_bytes()
    assert "not, byte for byte" in timeline.metadata["sv6d"]["note"]
    assert storyboard_of(io.BytesIO(data)) == one
    assert str(tmp_path) not in data.decode("latin-1")


def test_a_bundle_without_the_video_refers_to_it_and_says_so(tmp_path: Path) -> None:
    one = board()
    packed = tmp_path / "clip.otioz"
    packed.write_bytes(bundled(one))
    timeline = opentimelineio.adapters.read_from_file(str(packed))
    assert timeline.tracks[0][0].media_reference.target_url == "clip.mp4"
    assert "was not found" in timeline.metadata["sv6d"]["note"]
    with pytest.raises(SestinaError):
        bundled(one, video=tmp_path / "gone.mp4")


def test_what_is_in_a_bundle_bears_one_fixed_time() -> None:
    with zipfile.ZipFile(io.BytesIO(bundled(board()))) as archive:
        members: Iterable[zipfile.ZipInfo] = archive.infolist()
        assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_a_video_without_pictures_is_refused_with_a_hint() -> None:
    one = board()
    silent = one.model_copy(update={"media": one.media.model_copy(update={"video": None})})
    with pytest.raises(SestinaError, match="no pictures") as caught:
        written(silent)
    assert caught.value.hint
