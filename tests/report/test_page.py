"""Writing the page: with and without its video and its numbers, the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard
from sestina.media.probe import probe
from sestina.report.page import source_hash, write_report
from sestina.report.video import find_film
from tests.report.sample import render_sample, sample_board, sample_media, sample_tracks


@pytest.fixture
def short(tmp_path: Path) -> Path:
    return render_sample(tmp_path / "a b%é'.mp4", width=90, height=160, length_s=0.6)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, clip: Path) -> None:
    board = sample_board(probe(clip))
    for name in ("one.html", "two.html"):
        write_report(board, tmp_path / name, video=clip, tracks=sample_tracks())
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_the_page_is_small(sample_page: Path, clip: Path) -> None:
    assert sample_page.stat().st_size - clip.stat().st_size * 4 / 3 < 1_500_000


def test_the_policy_allows_the_very_script_and_style(sample_page: Path) -> None:
    page = sample_page.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    script = re.search(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy
    assert script
    assert style
    assert "default-src 'none'" in policy[1]
    assert f"script-src '{source_hash(script[1])}'" in policy[1]
    assert f"style-src '{source_hash(style[1])}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r'(?:src|href)="(?!data:,|#)', page)


def test_without_video_and_numbers_the_page_says_so(tmp_path: Path) -> None:
    write_report(sample_board(sample_media("gone.mp4")), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "The page is without pictures" in page
    assert "The measured numbers are not at hand" in page


def test_a_video_beside_the_document_is_found(tmp_path: Path, clip: Path) -> None:
    board = sample_board(sample_media("/elsewhere/knots.mp4"))
    film = find_film(board, tmp_path / "page.html", None, clip.parent)
    assert film.path == clip
    assert "not byte for byte" in film.note


def test_a_large_video_is_linked_by_its_relative_path(tmp_path: Path, short: Path) -> None:
    (tmp_path / "pages").mkdir()
    board = Storyboard(media=probe(short))
    film = find_film(board, tmp_path / "pages" / "page.html", short, None, embed_bytes=10)
    assert (film.source, film.data) == ("../a%20b%25%C3%A9%27.mp4", "")
    assert find_film(board, tmp_path / "page.html", short, None).data


def test_what_browsers_do_not_play_is_not_carried(tmp_path: Path, clip: Path) -> None:
    board = sample_board(probe(clip))
    assert board.media.video is not None
    video = board.media.video.model_copy(update={"codec": "prores"})
    other = board.model_copy(update={"media": board.media.model_copy(update={"video": video})})
    film = find_film(other, tmp_path / "page.html", clip, None)
    assert not film.playable
    assert not film.data


def test_sound_alone_has_a_page(tmp_path: Path) -> None:
    media = sample_media("talk.wav").model_copy(update={"video": None})
    write_report(Storyboard(media=media), tmp_path / "page.html", tracks={})
    assert (tmp_path / "page.html").stat().st_size > 1000


def test_a_folder_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(SestinaError) as caught:
        write_report(Storyboard(media=sample_media()), tmp_path / "no" / "page.html", tracks={})
    assert caught.value.hint
