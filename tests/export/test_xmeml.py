"""Final Cut Pro 7 XML, read back by a strict reader of our own and by OpenTimelineIO's adapter, at every rate."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from urllib.parse import unquote

import pytest

from sestina.core.correction import mark
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.time import Span
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, media
from tests.export.edits import RANGES, SAID, changed, edited, merged, telling, written

NTSC = Fraction(30000, 1001)


class Page:
    """A document as frames. Beside a transition a clip's end must be -1, and its media must reach across it."""

    def __init__(self, data: bytes) -> None:
        self.root = ElementTree.fromstring(data)
        (self.sequence,) = self.root.findall("sequence")
        self.rates = {self.rate(one) for one in self.root.iter("rate")}
        self.note = self.sequence.findtext("logginginfo/description", "")
        (track,) = self.sequence.findall("media/video/track")
        self.transitions: list[tuple[int, int, str]] = []
        self.pictures = list(self.clips(track))
        self.sounds = [list(self.clips(one)) for one in self.sequence.iterfind("media/audio/track")]
        assert self.number(self.sequence, "duration") == self.pictures[-1][1]

    @staticmethod
    def number(element: ElementTree.Element, path: str) -> int:
        (found,) = element.findall(path)
        return int(found.text or "")

    def rate(self, element: ElementTree.Element) -> Fraction:
        base = Fraction(self.number(element, "timebase"))
        return base * Fraction(1000, 1001) if {"TRUE": True, "FALSE": False}[element.findtext("ntsc", "")] else base

    def clips(self, track: ElementTree.Element) -> Iterator[tuple[int, int]]:
        """Yield first frame and first after of each clip, with a cut inside a transition where Premiere puts it."""
        items = [one for one in track if one.tag in ("clipitem", "transitionitem")]
        bounds = []
        for place, item in enumerate(items):
            if item.tag == "transitionitem":
                first, after = self.number(item, "start"), self.number(item, "end")
                assert 0 <= first < after
                self.transitions.append((first, after, item.findtext("alignment", "")))
                continue
            before = items[place - 1] if place and items[place - 1].tag == "transitionitem" else None
            behind = items[place + 1] if place + 1 < len(items) and items[place + 1].tag == "transitionitem" else None
            shown = [self.number(item, "in"), self.number(item, "out")]
            assert shown[0] == (self.number(item, "start") if before is None else self.number(before, "start"))
            assert shown[1] == (self.number(item, "end") if behind is None else self.number(behind, "end"))
            assert before is None or self.number(item, "start") == -1
            assert behind is None or self.number(item, "end") == -1
            cut = [shown[n] if one is None else self.cut(one) for n, one in enumerate((before, behind))]
            bounds.append((cut[0], cut[1]))
        assert [first for first, _ in bounds] == [0, *(after for _, after in bounds[:-1])]
        yield from bounds

    def cut(self, transition: ElementTree.Element) -> int:
        (rate,) = {self.rate(one) for one in transition.iterfind("rate")}
        exact = self.number(transition, "cutPointTicks") * rate / 254_016_000_000
        assert exact.denominator == 1
        return self.number(transition, "start") + exact.numerator

    def labels(self) -> Iterator[tuple[str, str, str, str, int, int | None]]:
        """Yield unit id, mark, what is said, the whole comment, first frame and first after (None for an instant)."""
        for one in self.sequence.iterfind("marker"):
            comment, after = one.findtext("comment", ""), self.number(one, "out")
            key = re.search(r'sestina \{"unit": "(.*)", "mark": "(\w{8})"\}$', comment)
            assert key
            said, ends = one.findtext("name", ""), None if after == -1 else after
            yield key[1], key[2], said, comment, self.number(one, "in"), ends


@pytest.mark.parametrize("rate", RATES)
def test_every_cut_transition_and_label_stands_on_its_frame_at_every_rate(rate: Fraction) -> None:
    one = board(rate)
    page = Page(written("xmeml", one))
    assert page.rates == {rate}
    assert page.pictures == list(pairwise(CUTS))
    assert page.sounds == [list(pairwise(CUTS))] * 2
    assert page.transitions == [(*DISSOLVE, "center")]
    found = {unit: (said, first, after) for unit, _, said, _, first, after in page.labels()}
    assert {unit: (first, after) for unit, (_, first, after) in found.items()} == RANGES
    assert {unit: found[unit][0] for unit in SAID} == SAID
    assert {unit: sign for unit, sign, *_ in page.labels()} == {unit.id: mark(unit) for unit in one}
    assert page.note == ""


