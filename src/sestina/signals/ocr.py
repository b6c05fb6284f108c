"""On-screen text, read on few frames: where lettering changed, once in every shot, and now and then in between.

A line that stands where the same line stood at the look before is not read again. What is read is joined over time,
its first and last frame found by the one-bit patterns of the `text` signal, and lines that belong together become one
text. QR codes are read on the same pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Box
from sestina.core.frames import F32, U8, Picture
from sestina.core.media_info import MediaInfo
from sestina.core.reading import Reading
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.core.track import BoxTrack, Track
from sestina.signals._blocks import screen_texts
from sestina.signals._chains import Sighting
from sestina.signals._lettering import measure, plainness
from sestina.signals._looks import looks
from sestina.signals._pattern import NAME as PATTERN
from sestina.signals._reader import LineBox, Reader, surroundings, upright

LEAST_SCORE = 0.6
"""Readings below this are mostly invented: on textless real frames all but one fell below."""
LEAST_SCORE_ONE = 0.9
"""A single sign is read into any round or square shape; it must be surer."""
STROKES = frozenset("一丨|-_—–/\\.,:;'`~·•丶ノ口〇○")
"""Single signs that are as likely a line, a dot or a frame of the scene."""
FEW_LINES = 8
"""On a page of more lines than this, lines that look as before are not measured again: no word lights up there."""
TALLEST = 0.33
"""Share of the frame height above which a "line" is a shape of the scene."""
ALWAYS_READ = 3
"""Texts up to this many letters are read at every look: digits of a counter look too much alike."""
SAME_PLACE = 0.7
SAME_LOOK = 0.9
"""Overlap of boxes, and correlation of their pictures, at which a line is taken to say what it said before."""
QR_SIDE = 720
QR_REST_S = 0.9
"""Codes stay for seconds; they are looked for about once a second."""
MEASURES = (
    "contrast", "cap_height", "busyness", "rotation", "outline", "shadow", "boxed", "rise", "lines", "plain", "lit",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A line read at the look before, with a small picture of it."""

    sighting: Sighting
    small: F32


@signals.register(
    "ocr",
    card=Card(
        summary="Reads on-screen text on chosen frames and joins what it reads over time.",
        source="PP-OCR by rapidocr (DB, Liao et al. 2020; SVTR, Du et al. 2022); own joining",
        cost="60 to 100 ms a look at detector side 640, at most 75 looks a minute",
    ),
    input="stills",
    tracks=(*(f"ocr.{name}" for name in MEASURES), "ocr.ink", "ocr.paper"),
    optional=("text",),
    after=("edit.shot",),
    group="ocr",
)
class Ocr:
    """Reads text.

    Tracks, one event a text at its first frame's time (texts that begin together a microsecond apart, in the order of
    the transcript, so that evidence can cite one of them): `ocr.contrast` (WCAG ratio, worst tenth), `ocr.cap_height`
    (share of frame height), `ocr.busyness` (share of background on edges), `ocr.rotation` (degrees), `ocr.outline`,
    `ocr.shadow` and `ocr.boxed` (0 or 1), `ocr.rise` (seconds from first trace to full contrast), `ocr.lines`,
    `ocr.plain` (share of the picture around without detail), `ocr.lit` (places at which one word was lit), and the
    vectors `ocr.ink` and `ocr.paper` (sRGB 0..255). Boxes: kind `qr`, the content as label.

    Raises MissingExtra when rapidocr is not installed.
    """

    def __init__(self) -> None:
        self.reader: Reader | None = None
        self.span = Span.of(0, 0)
        self.pattern: Track | None = None
        self.shots: Sequence[Span] = ()
        self.known: list[_Known] = []
        self.seen: list[tuple[float, list[Sighting]]] = []
        self.code_look_s = -1e9
        self.codes: list[tuple[float, str, tuple[float, float, float, float]]] = []

    def start(self, info: MediaInfo) -> None:
        """Load the reader. Raises MissingExtra."""
        self.reader = self.reader or Reader()

    def choose(self, reading: Reading) -> Sequence[float]:
        """Return the times, seconds, of the frames to read. Raises MissingExtra."""
        self.start(reading.media)
        frames = reading.media.frame_table()
        self.span = reading.span
        self.pattern = reading.tracks.get(PATTERN)
        self.shots = [shot.span for shot in reading.shots] or [reading.span]
        return looks(reading.tracks.get("text.change"), self.shots, frames.times_s) if frames is not None else []

    def feed(self, picture: Picture) -> None:
        """Read one picture."""
        if self.reader is None:
            self.reader = Reader()
        lines = self.reader.find(picture.rgb)
        plain = plainness(picture.rgb, [fraction_box(line, picture.rgb) for line in lines])
        read = [self._line(picture, line, plain) for line in lines]
        now = [item for item in read if item is not None]
        self.known = [*now, *self._overlooked(picture, now, plain)]
        self.seen.append((picture.time_s, [item.sighting for item in self.known if item.sighting.text]))
        if picture.time_s - self.code_look_s >= QR_REST_S:
            self.code_look_s = picture.time_s
            self.codes += [(picture.time_s, text, box) for text, box in qr_codes(picture.rgb)]

    def _line(self, picture: Picture, line: LineBox, plain: float) -> _Known | None:
        """Return the line as read, or as known from the look before; a line that cannot be read keeps an empty text."""
        crop = upright(picture.rgb, line)
        if self.reader is None or min(crop.shape[:2]) < 4 or crop.shape[0] > TALLEST * picture.rgb.shape[0]:
            return None
        small = _small(crop)
        box = fraction_box(line, picture.rgb)
        before = next((k for k in self.known if _same(k, box, small)), None)
        if before is not None and len(before.sighting.text) > ALWAYS_READ:
            text, score = before.sighting.text, before.sighting.score
        else:
            text, score = self.reader.read(crop)
        if score < (LEAST_SCORE if len(text) > 1 else LEAST_SCORE_ONE) or text in STROKES:
            text = ""
        if before is not None and len(self.known) > FEW_LINES:
            lettering = before.sighting.lettering
        else:
            lettering = measure(crop, surroundings(picture.rgb, line))
        found = Sighting(
            time_s=picture.time_s, box=box, text=text, score=score, plain=plain, height_px=picture.rgb.shape[0],
            rotation_deg=line.rotation_deg, lettering=lettering,
        )  # fmt: skip
        return _Known(sighting=found, small=small)

    def _overlooked(self, picture: Picture, now: Sequence[_Known], plain: float) -> list[_Known]:
        """Return short texts of the look before that the detector did not find again, read at their old places."""
        taken = [Box.of(*item.sighting.box) for item in now]
        gone = [
            k.sighting
            for k in self.known
            if 0 < len(k.sighting.text) <= ALWAYS_READ
            and all(Box.of(*k.sighting.box).overlap(box) == 0 for box in taken)
        ]
        again = [self._line(picture, line_at(sighting.box, picture.rgb), plain) for sighting in gone]
        return [k for k in again if k is not None and k.sighting.text and k.sighting.score >= LEAST_SCORE_ONE]

    def finish(self) -> Measurement:
        """Return texts, their measures and QR codes."""
        texts = screen_texts(self.seen, self.pattern, self.span, self.shots) if self.seen else []
        tracks = _tracks([(text.event_s, text.measures) for text in texts])
        return Measurement(
            tracks=tracks,
            boxes=tuple(_code_tracks(self.codes, self.span)),
            screen=tuple(text.screen for text in texts),
            engine=self.reader.name if self.reader else None,
        )


