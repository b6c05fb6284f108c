"""CMX3600 edit lists, read back by a strict parser and, where it is right, by OpenTimelineIO's adapter."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio
import pytest

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span, parse_smpte, smpte
from sestina.export.edl import MOST_EVENTS, edl, resolve
from tests.export.boards import CUTS, DISSOLVE, HOSTILE, NAME, RATES, board, media, unit
from tests.export.cmx import EditList, read

NTSC, FILM = Fraction(30000, 1001), Fraction(24000, 1001)
DROPS = (NTSC, Fraction(60000, 1001))
HOUR = {True: 107892, False: 108000}
"""Frames of an hour at 29.97: drop-frame counting skips 108 numbers."""


def written(one: Storyboard, **options: Any) -> bytes:
    stream = io.BytesIO()
    edl(one, stream, **options)
    return stream.getvalue()


def listed(one: Storyboard, rate: Fraction, **options: Any) -> EditList:
    return read(written(one, **options), rate)


def shots(rate: Fraction, cuts: list[int], *edits: tuple[int, int, str], **facts: Any) -> Storyboard:
    """Return a board of shots between cuts, in frames, with gradual edits over (first, after, label)."""
    info = media(rate, cuts[-1], **facts)
    table = info.frame_table()
    assert table is not None
    times = table.time_s
    units: list[Unit] = [
        unit(f"s{n}", "edit.shot", Span.of(times(a), times(b)), label="shot", level="shot")
        for n, (a, b) in enumerate(pairwise(cuts))
    ]
    units += [
        unit(f"t{n}", "edit.transition", Span.of(times(a), times(b)), label=label)
        for n, (a, b, label) in enumerate(edits)
    ]
    return Storyboard(media=info, items=tuple(units)).canonical()


def rows(one: EditList) -> list[tuple[str, str, int, tuple[int, int]]]:
    """Return every row of the video: reel, edit, length and record frames from the start."""
    zero = one.events[0].rows[0].record[0]
    return [
        (row.reel, row.edit, row.frames, (row.record[0] - zero, row.record[1] - zero))
        for event in one.of("V")
        for row in event.rows
    ]


@pytest.mark.parametrize("drop", [None, True, False])
@pytest.mark.parametrize("rate", RATES)
def test_cuts_and_the_dissolve_lie_on_their_frames_at_every_rate(rate: Fraction, drop: bool | None) -> None:
    if drop and rate not in DROPS:
        with pytest.raises(SestinaError, match=r"29\.97 and 59\.94 only"):
            written(board(rate), drop=drop)
        return
    found = listed(board(rate), rate, drop=drop)
    assert found.drop is (rate in DROPS and drop is not False)
    first, last = DISSOLVE
    assert rows(found) == [
        ("CLIP", "C", 0, (0, 48)),
        ("CLIP", "C", 0, (48, first)),
        ("CLIP", "C", 0, (first, first)),
        ("CLIP", "D", last - first, (first, CUTS[-1])),
    ]
    for event in found.events:
        for row in event.rows:  # the list plays the file as it is
            assert row.record[0] - row.source[0] == found.events[0].row.record[0]
    assert [event.row.source for event in found.of("AA")] == [(0, 48), (48, 97), (97, 150)]


@pytest.mark.parametrize("drop", [True, False])
def test_the_hour_at_which_the_record_starts(drop: bool) -> None:
    code = "01:00:00;00" if drop else "01:00:00:00"
    found = listed(board(NTSC), NTSC, drop=drop)
    assert found.events[0].row.record[0] == HOUR[drop]
    assert f" {code} " in written(board(NTSC), drop=drop).decode()
    assert listed(board(NTSC), NTSC, drop=drop, start="00:59:58:00").events[0].row.record[0] == HOUR[drop] - 60


def test_drop_frame_numbers_are_skipped_inside_the_list() -> None:
    """The frame after 00:00:59;29 is 00:01:00;02 (SMPTE ST 12-1)."""
    one = shots(NTSC, [0, 1799, 1800, 1801, 2000])
    text = written(one, start="00:00:00:00", drop=True).decode()
    assert "00:00:59;29 00:01:00;02 00:00:59;29 00:01:00;02" in text
    assert "00:00:59:29 00:01:00:00" in written(one, start="00:00:00:00", drop=False).decode()


def test_a_variable_rate_is_conformed_and_the_list_says_so() -> None:
    found = listed(board(NTSC, vfr=True), NTSC)
    comments = [comment for event in found.events for comment in event.comments]
    assert "* CONFORMED FROM VARIABLE FRAME RATE TO 29.970 FRAMES A SECOND: TIMES LIE ON THE NEAREST FRAME" in comments
    assert "* FRAME RATE: 29.97" in comments
    assert rows(found)[-1][3][1] == CUTS[-1]
    half = read(written(board(Fraction(50)), rate=Fraction(25)), Fraction(25))
    assert rows(half)[0][3] == (0, 24)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(40, 60, "linear_wipe")], [("R", "C", 0, (0, 40)), ("R", "C", 0, (40, 40)), ("R", "W001", 20, (40, 100))]),
        ([(40, 60, "iris")], [("R", "C", 0, (0, 40)), ("R", "C", 0, (40, 40)), ("R", "W119", 20, (40, 100))]),
        ([(0, 12, "fade_in")],
         [("BL", "C", 0, (0, 0)), ("R", "D", 12, (0, 50)), ("R", "C", 0, (50, 100))]),
        ([(80, 100, "fade_out")],
         [("R", "C", 0, (0, 50)), ("R", "C", 0, (50, 80)), ("R", "C", 0, (80, 80)), ("BL", "D", 20, (80, 100))]),
        ([(40, 50, "fade_out")],
         [("R", "C", 0, (0, 40)), ("R", "C", 0, (40, 40)), ("BL", "D", 10, (40, 50)), ("R", "C", 0, (50, 100))]),
        ([(50, 60, "fade_in")], [("R", "C", 0, (0, 50)), ("BL", "C", 0, (50, 50)), ("R", "D", 10, (50, 100))]),
        ([(40, 65, "dip_to_black")],
         [("R", "C", 0, (0, 40)), ("R", "C", 0, (40, 40)), ("BL", "D", 10, (40, 50)),
          ("BL", "C", 0, (50, 50)), ("R", "D", 15, (50, 100))]),
        ([(50, 350, "cross_dissolve")], [("R", "C", 0, (0, 50)), ("R", "C", 0, (50, 400))]),
        ([(40, 60, "cross_dissolve"), (55, 70, "slide")],
         [("R", "C", 0, (0, 40)), ("R", "C", 0, (40, 40)), ("R", "D", 20, (40, 100))]),
    ],
)  # fmt: skip
def test_edits_become_the_events_that_editors_expect(
    edits: list[tuple[int, int, str]], expected: list[tuple[str, str, int, tuple[int, int]]]
) -> None:
    one = shots(Fraction(25), [0, 50, 400 if edits[0][1] > 100 else 100], *edits)
    found = listed(one, Fraction(25), reel="R")
    assert rows(found) == expected
    written_edits = sum(event.row.edit != "C" for event in found.of("V"))
    located = [text for event in found.events for _, _, text in event.locators]
    assert bool(located) is (written_edits == 0 or len(edits) > 1)


def test_an_edit_that_d_does_not_say_is_named() -> None:
    text = written(shots(Fraction(25), [0, 50, 100], (40, 60, "whip_pan_blur"))).decode()
    assert "* EFFECTS NAME IS WHIP_PAN_BLUR\r\n* FROM CLIP NAME: clip.mp4\r\n* TO CLIP NAME: clip.mp4" in text


def test_labels_are_locators_in_the_colour_of_their_dimension() -> None:
    found = listed(board(NTSC), NTSC)
    zero = HOUR[True]
    located = {text: (frame - zero, colour) for event in found.events for frame, colour, text in event.locators}
    assert located == {
        "aes.light.key=high_key (48 frames)": (0, "MAGENTA"),
        "camera.movement=pan_left (48 frames)": (0, "BLUE"),
        "camera.movement=static (49 frames)": (48, "BLUE"),
        "camera.scale=MCU (49 frames)": (48, "BLUE"),
        "diss.aspect=16:9 (150 frames)": (0, "CYAN"),
        "diss.overlay=overlay_text (49 frames)": (48, "CYAN"),
        "narr.beat=hook (48 frames)": (0, "YELLOW"),
        "narr.beat=development (102 frames)": (48, "YELLOW"),
        "subject.count=1 (48 frames)": (0, "GREEN"),
    }
    for event in found.events:
        assert all(event.row.record[0] <= frame < event.row.record[1] for frame, _, _ in event.locators)
    few = listed(board(NTSC), NTSC, dimensions="narrative", min_confidence=0.5)
    assert {colour for event in few.events for _, colour, _ in event.locators} == {"YELLOW"}


def test_hostile_texts_stay_on_their_line() -> None:
    one = board(NTSC, name=NAME)
    said = unit("u", "subject.utterance", one.shots[0].span, text=HOSTILE + "\u2028001  AX       V     C")
    one = one.model_copy(update={"items": (*one.items, said)}).canonical()
    found = listed(one, NTSC)
    assert found.title == NAME
    assert "* FROM CLIP NAME: " + NAME in found.events[0].comments
    (text,) = [text for event in found.events for _, _, text in event.locators if "utterance" in text]
    assert text.startswith("subject.utterance=He said \"no\" & 'yes' <b>]]> next, line; =1+1 -->")
    assert "العربية שלום 日本 \U0001f469\u200d\U0001f467" in text


@pytest.mark.parametrize(
    ("name", "reel"),
    [("clip.mp4", "CLIP"), ("my holiday 2024.mov", "MYHOLIDA"), ("bl.mp4", "AX"), ("日本.mp4", "AX"), (".mp4", "MP4")],
)
def test_the_reel_is_eight_letters_and_never_black(name: str, reel: str) -> None:
    assert listed(board(name=name), Fraction(30)).events[0].row.reel == reel


@pytest.mark.parametrize(
    "options",
    [
        {"reel": "BL"}, {"reel": "much too long"}, {"start": "1:00"}, {"start": "99:00:00:00"},
        {"start": "23:59:59:00"}, {"part": 2}, {"dimensions": "weather"},
    ],
)  # fmt: skip
def test_options_that_make_no_list_are_refused_with_a_hint(options: dict[str, Any]) -> None:
    with pytest.raises(SestinaError) as caught:
        written(board(), **options)
    assert caught.value.hint


def test_sound_for_each_clip_for_the_whole_or_none() -> None:
    stereo = board()
    assert stereo.media.audio is not None
    mono = stereo.media.model_copy(update={"audio": stereo.media.audio.model_copy(update={"channels": 1})})
    assert len(listed(stereo.model_copy(update={"media": mono}), Fraction(30)).of("A")) == 3
    (whole,) = listed(board(), Fraction(30), audio="whole").of("AA")
    assert whole.row.source == (0, CUTS[-1])
    assert not listed(board(), Fraction(30), audio="none").of("AA")
    assert not listed(board(audio=False), Fraction(30)).of("AA")


def test_a_list_holds_999_events_and_says_so() -> None:
    one = shots(Fraction(25), list(range(0, 5 * 1201, 5)), audio=False)
    with pytest.raises(SestinaError, match="1200 events do not fit") as caught:
        written(one)
    assert "part=2" in caught.value.hint
    first, second = (listed(one, Fraction(25), part=part) for part in (1, 2))
    assert (len(first.events), len(second.events)) == (MOST_EVENTS, 1200 - MOST_EVENTS)
    assert first.events[-1].row.record[1] == second.events[0].row.record[0]
    assert (first.title, second.title) == ("clip.mp4 PART 1", "clip.mp4 PART 2")
    assert "* ONE OF 2 PARTS: A LIST HOLDS 999 EVENTS" in first.events[0].comments


def test_without_shots_the_list_is_one_event() -> None:
    found = listed(Storyboard(media=media(FILM)), FILM)
    assert [event.row.channels for event in found.events] == ["V", "AA"]
    assert smpte(CUTS[-1], FILM) == "00:00:06:06"


def test_without_transitions_clips_meet_in_cuts_and_edits_are_locators() -> None:
    found = listed(board(NTSC), NTSC, transitions=False)
    assert [row[3] for row in rows(found)] == [(0, 48), (48, 97), (97, 150)]
    assert "edit.transition=cross_dissolve (10 frames)" in [
        text for event in found.events for _, _, text in event.locators
    ]


MARK = re.compile(r"(.*) \|C:ResolveColor(Blue|Cyan|Green|Yellow|Red|Fuchsia) \|M:([^|]*) \|D:(\d+)")


@pytest.mark.parametrize("rate", RATES)
def test_markers_for_resolve_keep_their_lengths(rate: Fraction) -> None:
    one = board(rate)
    said = unit("u", "diss.overlay", one.shots[2].span, label="overlay_text", text="a|b\nc", level="overlay")
    one = one.model_copy(update={"items": (*one.items, said)}).canonical()
    stream = io.BytesIO()
    resolve(one, stream)
    head, *blocks = stream.getvalue().decode().removesuffix("\r\n\r\n").split("\r\n\r\n")
    assert head.split("\r\n")[1] == f"FCM: {'' if rate in DROPS else 'NON-'}DROP FRAME"
    found = {}
    for number, block in enumerate(blocks, 1):
        event, line = block.split("\r\n")
        mark = MARK.fullmatch(line)
        assert mark
        assert int(event[:3]) == number
        first, after, *record = (parse_smpte(code, rate) for code in event.split()[-4:])
        assert (after, record) == (first + 1, [first, after])
        assert event.index(event.split()[-4]) == len("001  CLIP     V     C        ")
        found[mark[3]] = (first - parse_smpte("01:00:00;00" if rate in DROPS else "01:00:00:00", rate), int(mark[4]))
        assert mark[1] == ("a¦b c" if int(mark[4]) == 53 and mark[3].startswith("diss.overlay") else "")
    assert found["camera.scale=MCU"] == (48, 49)
    assert found["edit.transition=hard_cut"] == (48, 1)
    assert found["edit.transition=cross_dissolve"] == (92, 10)
    assert found["diss.aspect=16:9"] == (0, 150)
    assert len(blocks) == len(one) - 3


def adapted(one: Storyboard, rate: Fraction, **options: Any) -> Any:
    text = written(one, **options).decode()
    return opentimelineio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))


@pytest.mark.parametrize("rate", RATES)
def test_the_public_adapter_reads_cuts_the_dissolve_and_sound(rate: Fraction) -> None:
    timeline = adapted(board(rate), rate)
    picture, *sound = timeline.tracks
    clips = [item for item in picture if isinstance(item, opentimelineio.schema.Clip)]
    (dissolve,) = [item for item in picture if isinstance(item, opentimelineio.schema.Transition)]
    ranges = [(clip.source_range.start_time.value, clip.source_range.end_time_exclusive().value) for clip in clips]
    assert ranges == [(0, 48), (48, DISSOLVE[0]), (DISSOLVE[0], CUTS[-1])]
    assert dissolve.out_offset.value == DISSOLVE[1] - DISSOLVE[0]
    assert [track.name for track in sound] == ["A1", "A2"]
    assert [clip.name for clip in clips] == ["clip.mp4"] * 3


@pytest.mark.parametrize(("rate", "drop"), [(Fraction(25), False), (NTSC, False), (Fraction(60), False)])
def test_the_public_adapter_reads_locators_of_non_drop_lists(rate: Fraction, drop: bool) -> None:
    timeline = adapted(board(rate), rate, drop=drop)
    markers = [marker for clip in timeline.tracks[0] for marker in getattr(clip, "markers", ())]
    assert len(markers) == 9
    scale = next(marker for marker in markers if marker.name.startswith("camera.scale=MCU"))
    assert scale.color == "BLUE"
    assert scale.marked_range.start_time.value == 3600 * round(rate) + 48


def test_where_the_public_adapter_is_wrong() -> None:
    """Why a strict parser stands beside it: drop-frame locators are lost, and a fade from black is refused."""
    markers = [marker for clip in adapted(board(NTSC), NTSC).tracks[0] for marker in getattr(clip, "markers", ())]
    assert markers == []
    with pytest.raises(opentimelineio.exceptions.OTIOError, match="very beginning"):
        adapted(shots(Fraction(25), [0, 50, 100], (0, 12, "fade_in")), Fraction(25))
