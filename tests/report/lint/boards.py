"""A vertical clip with nothing to complain of, and the same clip with one thing wrong."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sestina.core.evidence import Box, MetricEvidence, Region
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.storyboard import Provenance, Storyboard, Unit
from sestina.core.time import Span
from tests.export.boards import unit

LENGTH_S = 10
WHOLE = Span.of(0, LENGTH_S)
FREE, UNDER = Box(x=0.2, y=0.5, w=0.4, h=0.1), Box(x=0.2, y=0.85, w=0.4, h=0.1)
"""Places that the in-feed profile of TikTok leaves free, and covers with its caption block (from y 0.80 down)."""


def media(
    *, size: tuple[int, int] = (1080, 1920), audio: bool = True, length_s: float = LENGTH_S, **video: Any
) -> MediaInfo:
    """Return the facts of an h264 file of 5 MB with 30 frames a second."""
    facts = {"codec": "h264", "frame_rate": Fraction(30), "size_bytes": 5_000_000, **video}
    size_bytes = facts.pop("size_bytes")
    rate = facts["frame_rate"]
    stream = VideoInfo(
        pixel_format="yuv420p", width=size[0], height=size[1], display_width=size[0], display_height=size[1],
        time_base=1 / rate, frame_count_from_content=round(length_s * rate), **facts,
    )  # fmt: skip
    sound = AudioInfo(codec="aac", rate_hz=48_000, channels=2) if audio else None
    return MediaInfo(path="clip.mp4", sha256="0" * 64, size_bytes=size_bytes, container="mp4",
                     span=Span.of(0, length_s), video=stream, audio=sound)  # fmt: skip


def number(facet: str, value: float) -> Unit:
    """Return a number of the whole video."""
    return unit(facet, facet, WHOLE, value=value, level="video")


def overlay(box: Box, text: str = "Three knots", name: str = "o1") -> tuple[Unit, ...]:
    """Return an overlay from 1 to 4 s, what it says, and that its legibility was measured."""
    span, where = Span.of(1, 4), Region(box=box)
    return (
        unit(name, "diss.overlay", span, label="overlay_text", region=where),
        unit(f"{name}.text", "diss.overlay.text", span, text=text, region=where),
        unit(f"{name}.kind", "diss.overlay.kind", span, label="headline_super", text=text, region=where),
        unit(f"{name}.read", "diss.readability", span, value=1.0, region=where),
    )


def clean(*more: Unit, without: str = "", info: MediaInfo | None = None) -> Storyboard:
    """Return a storyboard with nothing to complain of, with more units, less those of `without`."""
    units = (
        *overlay(FREE),
        number("aes.audio.loudness.integrated", -14.0),
        number("aes.audio.loudness.true_peak", -1.5),
        number("diss.silent_start", 0.0),
        number("diss.sound_off_score", 0.9),
        number("narr.hook.t_first_text", 1.0),
        unit("voice", "aes.audio.dominant", Span.of(0, 9), label="speech", level="segment"),
        unit("padding", "diss.padding", WHOLE, label="none", level="video"),
        unit("hook", "narr.hook", Span.of(0, 2), label="hook"),
    )
    kept = [one for one in (*units, *more) if not without or not one.facet.startswith(without)]
    done = Provenance(settings={"scope": ["flash", "luma", "ocr"]})
    return Storyboard(media=info or media(), items=tuple(kept), provenance=done).canonical()


def bare(info: MediaInfo | None = None) -> Storyboard:
    """Return a storyboard that says nothing at all."""
    return Storyboard(media=info or media())


def issue(label: str, **metric: Any) -> Unit:
    """Return a reading check that the overlay in the free area fails, with its number where one is given."""
    span = Span.of(1, 4)
    measured = [MetricEvidence(span=Span.at(1), reduce="first", **metric)] if metric else []
    evidence = {"evidence": tuple(measured)} if measured else {}
    return unit("issue", "diss.readability.issues", span, label=label, region=Region(box=FREE), **evidence)