def fraction_box(line: LineBox, rgb: U8) -> tuple[float, float, float, float]:
    """Return the upright box of a line (left, top, width, height) in fractions of the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = line.bounds
    return left / width, top / height, (right - left) / width, (bottom - top) / height


def line_at(box: tuple[float, float, float, float], rgb: U8) -> LineBox:
    """Return a level line that fills `box` (left, top, width, height, fractions) of the picture."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = box[0] * width, box[1] * height, (box[0] + box[2]) * width, (box[1] + box[3]) * height
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return LineBox(quad=np.asarray(corners, np.float32), score=0.5)


def _small(crop: U8) -> F32:
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (96, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
    small -= small.mean()
    norm = float(np.linalg.norm(small))
    return small / norm if norm > 0 else small


def _same(known: _Known, box: tuple[float, float, float, float], small: F32) -> bool:
    """Whether a line stands where a known one stood and looks the same."""
    overlap = Box.of(*known.sighting.box).iou(Box.of(*box))
    return overlap >= SAME_PLACE and float((known.small * small).sum()) >= SAME_LOOK


def qr_codes(rgb: U8) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return content and box (fractions) of every QR code that can be decoded."""
    height, width = rgb.shape[:2]
    scale = min(1.0, QR_SIDE / max(height, width))
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found, texts, corners, _ = cv2.QRCodeDetector().detectAndDecodeMulti(grey)
    if not found or corners is None:
        return []
    codes = []
    for text, quad in zip(texts, np.asarray(corners), strict=True):
        if text:
            low, high = quad.min(axis=0), quad.max(axis=0)
            size = np.asarray([grey.shape[1], grey.shape[0]], np.float64)
            (x, y), (w, h) = low / size, (high - low) / size
            codes.append((str(text), (float(x), float(y), float(w), float(h))))
    return codes


def _code_tracks(
    codes: Sequence[tuple[float, str, tuple[float, float, float, float]]], span: Span
) -> list[BoxTrack]:
    """Return one box track a QR content, over the looks that read it."""
    tracks = []
    for i, text in enumerate(dict.fromkeys(text for _, text, _ in codes)):
        mine = [(time, box) for time, other, box in codes if other == text]
        times = np.asarray([time for time, _ in mine])
        end = min(span.end_s, float(times[-1]) + 0.04)
        tracks.append(
            BoxTrack(
                name=f"ocr.qr.{i}", kind="qr", span=Span.of(float(times[0]), end), times_s=times,
                boxes=np.asarray([box for _, box in mine]), scores=np.ones(len(mine)), label=text,
            )
        )  # fmt: skip
    return tracks


def _tracks(events: Sequence[tuple[float, dict[str, object]]]) -> list[Track]:
    """Return the measures of texts as event tracks."""
    times = np.asarray([time for time, _ in events], np.float64)
    units = {"cap_height": "frame_heights", "rotation": "deg", "rise": "s", "lines": "count", "lit": "count"}
    tracks = []
    for name in (*MEASURES, "ink", "paper"):
        empty = np.zeros((0, 3) if name in ("ink", "paper") else 0)
        values = np.asarray([measures[name] for _, measures in events], np.float64) if events else empty
        tracks.append(Track(name=f"ocr.{name}", unit=units.get(name, ""), times_s=times, values=values, kind="event"))
    return tracks
