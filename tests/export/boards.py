"""Storyboards for the export tests: known cuts at any rate, and names and texts made to break writers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sestina.core import vocabulary
from sestina.core.evidence import Box, Evidence, OcrEvidence, Region, SpanEvidence
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.storyboard import Producer, Provenance, ScreenText, Storyboard, Transcript, Unit, Word
from sestina.core.time import Span, seconds

RATES = tuple(
    Fraction(n, d) for n, d in ((24000, 1001), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1))
)
"""Every rate an editor's export must hold to the frame."""

CUTS = (0, 48, 97, 150)
"""First frames of the three shots, and the number of frames. A hard cut at 48, a cross dissolve over 92 .. 102."""
DISSOLVE = (92, 102)

HOSTILE = (
    'He said "no" & \'yes\' <b>]]>\r\nnext, line;\t=1+1 --> \\N{\\b1} '
    'العربية שלום 日本 \U0001f469\u200d\U0001f467\x0b end'
)
"""Quotes, markup, the end of CDATA, line ends, a formula, subtitle markup, two directions, an emoji, a control."""
NAME = 'a "b" & <c>, 100% #1; =x.mp4'
"""A file name that writers must escape."""


def media(rate: Fraction, frames: int = CUTS[-1], *, vfr: bool = False, size: tuple[int, int] = (1280, 720),
          name: str = "clip.mp4", audio: bool = True) -> MediaInfo:  # fmt: skip
    """Return the facts of a video of `frames` frames; with `vfr` every third frame comes half a frame late."""
    base = 1 / (rate * 20)
    ticks = tuple(20 * k + (10 if k % 3 == 2 else 0) for k in range(frames))
    video = VideoInfo(
        codec="h264", pixel_format="yuv420p", width=size[0], height=size[1], display_width=size[0],
        display_height=size[1], frame_rate=rate, time_base=base, frame_count_from_content=frames,
        end_pts=20 * frames, vfr=vfr, frame_times=ticks if vfr else None,
    )  # fmt: skip
    end_s = seconds(frames / rate)
    sound = AudioInfo(codec="aac", rate_hz=48_000, channels=2, layout="stereo", duration_s=end_s) if audio else None
    return MediaInfo(
        path=name, sha256="0" * 64, size_bytes=1, container="mp4", span=Span.of(0, end_s), video=video, audio=sound
    )


def unit(unit_id: str, facet: str, span: Span, **says: Any) -> Unit:
    """Return an observed unit of a facet with a stretch to watch as its evidence."""
    known = vocabulary.facet(facet)
    evidence: tuple[Evidence, ...] = says.pop("evidence", (SpanEvidence(span=span),))
    facts: dict[str, Any] = {"level": known.levels[0], "confidence": 0.9, "status": "inferred", **says}
    return Unit(
        id=unit_id, dimension=known.dimension, facet=facet, span=span, evidence=evidence,
        producer=Producer(kind="rule", name="test"), **facts,
    )  # fmt: skip


def board(rate: Fraction = Fraction(30), *, text: str = "Only $9.99 today", slow: int = 1, **facts: Any) -> Storyboard:
    """Return a storyboard of three shots with all six dimensions, an overlay, speech and a chapter-like course.

    `slow` makes everything but the speech that many times as long.
    """
    info = media(rate, CUTS[-1] * slow, **facts)
    at = [info.frame_table().time_s(k * slow) for k in (*CUTS, *DISSOLVE)]  # type: ignore[union-attr]  # it has video
    shots = [Span.of(at[n], at[n + 1]) for n in range(3)]
    whole, box = info.span, Box(x=0.1, y=0.7, w=0.5, h=0.1)
    told = Span.of(at[1], at[2])
    units = [
        *(unit(f"s{n}", "edit.shot", span, label="shot", level="shot") for n, span in enumerate(shots)),
        unit("t1", "edit.transition", Span.at(at[1]), label="hard_cut", level="boundary"),
        unit("t2", "edit.transition", Span.of(at[4], at[5]), label="cross_dissolve", level="boundary"),
        unit("m0", "camera.movement", shots[0], label="pan_left"),
        unit("m1", "camera.movement", shots[1], label="static"),
        unit("z1", "camera.scale", shots[1], label="MCU", level="shot"),
        unit("b0", "narr.beat", shots[0], label="hook", level="segment"),
        unit("b1", "narr.beat", Span.of(at[1], at[3]), label="development", level="segment"),
        unit("k0", "aes.light.key", shots[0], label="high_key", level="shot"),
        unit("d0", "diss.aspect", whole, label="16:9", level="video"),
        unit("o0", "diss.overlay", told, label="overlay_text", level="overlay", region=Region(box=box),
             evidence=(OcrEvidence(quote=text, box=box, at_s=at[1]),)),
        unit("n0", "subject.count", shots[0], value=1.0, level="shot"),
    ]  # fmt: skip
    words = tuple(Word(text=word, start_s=0.1 + 0.3 * n, end_s=0.35 + 0.3 * n) for n, word in enumerate(WORDS))
    screen = ScreenText(id="x0", text=text, span=told, region=Region(box=box), confidence=0.8, locked=True)
    return Storyboard(
        media=info,
        items=tuple(units),
        transcript=Transcript(words=words, screen=(screen,), speech_language="en", text_language="en"),
        provenance=Provenance(version="0", notes=("made for tests",)),
    ).canonical()


WORDS = ("Here", "is", "how", "it", "works,", "in", "a", "minute.")
"""What is said, a word every 0.3 s from 0.1 s."""
