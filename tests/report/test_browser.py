"""The page in a real browser: it loads alone, shows evidence, moves by frames, filters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sestina.core.storyboard import Storyboard
from sestina.core.time import smpte
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from sestina.report.page import write_report
from sestina.report.script import joined
from tests.report.conftest import Visit
from tests.report.sample import sample_board

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[..., Visit]


def test_it_loads_without_a_word_and_asks_for_nothing(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    page.page.wait_for_timeout(300)
    assert page.said == []
    assert page.fetched == []
    assert page.text("h1") == "knots.mp4"
    for name in ("hook", "cuts", "tension", "packaging"):
        assert page.page.locator(f".card-{name} .headline").count() == 1


def choose(page: Visit, text: str) -> None:
    """Select the first unit that a search for `text` finds."""
    page.page.fill("input[type=search]", text)
    page.page.click("#list tbody tr >> nth=0")


def test_a_unit_shows_its_evidence(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    choose(page, "transition hard cut")
    said = page.text("#panel")
    assert "hard cut" in said
    assert "The features jump within one frame" in said
    assert "00:00:02:10" in said  # frame 60 at 25 a second
    assert "max of difference.cut" in said
    assert page.page.locator("#panel .plot .limit").count() == 1
    pair = page.page.locator("#panel .pair img")
    assert pair.count() == 2
    assert page("[...document.querySelectorAll('#panel .pair img')].every(i => i.complete && i.naturalHeight === 320)")
    page.page.click("#panel .unit-link >> nth=0")
    assert "Cut function" in page.text("#panel")


KINDS = {
    "overlay text stop": ["Read on screen", "STOP SCROLLING"],
    "language": ["Heard", "Stop scrolling"],
    "aspect": ["File", "video.display_width", "180"],
    "scale no face": ["Why no decision", "no face or body was found"],
    "context title": ["Supplied", "Knots"],
    "cut rationale story": ["Rests on", "location change", "Supports"],
    "kind text graphic": ["Place in the picture", "largest moving region"],
    "beat proof": ["Stretch", "follows the shot"],
    "tempo beat": ["Sound", "0:00.400 – 0:00.600"],
}


def test_every_kind_of_evidence_is_drawn(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    for search, expected in KINDS.items():
        choose(page, search)
        said = page.text("#panel")
        assert [words for words in expected if words not in said] == []
    assert page.said == []


def test_boxes_are_drawn_over_the_picture(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    inked = """(() => {
      const canvas = document.querySelector('.box-layer');
      return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0);
    })()"""
    assert not page(inked)
    choose(page, "overlay stop")
    assert page(inked)


def counting_clip(path: Path, rate: Fraction, frames: int = 60, first: int = 0) -> Path:
    """Write a clip whose frames say their number in six black and white bars."""
    with VideoWriter(path, width=192, height=64, rate=rate, crf=12, gop=20) as writer:
        for number in range(frames):
            bits = np.array([[number >> place & 1 for place in range(6)]], np.uint8) * 255
            writer.add_frame(bits.repeat(64, 0).repeat(32, 1)[..., None].repeat(3, 2), first + number)
    return path


SHOWN = """async () => {
  const film = document.querySelector('video');
  while (film.seeking || film.readyState < 2) await new Promise(done => setTimeout(done, 10));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = new OffscreenCanvas(192, 64);
  canvas.getContext('2d').drawImage(film, 0, 0);
  const data = canvas.getContext('2d').getImageData(0, 32, 192, 1).data;
  return [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + (data[(i * 32 + 16) * 4] > 128 ? 1 << i : 0), 0);
}"""


@pytest.mark.parametrize(("rate", "first"), [(Fraction(30000, 1001), 0), (Fraction(24), 20)])
def test_the_keyboard_moves_by_exactly_one_frame(visit: Open, tmp_path: Path, rate: Fraction, first: int) -> None:
    clip = counting_clip(tmp_path / "count.mp4", rate, first=first)
    write_report(Storyboard(media=probe(clip)), tmp_path / "page.html", video=clip, tracks={})
    page = visit(tmp_path / "page.html")
    page.page.wait_for_selector(".screen.plays")
    if page("document.querySelector('video').error !== null"):
        pytest.skip("this Chromium has no H.264 decoder")
    assert page(SHOWN) == 0
    for number in (1, 2, 3):
        page.page.keyboard.press("ArrowRight")
        assert page(SHOWN) == number
        assert page.text(".readout .code").split() == [smpte(number, rate), f"#{number}"]
    page.page.keyboard.press("ArrowLeft")
    assert page(SHOWN) == 2
    page.page.keyboard.press("Shift+ArrowRight")
    second = probe(clip).frame_table()
    assert second is not None
    assert page(SHOWN) == second.index_at(second.time_s(2) + 1)
    page.page.keyboard.press("End")
    assert page(SHOWN) == 59


def test_it_plays_and_stops_on_a_frame(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    page.page.wait_for_selector(".screen.plays")
    page.page.keyboard.press("m")
    page.page.keyboard.press(" ")
    page.until("document.querySelector('video').currentTime > 0.3")
    page.page.keyboard.press(" ")
    page.page.wait_for_timeout(50)
    seconds = float(page.text(".readout .time").split(":")[1])
    assert seconds > 0.2
    assert seconds * 25 == pytest.approx(round(seconds * 25), abs=1e-6)


def test_cuts_and_units_are_one_key_away(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    page.page.keyboard.press("ArrowDown")
    assert page.text(".readout .time") == "0:02.400"
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("ArrowUp")
    assert page.text(".readout .time") == "0:02.400"
    page.page.keyboard.press("]")
    first = page.text("#panel h2")
    page.page.keyboard.press("]")
    page.page.keyboard.press("[")
    assert page.text("#panel h2") == first
    page.page.keyboard.press("Escape")
    assert "At the playhead" in page.text("#panel")
    page.page.keyboard.press("?")
    assert page.page.locator("dialog.help[open]").count() == 1
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("/")
    assert page("document.activeElement.type") == "search"


def test_filters_hide_units(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    count = "#list .section-head .quiet"
    everything = page.text(count)
    assert everything == f"{len(sample_board().items)} units"
    page.page.click("[data-dimension=camera]")
    assert page.text(count) == f"{len(sample_board().items) - len(sample_board().units(dimension='camera'))} units"
    page.page.click(".quiet-button")
    assert page.text(count) == everything
    page.page.locator(".least input").fill("0.9")
    sure = [u for u in sample_board().items if u.confidence >= 0.9 or u.status == "abstain"]
    assert page.text(count) == f"{len(sure)} units"
    page.page.click(".quiet-button")
    page.page.click(".status-menu summary")
    page.page.uncheck(".menu input[value=abstain]")
    assert page.text(count) == f"{len([u for u in sample_board().items if u.status != 'abstain'])} units"


def test_a_click_on_the_timeline_selects(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page, height=1400)
    box = page.page.locator("#timeline canvas").bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 50)
    assert "shot 2" in page.text("#tip")
    page.page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 50)
    assert "shot 2" in page.text("#panel h2")
    page.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 8)
    assert page.text(".readout .time").startswith(("0:06.9", "0:07.0"))


def test_the_address_points_at_a_unit(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    choose(page, "cut rationale rhythm")
    assert page("location.hash").startswith("#edit.cut_rationale%2F")
    page.page.reload()
    page.page.wait_for_selector("html[data-ready=true]")
    assert page.text("#panel h2") == "rhythm"
    page("location.hash = '#%E0%A4%A'")
    assert page.said == []


def test_the_address_points_at_a_moment(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    page("location.hash = '#t=1.24'")
    page.until("document.querySelector('#panel .now-time').textContent.includes('1.24')")
    page("location.hash = '#t=1e999x'")
    assert page.said == []


def test_the_wheel_zooms_around_the_pointer(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page, height=1400)
    box = page.page.locator("#timeline canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.6, box["y"] + 10
    page.page.mouse.click(x, y)
    page.page.keyboard.down("Control")
    page.page.mouse.wheel(0, -500)
    page.page.keyboard.up("Control")
    page.until("document.querySelector('.spacer').offsetWidth > 3 * document.querySelector('.field').offsetWidth")
    page.page.wait_for_timeout(60)
    assert page("document.querySelector('.playhead').getBoundingClientRect().x") == pytest.approx(x, abs=15)


def test_zoom_keeps_the_playhead_in_place(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    for _ in range(3):
        page.page.keyboard.press("ArrowDown")
    at = "document.querySelector('.playhead').getBoundingClientRect().x"
    before = page(at)
    page.page.keyboard.press("+")
    page.page.keyboard.press("+")
    assert page("document.querySelector('.spacer').offsetWidth > 2 * document.querySelector('.field').offsetWidth")
    assert page(at) == pytest.approx(before, abs=2)
    page.page.keyboard.press("0")
    assert page("document.querySelector('.spacer').offsetWidth === document.querySelector('.field').offsetWidth")


def test_the_page_counts_time_codes_as_the_library_does(browser: Browser) -> None:
    folder = files("sestina.report") / "template"
    clock = joined({"clock": (folder / "clock.js").read_text()}, "clock")
    frames = [0, 1, 29, 1799, 1800, 17981, 17982, 53945, 107892, 215784]
    rates = [Fraction(24), Fraction(10), *(Fraction(nominal * 1000, 1001) for nominal in (24, 30, 60))]
    page = browser.new_page()
    script = f"([frames, rates]) => {{ {clock}; return rates.map(r => frames.map(f => $clock.smpte(f, r))); }}"
    found: Any = page.evaluate(script, [frames, [[r.numerator, r.denominator] for r in rates]])
    page.close()
    assert found == [[smpte(frame, rate) for frame in frames] for rate in rates]
