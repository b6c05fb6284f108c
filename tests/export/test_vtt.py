"""WebVTT, read back by the webvtt package and by a browser's own <track>."""

from __future__ import annotations

import base64
import html
import io
import json
import shutil
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pysubs2
import pytest
import webvtt

from sestina.core.storyboard import Storyboard, Transcript, Unit, Word
from sestina.core.time import Span
from tests.export.boards import CUTS, HOSTILE, board, unit
from tests.export.screens import ALL_KINDS, frames, made

BOARD = board()
KINDS = {"vtt": {"what": "both"}, "vtt-chapters": {}, "vtt-metadata": {}}


def read(raw: bytes) -> list[Any]:
    return list(webvtt.from_buffer(io.BytesIO(raw)))


def times(cue: Any) -> tuple[int, int]:
    """Return when a cue begins and ends, milliseconds."""
    return tuple(
        ((time.hours * 60 + time.minutes) * 60 + time.seconds) * 1000 + time.milliseconds
        for time in (cue.start_time, cue.end_time)
    )


def test_the_file_is_what_the_format_wants() -> None:
    assert made("vtt", BOARD, what="both").decode() == (
        "WEBVTT\n\n"
        "s1\n00:00:00.100 --> 00:00:02.450\nHere is how it works, in a minute.\n\n"
        "x0\n00:00:01.600 --> 00:00:03.233 line:70.00% position:35.00% align:center\nOnly $9.99 today\n"
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_storyboard_of_nothing_is_an_empty_track(name: str) -> None:
    nothing = BOARD.model_copy(update={"items": (), "transcript": Transcript()})
    assert made(name, nothing, **KINDS[name]) == b"WEBVTT\n"


@pytest.mark.parametrize(("rate", "facts"), ALL_KINDS)
def test_every_cue_shows_on_exactly_its_frames(rate: Fraction, facts: dict[str, Any]) -> None:
    one = board(rate, **facts)
    (cue,) = read(made("vtt", one, what="screen"))
    assert frames(rate, *times(cue), **facts) == (CUTS[1], CUTS[2])
    chapters = read(made("vtt-chapters", one, by="shots"))
    assert [frames(rate, *times(cue), **facts) for cue in chapters] == list(pairwise(CUTS))
    shots = read(made("vtt-metadata", one, facet="edit.shot"))
    assert [frames(rate, *times(cue), **facts) for cue in shots] == list(pairwise(CUTS))


def test_hostile_text_is_read_as_it_was() -> None:
    (cue,) = read(made("vtt", board(text=HOSTILE), what="screen"))
    assert " ".join(html.unescape(cue.raw_text).split()) == " ".join(HOSTILE.split())
    (other,) = pysubs2.SSAFile.from_string(made("vtt", board(text="a & b --> c"), what="screen").decode())
    assert html.unescape(other.plaintext) == "a & b --> c"


def test_a_speaker_is_a_voice() -> None:
    words = (Word(text="Hi.", start_s=0, end_s=1, speaker="<A> & B"),)
    one = BOARD.model_copy(update={"transcript": Transcript(words=words)})
    (cue,) = read(made("vtt", one))
    assert cue.raw_text == "<v &lt;A&gt; &amp; B>Hi."
    assert cue.text == "Hi."


def test_metadata_cues_hold_the_units() -> None:
    hostile = unit("NOTE --> x", "diss.overlay.text", Span.at(2.0), text=HOSTILE + "\u2028\x85")
    one = BOARD.model_copy(update={"items": (*BOARD.items, hostile)}).canonical()
    cues = read(made("vtt-metadata", one))
    assert {json.loads(cue.text)["id"]: Unit.model_validate_json(cue.text) for cue in cues} == {
        one.id: one for one in one
    }
    assert [times(cue) for cue in cues if cue.identifier == "#NOTE -> x"] == [(2000, 2001)]
    assert [times(cue)[0] for cue in cues] == sorted(times(cue)[0] for cue in cues)


def test_metadata_can_be_a_part() -> None:
    overlays = read(made("vtt-metadata", BOARD, facet="diss.overlay"))
    assert [cue.identifier for cue in overlays] == ["o0"]
    assert read(made("vtt-metadata", BOARD, min_confidence=0.95)) == []


def test_a_browser_reads_every_track() -> None:
    """Chromium's own parser gives the same cues, payloads and places."""
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    one = board(text=HOSTILE)
    kinds = {"vtt": "subtitles", "vtt-chapters": "chapters", "vtt-metadata": "metadata"}
    tracks = "".join(
        f'<track kind={kind} srclang=en src="data:text/vtt;base64,'
        f'{base64.b64encode(made(name, one, **KINDS[name])).decode()}">'
        for name, kind in kinds.items()
    )
    script = """() => new Promise(done => {
        const tracks = [...document.querySelectorAll('track')];
        tracks.forEach(one => { one.track.mode = 'hidden'; });
        const ready = () => tracks.every(one => one.readyState > 1) ? done(tracks.map(one => [...one.track.cues].map(
            cue => [cue.id, cue.startTime, cue.endTime, cue.text, cue.line, cue.position, cue.align,
                    cue.getCueAsHTML().textContent]
        ))) : setTimeout(ready, 20);
        ready();
    })"""
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(f"<video>{tracks}</video>")
        subtitles, chapters, metadata = page.evaluate(script)
        browser.close()
    shown = next(cue for cue in subtitles if cue[0] == "x0")
    assert shown[1:3] == [1.6, 3.233]
    assert shown[4:7] == [70, 35, "center"]
    assert " ".join(shown[7].split()) == " ".join(HOSTILE.split())
    assert [cue[7] for cue in chapters] == ["Hook", "Development"]
    assert {cue[0] for cue in metadata} == {one.id for one in one}
    assert all(Unit.model_validate_json(cue[3]) == one[cue[0]] for cue in metadata)


def test_ten_hours_are_written_with_their_hours() -> None:
    words = (Word(text="Late.", start_s=36_000.5, end_s=36_001.5),)
    media = BOARD.media.model_copy(update={"span": Span.of(0, 40_000)})
    one: Storyboard = BOARD.model_copy(update={"transcript": Transcript(words=words), "media": media})
    (cue,) = read(made("vtt", one))
    assert times(cue) == (36_000_500, 36_001_500)