@pytest.mark.parametrize("rate", RATES)
def test_opentimelineio_finds_the_same_clips_transition_and_markers(rate: Fraction) -> None:
    otio = pytest.importorskip("opentimelineio")
    pytest.importorskip("otio_fcp_adapter")
    timeline = otio.adapters.read_from_string(written("xmeml", board(rate)).decode(), adapter_name="fcp_xml")
    tracks = [*timeline.video_tracks(), *timeline.audio_tracks()]
    for track in tracks:
        clips = track.find_clips()
        assert [one.range_in_parent().start_time.value for one in clips] == list(CUTS[:-1])
        assert [one.source_range.start_time.value for one in clips] == list(CUTS[:-1])
        assert [one.source_range.duration.value for one in clips] == [b - a for a, b in pairwise(CUTS)]
        assert all(abs(one.source_range.start_time.rate - rate) < 0.005 for one in clips)
    (dissolve,) = (one for one in tracks[0] if isinstance(one, otio.schema.Transition))
    assert (dissolve.in_offset.value, dissolve.out_offset.value) == (5, 5)
    marked = [(one.marked_range.start_time.value, one.marked_range.duration.value) for one in timeline.tracks.markers]
    assert sorted(marked) == sorted((first, (after or first) - first) for first, after in RANGES.values())


@pytest.mark.parametrize("rate", RATES)
def test_drop_frame_is_counted_where_it_exists_and_can_be_refused(rate: Fraction) -> None:
    can = rate.denominator == 1001 and round(rate) in (30, 60)
    for drop, code in ((None, "DF" if can else "NDF"), (False, "NDF")):
        sequence = Page(written("xmeml", board(rate), drop=drop)).sequence
        assert sequence.findtext("timecode/displayformat") == code
        assert sequence.findtext("timecode/string") == ("00:00:00;00" if code == "DF" else "00:00:00:00")
    if not can:
        with pytest.raises(SestinaError, match="drop-frame"):
            written("xmeml", board(rate), drop=True)


def test_picture_and_sound_of_a_shot_are_linked_to_each_other() -> None:
    page = Page(written("xmeml", board()))
    items = {one.attrib["id"]: one for one in page.sequence.iter("clipitem")}
    assert len(items) == 9
    for name, item in items.items():
        shot = name.split("-")[1]
        ties = [one.findtext("linkclipref") for one in item.iterfind("link")]
        assert ties == [f"v-{shot}", f"a1-{shot}", f"a2-{shot}"]
        for link in item.iterfind("link"):
            track = link.findtext("linkclipref", "").split("-")[0]
            assert link.findtext("mediatype") == ("video" if track == "v" else "audio")
            assert link.findtext("trackindex") == (track[1:] or "1")
            assert link.findtext("clipindex") == shot
        assert item.findtext("sourcetrack/trackindex") == (name[1] if name[0] == "a" else None)
    (full,) = (one for one in page.root.iter("file") if len(one))
    assert {one.attrib["id"] for one in page.root.iter("file")} == {full.attrib["id"]}
    assert full.findtext("media/audio/channelcount") == "2"


def test_without_sound_nothing_is_linked_and_without_pictures_nothing_is_written() -> None:
    silent = Page(written("xmeml", board(audio=False)))
    assert silent.sounds == []
    assert not list(silent.root.iter("link"))
    with pytest.raises(SestinaError, match="no pictures"):
        written("xmeml", board().model_copy(update={"media": media(NTSC).model_copy(update={"video": None})}))


def test_a_variable_rate_is_conformed_and_says_so_and_vertical_stays_vertical() -> None:
    page = Page(written("xmeml", board(Fraction(30), vfr=True, size=(1080, 1920))))
    assert page.pictures == list(pairwise(CUTS))
    assert page.rates == {Fraction(30)}
    assert "conformed from variable frame rate to 30.000" in page.note
    assert {(one.findtext("width"), one.findtext("height")) for one in page.root.iter("samplecharacteristics")
            if one.find("width") is not None} == {("1080", "1920")}  # fmt: skip


@pytest.mark.parametrize(("own", "used"), [(Fraction(15), None), (Fraction(120), None),
                                           (Fraction(48000, 1001), None), (Fraction(25, 2), Fraction(25)),
                                           (Fraction(120, 7), Fraction(24000, 1001))])  # fmt: skip
def test_a_rate_that_is_whole_or_ntsc_is_kept_and_any_other_conformed(own: Fraction, used: Fraction | None) -> None:
    page = Page(written("xmeml", board(own)))
    assert page.rates == {used or own}
    assert bool(page.note) == (used is not None)
    assert page.pictures[1][0] == round(48 / own * (used or own))


def test_fades_stand_at_the_ends_and_a_cut_off_the_middle_keeps_its_place() -> None:
    """Frames 40 .. 60 around the cut at 48: Premiere is told the cut, others take the middle."""
    page = Page(written("xmeml", edited(("fade_in", 0, 9), ("dip_to_black", 40, 60), ("fade_out", 141, 150))))
    assert page.transitions == [(0, 9, "start-black"), (40, 60, "center"), (141, 150, "end-black")]
    assert page.pictures == list(pairwise(CUTS))
    assert page.note == "written as cross dissolves: dip_to_black (1), fade_in (1), fade_out (1)"
    aside = Page(written("xmeml", edited(("cross_dissolve", 48, 60), ("cross_dissolve", 90, 97))))
    assert [alignment for *_, alignment in aside.transitions] == ["start", "end"]


