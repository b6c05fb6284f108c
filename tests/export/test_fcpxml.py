"""FCPXML, read back by a strict reader that turns every time into a whole frame, or fails."""

from __future__ import annotations

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from sestina.core.correction import mark
from sestina.core.errors import SchemaError, SestinaError
from sestina.core.time import Span
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, media
from tests.export.edits import RANGES, SAID, changed, edited, merged, telling, written

NTSC = Fraction(30000, 1001)
CHILDREN = {
    "fcpxml": "resources library", "resources": "format asset( effect)?", "asset": "media-rep",
    "library": "event", "event": "asset-clip project", "project": "sequence", "sequence": "(note )?spine",
    "spine": "(transition )?asset-clip( transition asset-clip| asset-clip)*( transition)?",
    "asset-clip": "(note)?( ?(keyword|marker|chapter-marker))*",
    "transition": "filter-video metadata", "metadata": "md",
}  # fmt: skip
"""Which children an element may have, in this order, in our files: a part of what Apple's definition allows."""


class Page:
    """A document as frames. Asserts that every time is a whole number of frames and that clips meet."""

    def __init__(self, data: bytes) -> None:
        self.root = ElementTree.fromstring(data)
        self.format = self.one("resources/format")
        self.frame = self.seconds(self.format.attrib["frameDuration"])
        self.event_clip = self.one("library/event/asset-clip")
        self.sequence = self.one("library/event/project/sequence")
        self.note = self.event_clip.findtext("note", "")
        spine = self.one("library/event/project/sequence/spine")
        self.clips = [self.range(one, "offset") for one in spine.iterfind("asset-clip")]
        self.media = [self.range(one, "start") for one in spine.iterfind("asset-clip")]
        self.transitions = [self.range(one, "offset") for one in spine.iterfind("transition")]
        self.order = [one.tag for one in spine]
        ends = [0, *(after for _, after in self.clips)]
        assert [first for first, _ in self.clips] == ends[:-1]
        assert self.frames(self.sequence.attrib["duration"]) == ends[-1] == self.range(self.event_clip, "start")[1]

    def one(self, path: str) -> ElementTree.Element:
        found = self.root.findall(path)
        assert len(found) == 1
        return found[0]

    @staticmethod
    def seconds(text: str) -> Fraction:
        match = re.fullmatch(r"(\d+)(?:/(\d+))?s", text)
        assert match
        assert int(match[1]) < 2**63
        assert int(match[2] or 1) < 2**31
        return Fraction(int(match[1]), int(match[2] or 1))

    def frames(self, text: str) -> int:
        exact = self.seconds(text) / self.frame
        assert exact.denominator == 1
        return exact.numerator

    def range(self, element: ElementTree.Element, start: str) -> tuple[int, int]:
        first = self.frames(element.attrib[start])
        return first, first + self.frames(element.attrib["duration"])

    def labels(self) -> Iterator[tuple[str, str, str, str, int, int | None]]:
        """Yield unit id, mark, what is said, the whole note, first frame and first after (None for a marker)."""
        for one in (*self.event_clip.iterfind("keyword"), *self.event_clip.iterfind("marker")):
            key = re.search(r'sestina \{"unit": "(.*)", "mark": "(\w{8})"\}$', one.attrib["note"])
            assert key
            first, after = self.range(one, "start")
            ends = after if one.tag == "keyword" else None
            yield key[1], key[2], one.attrib["value"], one.attrib["note"], first, ends


@pytest.mark.parametrize("rate", RATES)
def test_every_cut_transition_and_label_stands_on_its_frame_at_every_rate(rate: Fraction) -> None:
    one = board(rate)
    page = Page(written("fcpxml", one))
    assert 1 / page.frame == rate
    assert page.clips == page.media == list(pairwise(CUTS))
    assert page.transitions == [DISSOLVE]
    assert page.order == ["asset-clip", "asset-clip", "transition", "asset-clip"]
    found = {unit: (said, first, after) for unit, _, said, _, first, after in page.labels()}
    assert {unit: (first, after) for unit, (_, first, after) in found.items()} == RANGES
    assert {unit: found[unit][0] for unit in SAID} == SAID
    assert {unit: sign for unit, sign, *_ in page.labels()} == {unit.id: mark(unit) for unit in one}
    assert page.note == ""


