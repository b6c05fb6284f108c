"""What data sets share: splits by the media's hash, frames spread as trainers spread them, and where videos are."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sestina.core.errors import SestinaError
from sestina.core.time import FrameTable, Span
from sestina.export import _corpus as corpus
from tests.export.boards import RATES, board, media, unit

SHARES = st.floats(0, 0.5)


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_a_share_of_the_videos_lands_in_each_split() -> None:
    shares = corpus.Shares(val=0.2, test=0.1)
    found = [shares.split(sha(number)) for number in range(5000)]
    # Three standard errors of a share of 5000 are below 0.017.
    assert found.count("test") / 5000 == pytest.approx(0.1, abs=0.017)
    assert found.count("val") / 5000 == pytest.approx(0.2, abs=0.017)


@given(val=SHARES, test=SHARES, more=SHARES, number=st.integers())
def test_a_video_stays_in_the_test_when_its_share_grows(val: float, test: float, more: float, number: int) -> None:
    before, after = corpus.Shares(val=val, test=test), corpus.Shares(val=0, test=min(1.0, test + more))
    if before.split(sha(number)) == "test":
        assert after.split(sha(number)) == "test"


def test_a_share_of_all_leaves_nothing_to_the_others() -> None:
    assert {corpus.Shares(val=0, test=1).split(sha(number)) for number in range(99)} == {"test"}
    assert {corpus.Shares(val=0, test=0).split(sha(number)) for number in range(99)} == {"train"}


@pytest.mark.parametrize(("val", "test"), [(-0.1, 0.1), (0.6, 0.5), (float("nan"), 0.1)])
def test_shares_that_are_none_are_refused(val: float, test: float) -> None:
    with pytest.raises(SestinaError) as refused:
        corpus.Shares(val=val, test=test)
    assert refused.value.hint


def table(frames: int, rate: Fraction = Fraction(30)) -> FrameTable:
    found = media(rate, frames).frame_table()
    assert found is not None
    return found


def test_frames_are_spread_from_the_first_to_the_last() -> None:
    """150 frames at 30 a second last 5 s: ten at 2 a second, 149 / 9 apart, halves to the even number."""
    assert corpus.Sampling(fps=2, most=64).frames(table(150)) == [0, 17, 33, 50, 66, 83, 99, 116, 132, 149]


def test_the_number_of_frames_is_even_at_least_four_and_at_most_what_there_is() -> None:
    two = corpus.Sampling(fps=2, most=64)
    assert len(two.frames(table(165))) == 10  # 5.5 s: 11, made even
    assert two.frames(table(30)) == [0, 10, 19, 29]  # 1 s: 2, raised to 4
    assert two.frames(table(3)) == [0, 2]
    assert two.frames(table(1)) == [0]
    assert len(corpus.Sampling(fps=2, most=9).frames(table(3000))) == 8
    assert two.frames(None) == []


@pytest.mark.parametrize("rate", RATES)
def test_the_frames_of_a_shot_are_on_screen_in_it(rate: Fraction) -> None:
    one = board(rate)
    for first, after, shot in zip((0, 48, 97), (48, 97, 150), one.shots, strict=True):
        frames = corpus.Sampling(fps=4, most=64).frames(one.media.frame_table(), shot.span)
        assert (frames[0], frames[-1]) == (first, after - 1)


@settings(max_examples=50)
@given(frames=st.integers(1, 2000), fps=st.floats(0.1, 60), most=st.integers(4, 99), rate=st.sampled_from(RATES))
def test_frames_are_in_order_inside_and_within_the_limit(frames: int, fps: float, most: int, rate: Fraction) -> None:
    found = corpus.Sampling(fps=fps, most=most).frames(table(frames, rate))
    assert found == sorted(set(found))
    assert 1 <= len(found) <= most
    assert found[0] == 0
    assert found[-1] == frames - 1 or len(found) == 1


@pytest.mark.parametrize(("fps", "most"), [(0.0, 64), (float("inf"), 64), (float("nan"), 64), (2.0, 3)])
def test_a_sampling_that_shows_nothing_is_refused(fps: float, most: int) -> None:
    with pytest.raises(SestinaError, match="nothing to show"):
        corpus.Sampling(fps=fps, most=most)


def test_an_unknown_status_is_named() -> None:
    assert corpus.chosen(" human, observed ") == {"human", "observed"}
    with pytest.raises(SestinaError, match="'humane'"):
        corpus.chosen("humane,observed")
    with pytest.raises(SestinaError, match="empty list"):
        corpus.chosen(",")


def test_a_unit_belongs_to_the_shot_that_holds_its_middle() -> None:
    one = board()
    shots = one.shots
    across = unit("a", "camera.movement", Span.of(1.0, 2.4), label="static")  # the first cut is at 1.6 s
    cut = unit("c", "edit.transition", Span.at(1.6), label="hard_cut", level="boundary")
    whole = unit("w", "diss.aspect", one.media.span, label="16:9", level="video")
    assert [[u.id for u in found] for found in corpus.within(shots, (across, cut, whole))] == [[], ["a", "c"], []]


SPANS = st.tuples(st.floats(0, 5), st.floats(0, 5)).map(lambda two: Span.of(min(two), max(two)))


@given(spans=st.lists(SPANS, max_size=9))
def test_texts_are_in_every_shot_that_shows_them(spans: list[Span]) -> None:
    """As when every shot is compared with every text."""
    one = board()
    texts = [one.transcript.screen[0].model_copy(update={"id": str(n), "span": span}) for n, span in enumerate(spans)]
    told = one.model_copy(update={"transcript": one.transcript.model_copy(update={"screen": tuple(texts)})})
    for part in corpus.parts(told, "shot", corpus.chosen("human")):
        assert part.screen == tuple(text for text in texts if part.span.overlaps(text.span))


def test_a_path_that_tells_of_a_machine_is_its_name_only() -> None:
    info = media(Fraction(30))
    paths = {
        "clips/a.mp4": "clips/a.mp4", "https://x.org/a.mp4": "https://x.org/a.mp4", "/srv/ada/a.mp4": "a.mp4",
        "D:/films/a.mp4": "a.mp4", "file:///srv/ada/a.mp4": "a.mp4",
        "D:\\films\\a.mp4": "a.mp4",
    }  # fmt: skip
    for path, public in paths.items():
        assert corpus.public_path(info.model_copy(update={"path": path})) == public
        assert corpus.public_path(info.model_copy(update={"path": path}), "/data/") == "/data/a.mp4"


def test_the_licence_is_the_one_given_or_the_files_own() -> None:
    one = board()
    tagged = one.model_copy(update={"media": one.media.model_copy(update={"tags": {"LICENSE": "CC0-1.0"}})})
    assert corpus.license_of(one, "") == "unknown"
    assert corpus.license_of(tagged, "") == "CC0-1.0"
    assert corpus.license_of(tagged, "MIT") == "MIT"


def test_a_file_of_that_name_with_another_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"not the video")
    with pytest.raises(SestinaError, match="is not the file"):
        corpus.Videos(folder=tmp_path).of(board())
    with pytest.raises(SestinaError, match="was not found"):
        corpus.Videos(folder=tmp_path / "none").of(board())


def test_the_file_given_is_of_the_first_storyboard_only(tmp_path: Path) -> None:
    content = b"the video"
    (tmp_path / "clip.mp4").write_bytes(content)
    info = media(Fraction(30)).model_copy(update={"sha256": hashlib.sha256(content).hexdigest()})
    second = board().model_copy(update={"media": info})
    videos = corpus.Videos(tmp_path / "given.mp4", tmp_path)
    assert videos.of(board()) == tmp_path / "given.mp4"
    assert videos.of(second) == tmp_path / "clip.mp4"


def test_a_shard_is_ended_before_it_grows_too_large(tmp_path: Path) -> None:
    with corpus.Shards(tmp_path, "{split}/{number}.bin", 1, tail=b"end") as shards:
        for size in (600_000, 399_997, 1, 2_000_000):
            shards.write("train", bytes(size))
        shards.write("val", b"x")
    sizes = [(tmp_path / name).stat().st_size for name in shards.files["train"]]
    assert sizes == [1_000_000, 4, 2_000_003]
    assert (tmp_path / "val/0.bin").read_bytes() == b"xend"
    assert shards.samples == {"train": 4, "val": 1, "test": 0}
    with pytest.raises(SestinaError, match="shard_mb"):
        corpus.Shards(tmp_path, "{split}", 0)


def test_a_hash_that_is_a_path_names_no_other_folder() -> None:
    one = board()
    evil = one.model_copy(update={"media": one.media.model_copy(update={"sha256": "../../../../etc/a.b"})})
    assert corpus.key(7, evil) == "000007-etcab"


def test_the_rate_shown_is_what_is_left_when_a_limit_bites() -> None:
    assert corpus.rate_of(range(10), Span.of(0, 5)) == 2.0
    assert corpus.rate_of(range(64), Span.of(0, 36_000)) == 0.001778
    assert corpus.rate_of([], Span.at(0)) == 0.0


def test_times_are_the_frames_own() -> None:
    info = media(Fraction(30), 6, vfr=True)
    assert corpus.times_of(info.frame_table(), (0, 2, 5)) == [0.0, 0.083333, 0.183333]
    found = info.frame_table()
    assert found is not None
    assert np.allclose(found.times_s[:3], [0, 1 / 30, 2.5 / 30], atol=1e-6)
