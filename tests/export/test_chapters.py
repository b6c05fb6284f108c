"""Chapters: YouTube's rules, FFmpeg's own reader, and copies of a video whose packets are the very same."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.errors import OpenError, SestinaError
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.media.encode import VideoWriter
from tests.export.boards import CUTS, HOSTILE, RATES, board, unit
from tests.export.screens import ALL_KINDS, frames, made

Packets = dict[str, list[tuple[Fraction, Fraction, bytes]]]


def of_beats(*lengths_s: float, labels: tuple[str, ...] = ("hook", "development", "cta")) -> Storyboard:
    """Return a storyboard whose beats last so long, in order."""
    edges = [sum(lengths_s[:n]) for n in range(len(lengths_s) + 1)]
    beats = [
        unit(f"b{n}", "narr.beat", Span.of(a, b), label=labels[n % len(labels)], level="segment")
        for n, (a, b) in enumerate(pairwise(edges))
    ]
    media = board().media.model_copy(update={"span": Span.of(0, edges[-1])})
    return board().model_copy(update={"media": media, "items": tuple(beats)}).canonical()


def youtube(of: Storyboard, **options: Any) -> list[str]:
    return made("chapters-youtube", of, **options).decode().splitlines()


def film(path: Path, rate: Fraction, *, ticks: tuple[int, ...] | None = None, size: tuple[int, int] = (64, 36)) -> Path:
    """Render noise with sound, B-frames and the cuts of `boards`."""
    rng = np.random.default_rng(1)
    base = 1 / (rate * 20)
    with VideoWriter(path, width=size[0], height=size[1], rate=rate, sample_rate_hz=48_000, time_base=base) as out:
        for k in range(CUTS[-1]):
            shot = sum(k >= cut for cut in CUTS)
            picture = rng.integers(0, 40, (size[1], size[0], 3)) + 50 * shot
            out.add_frame(picture.astype(np.uint8), ticks[k] if ticks else 20 * k)
        out.add_audio(rng.random((2, int(48_000 * CUTS[-1] / rate)), np.float32) / np.float32(4))
    return path


def packets(source: Path | bytes) -> tuple[Packets, list[Any]]:
    """Return every packet of pictures and sound with its exact times, and the chapters."""
    found: Packets = defaultdict(list)
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as container:
        for packet in container.demux():
            if packet.size and packet.stream.type in ("video", "audio"):
                base = Fraction(packet.time_base)
                found[packet.stream.type].append(((packet.pts or 0) * base, (packet.dts or 0) * base, bytes(packet)))
        return found, container.chapters()


def starts_ms(chapters: list[Any]) -> list[int]:
    return [int(chapter["start"] * chapter["time_base"] * 1000) for chapter in chapters]


def test_a_line_is_a_chapter() -> None:
    assert youtube(of_beats(15.5, 50, 3600)) == ["0:00 Hook", "0:15 Development", "1:05 Cta"]
    assert youtube(of_beats(10, 3600, 10))[-1] == "1:00:10 Cta"


def test_short_beats_join_their_neighbours() -> None:
    assert youtube(of_beats(4, 7, 12, 10, 3)) == ["0:00 Hook, Development", "0:11 Cta", "0:23 Hook, Development"]
    assert youtube(of_beats(3, 4, 5, 20, 20, labels=("hook", "proof", "cta")))[0] == "0:00 Hook … Cta"


def test_where_no_three_chapters_fit_youtube_is_refused() -> None:
    with pytest.raises(SestinaError, match=r"wants 3 chapters of 10 s; the beats .* give 2") as refused:
        youtube(of_beats(12, 13))
    assert "under 30 s" in refused.value.hint
    shots = [unit(f"s{n}", "edit.shot", Span.of(20 * n, 20 * n + 20), label="shot") for n in range(3)]
    whole = of_beats(60)
    with pytest.raises(SestinaError) as refused:
        youtube(whole.model_copy(update={"items": (*whole.items, *shots)}))
    assert refused.value.hint == "--set by=shots"


@given(st.lists(st.floats(0.04, 40), min_size=1, max_size=20))
def test_what_is_written_keeps_youtubes_rules(lengths_s: list[float]) -> None:
    one = of_beats(*lengths_s)
    try:
        lines = youtube(one)
    except SestinaError:
        return
    clocks = [[int(part) for part in line.split()[0].split(":")] for line in lines]
    starts = [sum(part * 60**n for n, part in enumerate(reversed(clock))) for clock in clocks]
    assert starts[0] == 0
    assert len(starts) >= 3
    assert all(b - a >= 10 for a, b in pairwise([*starts, int(one.media.span.end_s)]))


def test_titles_are_paraphrases_labels_or_numbers() -> None:
    one = of_beats(10, 10, 10)
    told = unit("p", "narr.beat.paraphrase", Span.of(10, 20), text="She asks\nwhy", level="segment")
    silent = Unit(**{**dict(one["b2"]), "label": None, "status": "abstain", "reason": "unclear"})
    items = (one["b0"], one["b1"], told, silent)
    assert youtube(one.model_copy(update={"items": items})) == ["0:00 Hook", "0:10 She asks why", "0:20 Part 3"]


def test_scenes_are_units_of_that_level() -> None:
    day, night = (
        unit(f"t{n}", "subject.time_of_day", Span.of(30 * n, 30 * n + 30), label=label, level="scene")
        for n, label in enumerate(("day", "night"))
    )
    one = of_beats(60)
    raw = made("chapters-podcast", one.model_copy(update={"items": (day, night)}), by="scenes")
    assert [chapter["title"] for chapter in json.loads(raw)["chapters"]] == ["Day", "Night"]
    with pytest.raises(SestinaError, match="has no scenes") as refused:
        made("chapters-podcast", one, by="scenes")
    assert refused.value.hint == "--set by=beats"


def test_a_podcasts_chapters() -> None:
    assert json.loads(made("chapters-podcast", of_beats(1.5, 2.25))) == {
        "version": "1.2.0", "fileName": "clip.mp4", "chapters": [
            {"startTime": 0.0, "endTime": 1.5, "title": "Hook"},
            {"startTime": 1.5, "endTime": 3.75, "title": "Development"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("rate", "facts"), ALL_KINDS)
def test_ffmpeg_reads_the_metadata_file_to_the_frame(rate: Fraction, facts: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "chapters.txt"
    path.write_bytes(made("chapters-ffmetadata", board(rate, **facts), by="shots"))
    with av.open(str(path), format="ffmetadata") as container:
        found = container.chapters()
    assert {chapter["time_base"] for chapter in found} == {Fraction(1, 1000)}
    assert [frames(rate, one["start"], one["end"], **facts) for one in found] == list(pairwise(CUTS))


def test_ffmpeg_reads_a_hostile_title_as_it_was(tmp_path: Path) -> None:
    one = of_beats(10, 10)
    told = unit("p", "narr.beat.paraphrase", Span.of(0, 10), text=f"#;=\\ {HOSTILE}", level="segment")
    path = tmp_path / "chapters.txt"
    path.write_bytes(made("chapters-ffmetadata", one.model_copy(update={"items": (*one.items, told)})))
    with av.open(str(path), format="ffmetadata") as container:
        assert container.chapters()[0]["metadata"] == {"title": " ".join(f"#;=\\ {HOSTILE}".split())}


@pytest.mark.parametrize("rate", RATES)
def test_a_copy_has_the_same_packets_and_chapters_on_the_cuts(rate: Fraction, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", rate)
    before, _ = packets(source)
    for name in ("chapters-mp4", "chapters-mkv"):
        raw = made(name, board(rate), by="shots", video=source)
        assert name == "chapters-mkv" or (b"chpl" in raw and b"chap" in raw)  # Nero's list and QuickTime's track
        after, chapters = packets(raw)
        assert [chapter["metadata"]["title"] for chapter in chapters] == ["Shot 1", "Shot 2", "Shot 3"]
        ends = [*starts_ms(chapters), 10_000]
        assert [frames(rate, a, b) for a, b in pairwise(ends)] == list(pairwise(CUTS))
        for kind, was in before.items():
            assert [data for *_, data in after[kind]] == [data for *_, data in was]
            off = [abs(a - b) for (a, *_), (b, *_) in zip(after[kind], was, strict=True)]
            assert max(off) <= (0 if name == "chapters-mp4" else Fraction(1, 2000))  # Matroska counts milliseconds


def test_a_variable_rate_and_an_upright_picture_are_copied_too(tmp_path: Path) -> None:
    rate = Fraction(30)
    kinds: tuple[dict[str, Any], ...] = ({"vfr": True}, {"size": (36, 64)})
    for facts in kinds:
        one = board(rate, **facts)
        assert one.media.video is not None
        source = film(tmp_path / "film.mp4", rate, ticks=one.media.video.frame_times, size=facts.get("size", (64, 36)))
        after, chapters = packets(made("chapters-mp4", one, by="shots", video=source))
        assert after == packets(source)[0]
        bounds = pairwise([*starts_ms(chapters), 10_000])
        assert [frames(rate, a, b, **facts) for a, b in bounds] == list(pairwise(CUTS))


def test_a_hostile_title_is_in_both_copies(tmp_path: Path) -> None:
    source = film(tmp_path / "it's 100% #1; =x.mp4", Fraction(60))
    told = unit("p", "narr.beat.paraphrase", board(Fraction(60))["b0"].span, text=HOSTILE, level="segment")
    one = board(Fraction(60))
    for name in ("chapters-mp4", "chapters-mkv"):
        _, chapters = packets(made(name, one.model_copy(update={"items": (*one.items, told)}), video=source))
        assert chapters[0]["metadata"]["title"] == " ".join(HOSTILE.split())


def test_without_a_video_or_with_another_file_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SestinaError, match="was not found") as refused:
        made("chapters-mp4", board())
    assert "--video" in refused.value.hint
    (tmp_path / "note.mp4").write_text("no video")
    for path in (tmp_path / "note.mp4", tmp_path / "none.mp4"):
        with pytest.raises(OpenError, match=path.name):
            made("chapters-mkv", board(), video=path)


def test_what_mp4_cannot_hold_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.webm"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libvpx", rate=30)
        stream.width, stream.height = 64, 36
        for _ in range(CUTS[-1]):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(SestinaError, match=r"mp4 cannot hold what is in 'old\.webm'") as refused:
        made("chapters-mp4", board(), video=path)
    assert "chapters-mkv" in refused.value.hint
    assert len(packets(made("chapters-mkv", board(), video=path))[1]) == 2
