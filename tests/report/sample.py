"""A rich storyboard made by hand: a vertical clip of 14 s, five shots, every dimension, every kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.evidence import (
    AsrEvidence,
    AudioEvidence,
    Box,
    BoxAt,
    ContextEvidence,
    Evidence,
    Region,
    RegionEvidence,
    SpanEvidence,
)
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.reading import Reading
from sestina.core.storyboard import (
    Links,
    Producer,
    Provenance,
    ScreenText,
    SignalInfo,
    Signals,
    Stage,
    Storyboard,
    Transcript,
    Unit,
    Word,
)
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.media.encode import VideoWriter

U8 = npt.NDArray[np.uint8]

FPS = 25
LENGTH_S = 14.0
CUTS_S = (2.4, 5.2, 8.0, 11.2)
JOINS = ("hard_cut", "punch_in", "cross_dissolve", "smash_cut")
SHOTS = tuple(zip((0.0, *CUTS_S), (*CUTS_S, LENGTH_S), strict=True))
SPEECH = "Stop scrolling ! Three knots that hold . First the bowline . It never slips . Save this for later ."
CAPTIONS = (
    ("STOP SCROLLING", 0.2, 2.2, (0.1, 0.16, 0.8, 0.09)),
    ("3 knots that hold", 2.6, 5.0, (0.12, 0.7, 0.76, 0.07)),
    ("1. Bowline", 5.4, 7.6, (0.08, 0.08, 0.5, 0.06)),
    ("it never slips", 8.4, 11.0, (0.2, 0.72, 0.6, 0.06)),
    ("Save this for later", 11.6, 14.0, (0.15, 0.45, 0.7, 0.1)),
)
KINDS: dict[str, Literal["frame", "sampled", "event"]] = {"frame": "frame", "sampled": "sampled", "event": "event"}
PAPERS = ((38, 70, 83), (231, 196, 106), (42, 157, 143), (120, 50, 60), (29, 53, 87))


def sample_media(path: str = "knots.mp4", frames: int = int(LENGTH_S * FPS)) -> MediaInfo:
    """Return facts of the clip as its probe would."""
    return MediaInfo(
        path=path,
        sha256="0" * 64,
        size_bytes=1_200_000,
        container="mp4",
        span=Span.of(0, frames / FPS),
        video=VideoInfo(
            codec="h264", pixel_format="yuv420p", width=1080, height=1920, display_width=1080, display_height=1920,
            frame_rate=Fraction(FPS), time_base=Fraction(1, FPS), frame_count_from_content=frames,
        ),
        audio=AudioInfo(codec="aac", rate_hz=48000, channels=2, layout="stereo", duration_s=frames / FPS),
        tags={"title": "Knots"},
    )  # fmt: skip


def sample_tracks(length_s: float = LENGTH_S) -> dict[str, Track]:
    """Return tracks with a shape worth drawing; one has holes, one is an event track."""
    frames = np.round(np.arange(int(length_s * FPS)) / FPS, 6)
    tenths = np.round(np.arange(0, length_s, 0.1), 6)
    wave = np.sin(frames * 1.7) ** 2
    near = np.min(np.abs(frames[:, None] - np.array(CUTS_S)[None, :]), axis=1)
    rise = np.clip(tenths / length_s, 0, 1)
    loud = -24 + 8 * np.abs(np.sin(tenths * 2.3)) - 20 * ((tenths > 7.6) & (tenths < 8.1))
    loud[:3] = np.nan
    made = (
        ("luma.mean", "luma", frames, 0.35 + 0.25 * wave, "frame"),
        ("motion.speed", "fw/s", frames, 0.05 + 0.3 * wave * (frames > 5), "frame"),
        ("motion.scale_rate", "1/s", frames, np.where((frames > 5.2) & (frames < 8), 0.06, 0.002), "frame"),
        ("difference.cut", "", frames, np.exp(-((near * 12) ** 2)) + 0.03 * wave, "frame"),
        ("colour.chroma", "Lab", frames, 20 + 12 * wave, "frame"),
        ("loudness.short_term", "LUFS", tenths, loud, "sampled"),
        ("tension.curve", "share", tenths, 0.25 + 0.4 * rise + 0.2 * np.sin(tenths * 1.3) ** 2, "sampled"),
        ("onsets.onset", "strength", np.array([0.3, 2.4, 5.2, 8.0]), np.array([1.0, 0.6, 0.8, 0.9]), "event"),
    )
    return {
        name: Track(name=name, unit=unit, times_s=times, values=values, kind=KINDS[kind])
        for name, unit, times, values, kind in made
    }


def _transcript() -> Transcript:
    times = np.linspace(0.3, 13.0, len(SPEECH.split()))
    words = tuple(
        Word(text=text, start_s=round(float(t), 3), end_s=round(float(t) + 0.4, 3), confidence=0.9)
        for text, t in zip(SPEECH.split(), times, strict=True)
    )
    screen = tuple(
        ScreenText(
            id=f"ocr/{i}",
            text=text,
            span=Span.of(start, end),
            region=Region(box=Box.of(*box)),
            confidence=0.97,
            locked=True,
        )
        for i, (text, start, end, box) in enumerate(CAPTIONS)
    )
    return Transcript(words=words, screen=screen, speech_language="en", text_language="en")


class Maker:
    """Makes the units, dimension by dimension."""

    def __init__(self, media: MediaInfo, tracks: dict[str, Track]) -> None:
        producer = Producer(kind="rule", name="sample", version="1")
        self.reading = Reading(media=media, tracks=tracks, transcript=_transcript(), producer=producer)
        self.make = self.reading.unit
        self.shots: list[Unit] = []
        self.joins: list[Unit] = []
        self.overlays: list[Unit] = []

    def units(self) -> Iterator[Unit]:
        yield from self.editing()
        yield from self.reasons()
        yield from self.camera()
        yield from self.subject()
        yield from self.aesthetics()
        yield from self.sound()
        yield from self.texts()
        yield from self.packaging()
        yield from self.narrative()
        yield from self.opening()

    def editing(self) -> Iterator[Unit]:
        r = self.reading
        for start, end in SHOTS:
            self.shots.append(self.make("edit.shot", label="shot", span=Span.of(start, end), evidence=[r.frame(start)]))
        yield from self.shots
        for label, cut in zip(JOINS, CUTS_S, strict=True):
            span = Span.of(cut, cut + 0.4) if label == "cross_dissolve" else Span.at(cut)
            spike = r.metric("difference.cut", ">=", 0.5, Span.of(cut - 0.04, cut + 0.08), "max")
            pair = r.frame_pair(cut - 0.04, span.end_s)
            self.joins.append(
                self.make("edit.transition", label=label, span=span, evidence=[spike, pair], confidence=0.94)
            )
        yield from self.joins
        shots = r.cite(*self.shots)
        yield self.make("edit.pacing.shots", value=5, span=r.span, evidence=shots, level="video")
        yield self.make("edit.pacing_class", label="moderate", span=r.span, evidence=shots, level="video")
        yield r.abstain("edit.rhythm", span=r.span, reason="five shots are fewer than the six a rhythm needs")

    def reasons(self) -> Iterator[Unit]:
        r = self.reading
        functions = ("location_change", "emphasis_in", "beat_cut", "smash_cut")
        reasons = ("story_information", "emphasis", "rhythm", "emphasis")
        for join, function, reason in zip(self.joins, functions, reasons, strict=True):
            made = self.make(
                "edit.cut_function", label=function, span=join.span, evidence=r.cite(join), confidence=0.7
            )
            yield made
            pair = r.frame_pair(join.span.start_s - 0.04, join.span.end_s)
            yield self.make(
                "edit.cut_rationale",
                label=reason,
                span=join.span,
                status="inferred",
                confidence=0.6,
                evidence=[*r.cite(made), pair],
                links=Links(supports=(join.id,)),
            )

    def camera(self) -> Iterator[Unit]:
        r = self.reading
        for shot, move in zip(self.shots, ("static", "pan_right", "inward", "static", "roll_cw"), strict=True):
            evidence: list[Evidence] = [r.measured("motion.speed", shot.span), r.frame_pair(*ends(shot.span))]
            if move == "inward":
                evidence.insert(0, r.metric("motion.scale_rate", ">=", 0.02, shot.span, "median"))
            sure = 0.55 + 0.04 * len(move)
            yield self.make("camera.movement", label=move, span=shot.span, evidence=evidence, confidence=sure)
            spread = r.measured("motion.speed", shot.span, "std")
            label = known_label("camera.steadiness", 1)
            yield self.make("camera.steadiness", label=label, span=shot.span, evidence=[spread], confidence=0.8)
            yield r.abstain("camera.scale", span=shot.span, reason="no face or body was found to measure the scale by")

    def subject(self) -> Iterator[Unit]:
        quote = AsrEvidence(quote="Stop scrolling", span=Span.of(0.3, 1.4))
        yield self.make("subject.language.speech", text="en", span=self.reading.span, evidence=[quote])
        for number, shot in enumerate(self.shots):
            times = np.linspace(shot.span.start_s, shot.span.end_s - 0.04, 5).round(2)
            track = tuple(
                BoxAt(at_s=float(time_s), box=Box.of(0.2 + 0.05 * place, 0.35, 0.3, 0.25))
                for place, time_s in enumerate(times)
            )
            marked = RegionEvidence(box=track[2].box, at_s=track[2].at_s, note="largest moving region")
            yield self.make(
                "subject.kind",
                label=("text_graphic", "object_other")[number % 2],
                span=shot.span,
                region=Region(box=Box.of(0.2, 0.35, 0.5, 0.25), track=track),
                evidence=[marked],
                confidence=0.62,
                status="inferred",
            )

    def aesthetics(self) -> Iterator[Unit]:
        r = self.reading
        facets = ("aes.light.key", "aes.light.brightness", "aes.color.saturation", "aes.color.temperature")
        for number, shot in enumerate(self.shots):
            for facet in facets:
                metric = r.measured("luma.mean" if "light" in facet else "colour.chroma", shot.span)
                label, sure = known_label(facet, 1 + number % 2), 0.5 + 0.1 * number
                yield self.make(facet, label=label, span=shot.span, evidence=[metric], confidence=sure)
            chroma = r.measured("colour.chroma", shot.span)
            swatch = self.make("aes.color.palette", value=0.6, span=shot.span, evidence=[chroma])
            yield swatch
            hexed = "#{:02x}{:02x}{:02x}".format(*PAPERS[number])
            yield self.make("aes.color.palette.swatch", text=hexed, span=shot.span, evidence=r.cite(swatch))

    def sound(self) -> Iterator[Unit]:
        r = self.reading
        for time_s in np.arange(0.5, LENGTH_S, 0.8).round(3).tolist():
            heard = AudioEvidence(span=Span.of(time_s - 0.1, time_s + 0.1))
            yield self.make("aes.audio.tempo.beat", label="beat", span=Span.at(time_s), evidence=[heard])
        loud = r.measured("loudness.short_term", r.span)
        yield self.make("aes.audio.loudness.integrated", value=-18.2, span=r.span, evidence=[loud])

    def texts(self) -> Iterator[Unit]:
        r = self.reading
        kinds = ("headline_super", "subtitle_phrase", "list_counter", "subtitle_phrase", "cta_text")
        for text, kind in zip(r.transcript.screen, kinds, strict=True):
            span, region, read = text.span, text.region, [r.ocr(text)]
            overlay = self.make("diss.overlay", label="overlay_text", span=span, region=region, evidence=read)
            self.overlays.append(overlay)
            yield overlay
            yield self.make("diss.overlay.text", text=text.text, span=span, region=region, evidence=read)
            yield self.make(
                "diss.overlay.kind", label=kind, span=span, region=region, evidence=read, confidence=0.8
            )
            yield self.make("diss.readability", value=0.8, span=span, region=region, evidence=r.cite(overlay))

    def packaging(self) -> Iterator[Unit]:
        r = self.reading
        faint, low, last = self.overlays[3], self.overlays[1], r.transcript.screen[4]
        pale = r.metric("luma.mean", ">=", 0.2, faint.span)
        size = [r.metadata("video.display_width"), r.metadata("video.display_height")]
        title = ContextEvidence(key="title", quote="Knots")
        yield self.make(
            "diss.readability.issues", label="low_contrast", span=faint.span, region=faint.region, evidence=[pale]
        )
        yield self.make(
            "diss.safe_area",
            label="touches",
            span=low.span,
            region=low.region,
            evidence=r.cite(low),
            attributes={"profile": "tiktok"},
        )
        yield self.make("diss.cta", label="cta", span=last.span, evidence=[r.ocr(last)])
        yield self.make("diss.cta.target", label="save", span=last.span, evidence=[r.ocr(last)])
        yield self.make("diss.aspect", label="9:16", span=r.span, evidence=size)
        yield self.make("diss.duration_class", label="9-15", span=r.span, evidence=[r.metadata("span.end_s")])
        yield self.make("diss.loopability", value=0.42, span=r.span, evidence=[r.frame_pair(0, 13.96)])
        yield self.make("diss.context.title", text="Knots", span=r.span, status="provided", evidence=[title])

    def narrative(self) -> Iterator[Unit]:
        r = self.reading
        beats = ("hook", "promise", "demonstration", "proof", "cta")
        for (start, end), label in zip(SHOTS, beats, strict=True):
            span = Span.of(start, end)
            follows = SpanEvidence(span=span, note="follows the shot")
            yield self.make(
                "narr.beat", label=label, span=span, status="inferred", confidence=0.6, evidence=[follows]
            )
        yield self.make("narr.tension", value=0.51, span=r.span, evidence=[r.measured("tension.curve", r.span)])
        for time_s in (4.6, 8.3, 13.1):
            near = r.metric("tension.curve", ">=", 0.3, Span.of(time_s - 0.5, time_s + 0.5), "max")
            yield self.make("narr.tension.peak", value=near.value, span=Span.at(time_s), evidence=[near])

    def opening(self) -> Iterator[Unit]:
        r = self.reading
        span, read = Span.of(0, 2.4), r.ocr(r.transcript.screen[0])
        yield self.make("narr.hook", label="hook", span=span, evidence=[read, r.frame(0.2)], confidence=0.7)
        yield self.make("narr.hook.tactic", label="directive", span=span, evidence=[read], confidence=0.7)
        slam: list[Evidence] = [read, r.frame_pair(0.16, 0.24)]
        yield self.make("narr.hook.visual_device", label="text_slam", span=span, evidence=slam)
        firsts = {"t_first_cut": 2.4, "t_first_text": 0.2, "t_first_word": 0.3, "t_first_sound_onset": 0.3}
        for facet, value in firsts.items():
            yield self.make(f"narr.hook.{facet}", value=value, span=r.span, evidence=[r.frame(value)])
        said = AsrEvidence(quote="Stop scrolling", span=Span.of(0.3, 1.4))
        counts = {"shots_first_3s": 2.0, "words_first_3s": 5.0, "chars_on_screen_first_3s": 27.0}
        for facet, value in counts.items():
            yield self.make(f"narr.hook.{facet}", value=value, span=r.span, evidence=[said])


def ends(span: Span) -> tuple[float, float]:
    """Return a time early and one late in the span."""
    return span.start_s + 0.2, span.end_s - 0.2


def labels_of(facet: str) -> tuple[str, ...]:
    """Return the labels of a facet."""
    return vocabulary.facet(facet).labels


def known_label(facet: str, place: int) -> str:
    """Return some label of a facet."""
    labels = labels_of(facet)
    return labels[place % len(labels)]


def sample_board(media: MediaInfo | None = None, tracks: dict[str, Track] | None = None) -> Storyboard:
    """Return the storyboard of the sample clip."""
    media = media or sample_media()
    tracks = tracks if tracks is not None else sample_tracks()
    maker = Maker(media, tracks)
    infos = tuple(SignalInfo(name=t.name, unit=t.unit, kind=t.kind, count=len(t)) for t in tracks.values())
    return Storyboard(
        media=media,
        items=tuple(maker.units()),
        transcript=_transcript(),
        signals=Signals(tracks=infos),
        provenance=Provenance(
            version="0.1",
            stages=(Stage(name="pictures", wall_s=1.2),),
            notes=("faces did not run: needs the extra faces",),
        ),
    ).canonical()


def sample_frame(index: int, width: int, height: int) -> U8:
    """Return one frame: a paper of the shot's colour, a thing that moves, a caption."""
    time_s = index / FPS
    number = sum(time_s >= cut for cut in CUTS_S)
    paper = np.array(PAPERS[number], np.float64)
    shade = np.linspace(1.0, 0.62, height)[:, None, None] * np.ones((1, width, 1))
    rgb = np.ascontiguousarray((paper * shade).clip(0, 255).astype(np.uint8))
    start, end = SHOTS[number]
    share = (time_s - start) / (end - start)
    grow = 1 + (0.5 * share if number == 2 else 0)
    centre = (int(width * (0.35 + 0.3 * share)), int(height * 0.47))
    cv2.circle(rgb, centre, int(width * 0.16 * grow), (244, 241, 222), -1, cv2.LINE_AA)
    cv2.circle(rgb, centre, int(width * 0.09 * grow), tuple(int(v) for v in paper * 0.7), -1, cv2.LINE_AA)
    for text, first, last, (x, y, w, h) in CAPTIONS:
        if first <= time_s < last:
            box = [int(v) for v in (x * width, y * height, (x + w) * width, (y + h) * height)]
            cv2.rectangle(rgb, (box[0], box[1]), (box[2], box[3]), (20, 20, 24), -1)
            scale = h * height / 52
            size, _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, 1)
            scale *= min(1.0, 0.92 * w * width / size[0])
            origin = (int(box[0] + 0.04 * w * width), int(box[3] - 0.3 * h * height))
            thick = max(1, round(scale))
            cv2.putText(rgb, text, origin, cv2.FONT_HERSHEY_DUPLEX, scale, (255, 255, 255), thick, cv2.LINE_AA)
    return np.asarray(rgb)


def render_sample(path: Path, *, width: int = 180, height: int = 320, length_s: float = LENGTH_S) -> Path:
    """Write the sample clip as H.264."""
    with VideoWriter(path, width=width, height=height, rate=Fraction(FPS), preset="ultrafast", gop=25) as writer:
        for index in range(round(length_s * FPS)):
            writer.add_frame(sample_frame(index, width, height))
    return path