@pytest.mark.parametrize("rate", RATES)
def test_drop_frame_is_counted_where_it_exists_and_can_be_refused(rate: Fraction) -> None:
    can = rate.denominator == 1001 and round(rate) in (30, 60)
    for drop, code in ((None, "DF" if can else "NDF"), (False, "NDF")):
        assert Page(written("fcpxml", board(rate), drop=drop)).sequence.attrib["tcFormat"] == code
    if not can:
        with pytest.raises(SestinaError, match="drop-frame"):
            written("fcpxml", board(rate), drop=True)


def test_formats_have_their_names_and_a_vertical_one_is_custom() -> None:
    names = [Page(written("fcpxml", board(rate))).format.get("name", "")[len("FFVideoFormat"):] for rate in RATES]
    assert names == ["720p2398", "720p25", "720p2997", "720p30", "720p50", "720p5994", "720p60"]
    vertical = Page(written("fcpxml", board(NTSC, size=(1080, 1920)))).format.attrib
    assert (vertical["width"], vertical["height"], vertical.get("name")) == ("1080", "1920", None)


def test_a_variable_rate_is_conformed_to_the_nearest_frame_and_says_so() -> None:
    """Every third frame comes half a frame late: frame 92 begins at 92.5 / 30 s, the others at their own number."""
    page = Page(written("fcpxml", board(Fraction(30), vfr=True)))
    assert page.clips == list(pairwise(CUTS))
    assert page.transitions == [DISSOLVE]
    assert "conformed from variable frame rate to 30.000" in page.note
    assert page.sequence.findtext("note") == page.note
    slower = Page(written("fcpxml", board(Fraction(30)), rate=Fraction(25)))
    assert slower.clips == [(0, 40), (40, 81), (81, 125)]  # 97 / 30 s x 25 = 80.8


@pytest.mark.parametrize(("own", "used"), [(Fraction(15), 30), (Fraction(120, 7), Fraction(24000, 1001)),
                                           (Fraction(48), 50), (Fraction(120), 60)])  # fmt: skip
def test_a_rate_no_editor_has_goes_to_one_that_has_its_frames(own: Fraction, used: Fraction | int) -> None:
    page = Page(written("fcpxml", board(own)))
    assert 1 / page.frame == used
    assert page.clips[1][0] == round(48 / own * used)
    assert "conformed" in page.note
    with pytest.raises(SestinaError, match="no editor") as error:
        written("fcpxml", board(), rate=own)
    assert "29.97" in error.value.hint


def test_fades_stand_at_the_ends_and_what_is_no_dissolve_is_named() -> None:
    page = Page(written("fcpxml", edited(("fade_in", 0, 9), ("linear_wipe", 40, 60), ("fade_out", 141, 150))))
    assert page.transitions == [(0, 9), (40, 60), (141, 150)]
    assert page.order == ["transition", "asset-clip", "transition", "asset-clip", "asset-clip", "transition"]
    assert page.note == "written as cross dissolves: fade_in (1), fade_out (1), linear_wipe (1)"
    kinds = [one.attrib["value"] for one in page.root.iter("md")]
    assert kinds == ["fade_in", "linear_wipe", "fade_out"]


def test_edits_that_reach_beyond_their_shots_or_into_another_are_labels_only() -> None:
    crowded = edited(("cross_dissolve", 40, 53), ("push", 50, 60), ("iris", 90, 130), cuts=(0, 48, 55, 110, 120, 150))
    page = Page(written("fcpxml", crowded))
    assert page.transitions == [(40, 53)]
    assert page.note == "labels only, as they do not fit between their shots: iris (1), push (1)"
    assert len([said for _, _, said, *_ in page.labels() if said.startswith("edit.transition=")]) == 3
    assert Page(written("fcpxml", crowded, transitions=False)).transitions == []


def test_any_text_and_name_survives() -> None:
    page = Page(written("fcpxml", telling(HOSTILE)))
    note, said = next((note, said) for unit, _, said, note, *_ in page.labels() if unit == "x1")
    assert said == f"subject.entity.name={' '.join(HOSTILE.split())}".replace(",", ";")
    assert note.startswith(HOSTILE.replace("\x0b", "") + "; inferred, confidence 0.90, rule test; sestina {")
    assert page.event_clip.attrib["name"] == NAME
    assert unquote(page.one("resources/asset/media-rep").attrib["src"]) == NAME