def test_edits_that_reach_beyond_their_shots_or_into_another_are_labels_only() -> None:
    crowded = edited(("cross_dissolve", 40, 53), ("push", 50, 60), ("iris", 90, 130), cuts=(0, 48, 55, 110, 120, 150))
    page = Page(written("xmeml", crowded))
    assert page.transitions == [(40, 53, "center")]
    assert page.note == "labels only, as they do not fit between their shots: iris (1), push (1)"
    assert Page(written("xmeml", crowded, transitions=False)).transitions == []


def test_any_text_and_name_survives() -> None:
    page = Page(written("xmeml", telling(HOSTILE)))
    note, said = next((note, said) for unit, _, said, note, *_ in page.labels() if unit == "x1")
    assert said == f"subject.entity.name={' '.join(HOSTILE.split())}"
    assert note.startswith(HOSTILE.replace("\x0b", "") + "; inferred, confidence 0.90, rule test; sestina {")
    assert page.sequence.findtext("name") == NAME
    assert unquote(next(page.root.iter("pathurl")).text or "") == NAME


def test_labels_can_be_restricted() -> None:
    assert {unit for unit, *_ in Page(written("xmeml", board(), dimensions="camera")).labels()} == {"m0", "m1", "z1"}
    assert not list(Page(written("xmeml", board(), min_confidence=0.95)).labels())


def edit(data: bytes, old: str, new: str) -> bytes:
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


def marker(name: str, first: int, after: int, comment: str = "") -> str:
    return f"<marker><name>{name}</name><comment>{comment}</comment><in>{first}</in><out>{after}</out></marker>"


@pytest.mark.parametrize("rate", RATES)
def test_what_a_person_changes_comes_back_and_nothing_else(rate: Fraction) -> None:
    one = board(rate)
    data = edit(written("xmeml", one), "camera.movement=static", "pan_right")  # the facet may be left out
    data = re.sub(rb"(scale=MCU</name>\s*<in>)48(</in>\s*<out>)97", rb"\g<1>49\g<2>98", data)
    new_ones = marker("aes.light.key=low_key", 60, 62) + marker("look at this = later", 5, -1)
    found = merged("xmeml", edit(data, "<marker>", f"{new_ones}<marker>"), one)
    new = changed(found, one)
    assert not found.conflicts
    at = one.media.frame_time_s
    assert (new["m1"].label, new["m1"].span) == ("pan_right", one["m1"].span)
    assert new["z1"].span == Span.of(at(49), at(98))
    (key,) = (unit for unit_id, unit in new.items() if unit_id.startswith("h-"))
    assert (key.facet, key.label, key.span) == ("aes.light.key", "low_key", Span.of(at(60), at(62)))
    assert len(new) == 3


def test_other_sequences_of_the_project_say_nothing() -> None:
    one = board()
    other = f"<sequence><rate><timebase>25</timebase></rate>{marker('aes.light.key=low_key', 1, 2)}</sequence>"
    assert merged("xmeml", edit(written("xmeml", one), "<sequence", f"{other}<sequence"), one).board == one
    with pytest.raises(SchemaError, match="no sequence"):
        merged("xmeml", b"<xmeml version='5'><bin/></xmeml>", one)


def test_a_storyboard_that_has_changed_since_is_not_overwritten() -> None:
    one = board()
    data = edit(written("xmeml", one), "camera.movement=static", "camera.movement=pan_right")
    items = [unit.model_copy(update={"label": "tilt_up"}) if unit.id == "m1" else unit for unit in one]
    later = one.model_copy(update={"items": tuple(items)})
    found = merged("xmeml", data, later)
    assert found.board == later
    (conflict,) = found.conflicts
    assert "has changed since the export" in conflict.why


@pytest.mark.parametrize(("old", "new", "why"), [
    ("<xmeml", "<fcpxml", "not Final Cut Pro 7 XML"), ("</media>", "", "not Final Cut Pro 7 XML"),
    ("<timebase>30</timebase>", "<timebase>0</timebase>", "0 frames a second"),
    ("<timebase>30</timebase>", "", "rate/timebase is ''"),
    ("<in>0</in>\n   <out>48", "<in>soon</in>\n   <out>48", "marker 1: in is 'soon'"),
    ("<in>0</in>\n   <out>48", f"<in>0</in>\n   <out>{'9' * 5000}", "out is '9999"),
])  # fmt: skip
def test_a_damaged_file_is_refused_with_the_place(old: str, new: str, why: str) -> None:
    with pytest.raises(SchemaError, match=why) as error:
        merged("xmeml", edit(written("xmeml", board()), old, new), board())
    assert error.value.hint
