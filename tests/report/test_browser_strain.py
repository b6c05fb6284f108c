"""The page under strain: hostile texts, small screens, both themes, no video, no numbers, thousands of units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sestina.core.evidence import FrameEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Dimension, Producer, Provenance, ScreenText, Storyboard, Unit, Word
from sestina.core.time import Span
from sestina.media.probe import probe
from sestina.report.page import write_report
from tests.report.conftest import Visit
from tests.report.sample import sample_board, sample_media, sample_tracks

Open = Callable[..., Visit]


EVIL = "</script><img src=x onerror=alert(1)><svg onload=alert(2)>"
NASTY = [
    EVIL, "<!-- <script>alert(3)</script>", "\"'`${alert(4)}{{7*7}}", "مرحبا \u202e لعالم", "👩‍👩‍👧‍👦 🏳️‍🌈",
    "a\u2028b\u2029c\x00",
]  # fmt: skip


def hostile_board(media: MediaInfo) -> Storyboard:
    board = sample_board(media, sample_tracks())
    names = "".join(NASTY)
    bad = {"attributes": {EVIL: names}}
    units = tuple(
        unit.model_copy(update={**bad, "text": unit.text and names, "reason": unit.reason and names})
        for unit in board.items
    )
    words = tuple(Word(text=text, start_s=i * 0.5, end_s=i * 0.5 + 0.4) for i, text in enumerate(NASTY))
    screen = tuple(
        ScreenText(id=str(i), text=text, span=t.span, region=t.region, confidence=1)
        for i, (text, t) in enumerate(zip(NASTY, board.transcript.screen, strict=False))
    )
    strange = units[0].model_copy(update={"id": EVIL, "facet": EVIL, "label": EVIL, "unit": EVIL})
    return board.model_copy(
        update={
            "media": media.model_copy(update={"path": f"folder/{names.replace('/', '')}", "problems": tuple(NASTY)}),
            "items": (strange, *units),
            "transcript": board.transcript.model_copy(update={"words": words, "screen": screen}),
            "provenance": Provenance(name=EVIL, version=EVIL, notes=tuple(NASTY)),
        }
    )


def test_hostile_texts_stay_text(visit: Open, tmp_path: Path, clip: Path) -> None:
    board = hostile_board(probe(clip))
    write_report(board, tmp_path / "page.html", video=clip, tracks=sample_tracks())
    page = visit(tmp_path / "page.html")
    for _ in range(12):
        page.page.keyboard.press("]")
    page.page.fill("input[type=search]", "onerror")
    page.page.click("#list tbody tr >> nth=0")
    page.page.wait_for_timeout(200)
    assert page.said == []
    assert page.fetched == []
    assert page("document.querySelector('h1').textContent") == board.media.name
    assert page("document.querySelectorAll('[onerror], [onload], img[src=x]').length") == 0
    assert EVIL in page("document.getElementById('panel').textContent")


def test_phone_width_never_scrolls_sideways(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page, width=360, height=740, touch=True)
    wide = "document.scrollingElement.scrollWidth"
    assert page(wide) == 360
    page.page.tap("#list tbody tr >> nth=3")
    page.page.wait_for_timeout(300)
    assert page(wide) == 360
    box = page.page.locator("#inspector").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 741
    page.page.tap("#panel [aria-label=Close]")
    assert not page("document.getElementById('inspector').classList.contains('open')")


def luminance(colour: str) -> float:
    red, green, blue = (int(part) / 255 for part in colour.strip("rgb()").split(",")[:3])
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


TEXTS = """() => [...document.querySelectorAll('h1, h2, p, span, b, small, td, th button, dt, dd, .chip, .link')]
  .filter(n => n.checkVisibility() && n.textContent.trim() && !n.closest('.screen, .still, .message, #tip'))
  .map(n => {
    let back = n;
    const clear = (node) => getComputedStyle(node).backgroundColor === 'rgba(0, 0, 0, 0)';
    while (clear(back) && back.parentElement) back = back.parentElement;
    return [n.textContent.slice(0, 30), getComputedStyle(n).color, getComputedStyle(back).backgroundColor]
  })"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_contrast_in_both_themes(visit: Open, sample_page: Path, theme: str) -> None:
    page = visit(sample_page, theme=theme)
    page.page.click("#list tbody tr >> nth=4")
    poor = []
    for text, ink, paper in page(TEXTS):
        if not paper.startswith("rgb("):
            continue
        light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
        if (light + 0.05) / (dark + 0.05) < 4.5:
            poor.append((text, ink, paper))
    assert poor == []
    assert (luminance(page("getComputedStyle(document.body).backgroundColor")) < 0.2) == (theme == "dark")


