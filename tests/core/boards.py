"""Small documents that core tests share: one video of 10 s, 25 frames a second, two shots."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sestina.core.evidence import FrameEvidence
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.time import Span

PRODUCER = Producer(kind="rule", name="by_hand")


def media(duration_s: float = 10.0, rate: Fraction = Fraction(25)) -> MediaInfo:
    """Return facts of a 320x180 video."""
    frames = round(duration_s * rate)
    return MediaInfo(
        path="clip.mp4",
        sha256="0" * 64,
        size_bytes=1000,
        container="mp4",
        span=Span.of(0, frames / rate),
        video=VideoInfo(
            codec="h264",
            pixel_format="yuv420p",
            width=320,
            height=180,
            display_width=320,
            display_height=180,
            frame_rate=rate,
            time_base=1 / rate,
            frame_count_from_content=frames,
        ),
    )


def unit(facet: str, start_s: float, end_s: float, **changes: Any) -> Unit:
    """Return a unit with frame evidence at its start, changed as asked."""
    fields: dict[str, Any] = {
        "id": f"{facet}/{start_s}",
        "dimension": {"edit": "editing", "camera": "camera", "narr": "narrative"}[facet.split(".")[0]],
        "facet": facet,
        "level": "shot",
        "span": Span.of(start_s, end_s),
        "confidence": 0.9,
        "status": "observed",
        "producer": PRODUCER,
        "evidence": (FrameEvidence(at_s=start_s),),
        **changes,
    }
    return Unit(**fields)


def two_shots(*more: Unit) -> Storyboard:
    """Return a valid document: shots [0, 4) and [4, 10) joined by a hard cut, and `more`."""
    shots = [unit("edit.shot", 0, 4, label="shot"), unit("edit.shot", 4, 10, label="shot")]
    cut = unit("edit.transition", 4, 4, label="hard_cut", level="boundary")
    return Storyboard(media=media(), items=(*shots, cut, *more))
