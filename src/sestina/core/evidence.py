"""Evidence: what a unit points at, so that anyone can open it and check.

Every kind is recomputable in its own way: a `metric` from a track and a named reducer, a `frame` by its exact PTS and
perceptual hash, a quote by the transcript, `metadata` by probing the file again.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sestina.core.time import Span

Op = Literal[">=", ">", "<=", "<", "==", "!="]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Box(_Frozen):
    """Rectangle in fractions of the displayed picture: left, top, width, height, origin top left."""

    x: float
    y: float
    w: float = Field(ge=0)
    h: float = Field(ge=0)

    @model_validator(mode="before")
    @classmethod
    def _round(cls, data: object) -> object:
        return {k: round(float(v), 5) for k, v in data.items()} if isinstance(data, dict) else data

    @classmethod
    def of(cls, x: float, y: float, w: float, h: float) -> Box:
        """Return the box cut to the picture."""
        left, top = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
        right, bottom = min(max(x + w, left), 1.0), min(max(y + h, top), 1.0)
        return cls(x=left, y=top, w=right - left, h=bottom - top)

    @property
    def area(self) -> float:
        """Share of the picture, 0..1."""
        return self.w * self.h

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle, fractions."""
        return self.x + self.w / 2, self.y + self.h / 2

    def overlap(self, other: Box) -> float:
        """Return the shared area, as a share of the picture."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        """Return intersection over union in [0,1]."""
        shared = self.overlap(other)
        total = self.area + other.area - shared
        return shared / total if total > 0 else float(self == other)

    def union(self, other: Box) -> Box:
        """Return the smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.x + self.w, other.x + other.w), max(self.y + self.h, other.y + other.h)
        return Box(x=x, y=y, w=right - x, h=bottom - y)


class BoxAt(_Frozen):
    """A box at one time, seconds."""

    at_s: float
    box: Box


class Region(_Frozen):
    """Where in the picture: one box, or a box track over time (then `box` is their union)."""

    box: Box
    track: tuple[BoxAt, ...] = ()


class MetricEvidence(_Frozen):
    """A measured track, reduced over a span, compared with a threshold: `reduce(signal over span) op threshold`."""

    type: Literal["metric"] = "metric"
    signal: str
    reduce: str = "mean"
    op: Op
    threshold: float
    value: float
    unit: str = ""
    span: Span


class FrameEvidence(_Frozen):
    """One frame, by its exact time; `dhash` (16 hex digits) recognises the picture."""

    type: Literal["frame"] = "frame"
    at_s: float
    pts: int | None = None
    dhash: str | None = None


class FramePairEvidence(_Frozen):
    """Two frames to compare, such as the last of one shot and the first of the next."""

    type: Literal["frame_pair"] = "frame_pair"
    at_s: tuple[float, float]
    pts: tuple[int, int] | None = None
    dhash: tuple[str, str] | None = None


class SpanEvidence(_Frozen):
    """A stretch of time to watch."""

    type: Literal["span"] = "span"
    span: Span
    note: str = ""


class RegionEvidence(_Frozen):
    """A place in the picture at a time."""

    type: Literal["region"] = "region"
    box: Box
    at_s: float
    note: str = ""


class OcrEvidence(_Frozen):
    """A quote of on-screen text, with its box and a time when it is shown."""

    type: Literal["ocr"] = "ocr"
    quote: str
    box: Box | None = None
    at_s: float


class AsrEvidence(_Frozen):
    """A quote of speech, with the span in which its words are said."""

    type: Literal["asr"] = "asr"
    quote: str
    span: Span


class AudioEvidence(_Frozen):
    """A stretch of sound to listen to."""

    type: Literal["audio"] = "audio"
    span: Span
    note: str = ""


class MetadataEvidence(_Frozen):
    """A fact of the container or stream: dotted `key` into the document's `media`."""

    type: Literal["metadata"] = "metadata"
    key: str
    value: str | float | bool


class ContextEvidence(_Frozen):
    """A fact that came with the video (title, hashtags, metrics)."""

    type: Literal["context"] = "context"
    key: str
    quote: str


class UnitEvidence(_Frozen):
    """Another unit of the document, by its id."""

    type: Literal["unit"] = "unit"
    unit: str


Evidence = Annotated[
    MetricEvidence
    | FrameEvidence
    | FramePairEvidence
    | SpanEvidence
    | RegionEvidence
    | OcrEvidence
    | AsrEvidence
    | AudioEvidence
    | MetadataEvidence
    | ContextEvidence
    | UnitEvidence,
    Field(discriminator="type"),
]
"""Any kind of evidence, told apart by `type`."""


def holds(value: float, op: Op, threshold: float) -> bool:
    """Return whether `value op threshold` is true."""
    return {
        ">=": value >= threshold,
        ">": value > threshold,
        "<=": value <= threshold,
        "<": value < threshold,
        "==": value == threshold,
        "!=": value != threshold,
    }[op]