def test_the_chosen_theme_is_remembered(visit: Open, sample_page: Path) -> None:
    page = visit(sample_page)
    page.page.click("[aria-label='Dark theme']")
    assert page("document.documentElement.dataset.theme") == "dark"
    page.page.reload()
    page.page.wait_for_selector("html[data-ready=true]")
    assert page("document.documentElement.dataset.theme") == "dark"
    assert page.said == []


def test_stills_stand_in_for_a_video_that_cannot_play(visit: Open, tmp_path: Path, clip: Path) -> None:
    board = sample_board(probe(clip))
    write_report(board, tmp_path / "page.html", video=clip, tracks=sample_tracks(), embed_bytes=0)
    page = visit(tmp_path / "page.html")
    page.page.wait_for_selector(".screen.plays")  # linked beside the page, it plays as well
    assert [url.rsplit("/", 1)[-1] for url in page.fetched] == ["knots.mp4"]
    data = clip.with_name("moved.mp4")
    clip.rename(data)
    try:
        page = visit(tmp_path / "page.html")
        page.page.wait_for_selector(".message:not([hidden])")
        page.page.keyboard.press("ArrowDown")
        assert page.text(".readout .time") == "0:02.400"
        page.until("document.querySelector('.still-layer').getContext('2d').getImageData(5, 5, 1, 1).data[3] === 255")
    finally:
        data.rename(clip)


def test_a_page_without_pictures_still_stands(visit: Open, tmp_path: Path) -> None:
    write_report(sample_board(sample_media("gone.mp4")), tmp_path / "page.html")
    page = visit(tmp_path / "page.html")
    assert page.said == []
    assert "no picture" in page.text(".message")
    page.page.keyboard.press("]")
    assert page.page.locator("#panel .evidence").count() == 1


def test_an_empty_document_says_what_is_missing(visit: Open, tmp_path: Path) -> None:
    write_report(Storyboard(media=sample_media("gone.mp4")), tmp_path / "page.html", tracks={})
    page = visit(tmp_path / "page.html")
    assert page.said == []
    assert page.page.locator(".card.lacks").count() == 4
    assert "No tension curve was computed." in page.text(".card-tension")


FACETS: dict[str, Dimension] = {
    "camera.movement": "camera",
    "aes.light.key": "aesthetics",
    "edit.cut_function": "editing",
    "narr.tension.peak": "narrative",
    "diss.overlay": "dissemination",
    "subject.kind": "subject",
}


def crowded(count: int) -> Storyboard:
    """Return a storyboard of a minute with `count` units."""
    starts = np.random.default_rng(3).uniform(0, 59, count).round(3).tolist()
    facets = list(FACETS)
    units = tuple(
        Unit(
            id=f"{facets[i % 6]}/{i}",
            dimension=FACETS[facets[i % 6]],
            facet=facets[i % 6],
            label="static",
            level="event",
            span=Span.of(start, start + (i % 7) * 0.2),
            confidence=(i % 10) / 10,
            status="observed",
            producer=Producer(kind="rule", name="t"),
            evidence=(FrameEvidence(at_s=start),),
        )
        for i, start in enumerate(starts)
    )
    return Storyboard(media=sample_media("gone.mp4", frames=1500), items=units)


def test_three_thousand_units_are_quick(visit: Open, tmp_path: Path) -> None:
    write_report(crowded(3000), tmp_path / "page.html", tracks={})
    page = visit(tmp_path / "page.html")
    assert page.said == []
    loaded = "performance.getEntriesByName('ready')[0].startTime"
    times = [page(loaded)]
    page.page.reload()
    page.page.wait_for_selector("html[data-ready=true]")
    times.append(page(loaded))
    assert min(times) < 2000
    assert page("document.querySelectorAll('*').length") < 5000
    page.page.keyboard.press("+")
    assert page.text("#list .section-head .quiet") == "3000 units"