@pytest.mark.parametrize(("path", "source"), [
    ("/a b/ü#1.mp4", "file:///a%20b/%C3%BC%231.mp4"), (r"C:\a b\c.mp4", "file:///C:/a%20b/c.mp4"),
    ("clips/c.mp4", "clips/c.mp4"), ("https://example.org/c.mp4?x=1", "https://example.org/c.mp4?x=1"),
])  # fmt: skip
def test_the_video_is_named_by_a_uri(path: str, source: str) -> None:
    for data in (written("fcpxml", board(name=path)), written("fcpxml", board(), media=path)):
        assert Page(data).one("resources/asset/media-rep").attrib["src"] == source


def test_labels_can_be_restricted_and_beats_are_chapters() -> None:
    page = Page(written("fcpxml", board(), dimensions="camera, narrative"))
    assert {unit for unit, *_ in page.labels()} == {"m0", "m1", "z1", "b0", "b1"}
    chapters = [(one.attrib["value"], page.frames(one.attrib["start"])) for one in page.root.iter("chapter-marker")]
    assert chapters == [("hook", 0), ("development", 48)]
    assert not list(Page(written("fcpxml", board(), min_confidence=0.95)).labels())
    every = Page(written("fcpxml", board(), markers="all"))
    assert len(list(every.sequence.iter("marker"))) + 2 == len(board())
    assert not list(Page(written("fcpxml", board(), markers="none")).root.iter("chapter-marker"))
    with pytest.raises(SestinaError, match="unknown dimension") as error:
        written("fcpxml", board(), dimensions="camra")
    assert "camera" in error.value.hint


def test_sound_is_part_of_every_clip_or_of_none() -> None:
    asset = Page(written("fcpxml", board())).one("resources/asset").attrib
    assert (asset["hasAudio"], asset["audioChannels"], asset["audioRate"]) == ("1", "2", "48000")
    silent = Page(written("fcpxml", board(audio=False)))
    assert "hasAudio" not in silent.one("resources/asset").attrib
    assert not any(one.get("audioLayout") for one in silent.root.iter())
    with pytest.raises(SestinaError, match="no pictures"):
        written("fcpxml", board().model_copy(update={"media": media(NTSC).model_copy(update={"video": None})}))


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {}, "vfr": {"vfr": True}, "silent": {"audio": False}, "vertical": {"size": (1080, 1920)},
    "hostile": {"text": HOSTILE, "name": NAME},
}  # fmt: skip


@pytest.mark.parametrize("facts", VARIANTS.values(), ids=VARIANTS)
def test_elements_stand_in_the_order_of_the_document_type(facts: dict[str, Any], tmp_path: Path) -> None:
    """Where SESTINA_FCPXML_DTD names Apple's definition (it may not be given on), xmllint checks against it too."""
    data = written("fcpxml", board(NTSC, **facts), markers="all")
    root = ElementTree.fromstring(data)
    assert (root.tag, root.get("version")) == ("fcpxml", "1.10")
    names = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(set(names)) == len(names)
    for one in root.iter():
        assert re.fullmatch(CHILDREN.get(one.tag, ""), " ".join(child.tag for child in one)), one.tag
        assert {one.attrib[key] for key in ("ref", "format") if key in one.attrib} <= set(names)
    definition = os.environ.get("SESTINA_FCPXML_DTD")
    if definition:
        (tmp_path / "a.fcpxml").write_bytes(data)
        subprocess.run(["xmllint", "--noout", "--dtdvalid", definition, str(tmp_path / "a.fcpxml")], check=True)


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate.denominator == 1])
def test_another_reader_finds_the_same_clips(rate: Fraction) -> None:
    """OpenTimelineIO's adapter (1.0.0) cuts 29.97 to 29, so it is asked at whole rates only; it drops transitions."""
    otio = pytest.importorskip("opentimelineio")
    pytest.importorskip("otio_fcpx_xml_adapter")
    found = otio.adapters.read_from_string(written("fcpxml", board(rate)).decode(), adapter_name="fcpx_xml")
    clips = [one for timeline in found if hasattr(timeline, "tracks") for one in timeline.find_clips()]
    ranges = [(one.source_range.start_time, one.source_range.duration) for one in clips]
    assert [(start.value, length.value) for start, length in ranges] == [(0, 48), (48, 49), (97, 53)]
    assert {start.rate for start, _ in ranges} == {rate}


