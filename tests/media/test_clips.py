"""Real clips: what probe, sweep and pictures say equals what plain sequential decoding shows."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from sestina.core.errors import EmptyError
from sestina.media.decode import audio_blocks, pictures, sweep
from sestina.media.probe import probe, refined

SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".ogv", ".gif", ".ts", ".mp3", ".wav", ".flac", ".m4a"}


def plainly(path: Path, index: int) -> tuple[list[int | None], tuple[int, int]]:
    """PTS of every frame of a stream, and the size of the first, by nothing but PyAV."""
    pts: list[int | None] = []
    size = (0, 0)
    with av.open(f"file:{path.absolute()}") as container:
        stream = container.streams[index]
        for packet in container.demux(stream):
            if packet.size == 0 and packet.pts is not None:
                continue
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    size = size if pts else (frame.width, frame.height)
                    pts.append(frame.pts)
    return pts, size


@pytest.mark.slow
def test_every_clip(clips: Path) -> None:
    wrong = []
    for path in sorted(p for p in clips.iterdir() if p.suffix.lower() in SUFFIXES):
        try:
            info = probe(path)
        except EmptyError:
            continue
        if info.video is not None and not same_frames(path):
            wrong.append(path.name)
        if info.audio is not None and info.audio.duration_s:
            heard_s = sum(block.samples.shape[1] for block in audio_blocks(path, info)) / 48_000
            if abs(heard_s - info.audio.duration_s) > 0.15:
                wrong.append(f"{path.name}: {heard_s:.3f} s of sound, {info.audio.duration_s} said")
    assert wrong == []


def same_frames(path: Path) -> bool:
    info = probe(path)
    assert info.video is not None
    with sweep(path, info) as frames:
        brightness = np.concatenate([batch.luma.mean(axis=(1, 2)) for batch in frames])
    info = refined(info, frames.pts, end_pts=frames.end_pts, problems=frames.problems)
    table = info.frame_table()
    assert table is not None
    assert info.video is not None
    expected, size = plainly(path, info.video.stream_index)
    chosen = [0, len(table) // 3, len(table) - 1]
    shown = list(pictures(path, info, [table.time_s(i) for i in chosen]))
    display = (info.video.display_height, info.video.display_width)
    return (
        table.pts.tolist() == expected
        and size == (info.video.width, info.video.height)
        and [p.pts for p in shown] == [int(table.pts[i]) for i in chosen]
        and all(p.rgb.shape[:2] == display for p in shown)
        and all(off(p.rgb, float(brightness[i])) < 12 for p, i in zip(shown, chosen, strict=True))
    )


def off(rgb: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], luma: float) -> float:
    """How far a picture's luma is from `luma`, by BT.601 or BT.709, whichever the clip has."""
    mean = rgb.astype(np.float32).mean(axis=(0, 1))
    weights = np.array([[0.299, 0.587, 0.114], [0.2126, 0.7152, 0.0722]])
    return float(np.abs(weights @ mean - luma).min())