def edit(data: bytes, old: str, new: str) -> bytes:
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize("rate", RATES)
def test_what_a_person_changes_comes_back_and_nothing_else(rate: Fraction) -> None:
    one = board(rate)
    data = edit(written("fcpxml", one), "camera.movement=static", "camera.movement=pan_right")
    a, b = rate.denominator, rate.numerator
    data = edit(data, f'<keyword start="{48 * a}/{b}s" duration="{49 * a}/{b}s" value="camera.scale',
                f'<keyword start="{49 * a}/{b}s" duration="{49 * a}/{b}s" value="camera.scale')  # fmt: skip
    added = f'<keyword start="{60 * a}/{b}s" duration="{2 * a}/{b}s" value="aes.light.key=low_key"/>'
    added += '<keyword value="B-roll"/>'  # an editor's own
    data = edit(data, '<keyword start="0s"', f'{added}<keyword start="0s"')
    found = merged("fcpxml", data, one)
    new = changed(found, one)
    assert not found.conflicts
    at = one.media.frame_time_s
    assert new["m1"].label == "pan_right"
    assert new["m1"].span == one["m1"].span
    assert new["z1"].span == Span.of(at(49), at(98))
    (key,) = (unit for unit_id, unit in new.items() if unit_id.startswith("h-"))
    assert (key.facet, key.label, key.span) == ("aes.light.key", "low_key", Span.of(at(60), at(62)))
    assert len(new) == 3


def test_units_of_another_document_are_refused_one_by_one() -> None:
    data = edit(written("fcpxml", board()), "{&quot;unit&quot;: &quot;m0", "{&quot;unit&quot;: &quot;gone")
    found = merged("fcpxml", data, board())
    assert [str(one) for one in found.conflicts] == ["clip 1, keyword 2: gone: the storyboard has no such unit"]


@pytest.mark.parametrize(("old", "new", "why"), [
    ("<fcpxml", "<xmeml", "not FCPXML"), ("</library>", "", "not FCPXML"),
    ('start="0s" duration="48/30s"', 'start="soon" duration="48/30s"', "'soon' is no time"),
    ('start="0s" duration="48/30s"', 'start="0/0s" duration="48/30s"', "is no time"),
    ('frameDuration="1/30s"', 'frameDuration="0s"', "a frame lasts 0"),
    ('start="0s" duration="48/30s"', f'start="0s" duration="{"9" * 5000}/1s"', "is no time"),
])  # fmt: skip
def test_a_damaged_file_is_refused_with_the_place(old: str, new: str, why: str) -> None:
    with pytest.raises(SchemaError, match=why) as error:
        merged("fcpxml", edit(written("fcpxml", board(Fraction(30))), old, new), board(Fraction(30)))
    assert error.value.hint


def test_other_clips_of_the_event_say_nothing_and_a_project_alone_is_refused() -> None:
    one = board()
    data = written("fcpxml", one)
    other = '<asset-clip ref="r9" duration="5s"><keyword value="aes.light.key=low_key"/></asset-clip>'
    assert merged("fcpxml", edit(data, "<project", f"{other}<project"), one).board == one
    with pytest.raises(SchemaError, match="no clip in the file") as error:
        merged("fcpxml", re.sub(rb"<asset-clip ref=\"r2\" name=.*?</asset-clip>", b"", data, count=1, flags=re.S), one)
    assert "event" in error.value.hint


def test_a_range_far_outside_ends_with_the_video() -> None:
    one = board(Fraction(30))
    old = 'start="0s" duration="48/30s" value="camera.movement'
    data = edit(written("fcpxml", one), old, old.replace('"48/30s"', f'"{"9" * 18}/1s"'))
    assert changed(merged("fcpxml", data, one), one)["m0"].span.end_s == one.media.span.end_s
