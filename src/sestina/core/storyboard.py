"""The storyboard document: one video's complete SV6D description, as frozen pydantic models.

Field names are the JSON's names. `Storyboard.to_json` writes canonical JSON (units in canonical order, two-space
indent, no NaN), so two documents diff well; `Storyboard.from_json` reads every past version.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sestina.core.errors import SchemaError
from sestina.core.evidence import Evidence, Region
from sestina.core.files import write_atomically
from sestina.core.media_info import MediaInfo
from sestina.core.time import Span
from sestina.core.versions import CURRENT as SV6D_VERSION
from sestina.core.versions import upgraded

Status = Literal["observed", "inferred", "provided", "human", "abstain"]
Dimension = Literal["subject", "aesthetics", "camera", "editing", "narrative", "dissemination"]
Level = Literal["video", "segment", "scene", "shot", "boundary", "event", "overlay", "track", "frame"]
DIMENSIONS: tuple[Dimension, ...] = (
    "subject", "aesthetics", "camera", "editing", "narrative", "dissemination",
)  # fmt: skip


class Model(BaseModel):
    """Frozen base of every document type; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Producer(Model):
    """Who made a unit: kind of source, its name and version, and a digest of its parameters."""

    kind: Literal["signal", "text", "detector", "model", "rule", "human", "context"]
    name: str
    version: str = "1"
    params: str | None = None


class Links(Model):
    """Ids of other units this one relates to."""

    supports: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


class Unit(Model):
    """One annotation: a facet's label, text or number over a span, with its evidence.

    `attributes` holds further named values of the facet (a fade's colour, an overlay's style).
    `reason` says why an abstaining unit made no decision.
    """

    id: str
    dimension: Dimension
    facet: str
    label: str | None = None
    text: str | None = None
    value: float | None = None
    unit: str | None = None
    level: Level
    span: Span
    region: Region | None = None
    confidence: float = Field(ge=0, le=1)
    status: Status
    producer: Producer
    evidence: tuple[Evidence, ...] = ()
    attributes: dict[str, Any] = Field(default_factory=dict)
    links: Links = Links()
    reason: str | None = None

    @property
    def claim(self) -> str:
        """The label, text or number as a reader would say it."""
        if self.label is not None or self.text is not None:
            return self.label if self.label is not None else str(self.text)
        if self.value is not None:
            return f"{self.value:g} {self.unit or ''}".strip()
        return self.status

    @property
    def order(self) -> tuple[float, float, str, str, str]:
        """Key of the canonical order: start, end, dimension, facet, id."""
        return (self.span.start_s, self.span.end_s, self.dimension, self.facet, self.id)


class Word(Model):
    """One spoken word and when it is said, seconds."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0
    speaker: str | None = None


class ScreenText(Model):
    """One piece of on-screen text: what it says, how long it stays and where.

    `region` is its box (or box track); `locked` whether it keeps its place on the screen while the picture moves
    (an overlay) or moves with the scene (a sign), None when nothing moved.
    """

    id: str
    text: str
    span: Span
    region: Region
    confidence: float
    locked: bool | None = None


class Transcript(Model):
    """What is said and what is written: the text that `asr` and `ocr` evidence quotes."""

    words: tuple[Word, ...] = ()
    screen: tuple[ScreenText, ...] = ()
    speech_language: str | None = None
    text_language: str | None = None
    engines: dict[str, str] = Field(default_factory=dict)

    @property
    def speech(self) -> str:
        """All spoken words, joined by spaces."""
        return " ".join(word.text for word in self.words)


class SignalInfo(Model):
    """One measured track: name, unit, and how many values it holds at which times."""

    name: str
    unit: str
    kind: Literal["frame", "sampled", "event"]
    count: int


class Signals(Model):
    """Names of the measured tracks; the numbers live in a side file (`.npz`) named here."""

    file: str | None = None
    sha256: str | None = None
    tracks: tuple[SignalInfo, ...] = ()


class Stage(Model):
    """One stage of the analysis and its wall time, seconds."""

    name: str
    version: str = "1"
    wall_s: float


class Provenance(Model):
    """What made this document: program, version, digest of settings, stages with their wall times, notes.

    `notes` says what was not done and why (a missing extra, a skipped stage), so that an absent facet explains itself.
    """

    name: str = "sestina"
    version: str = ""
    params: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    model: str | None = None
    stages: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()


class Storyboard(Model):
    """One video's SV6D description."""

    sv6d: Annotated[str, Field(pattern=r"^\d+\.\d+$")] = SV6D_VERSION
    media: MediaInfo
    items: tuple[Unit, ...] = Field(default=(), alias="units")
    signals: Signals = Signals()
    transcript: Transcript = Transcript()
    provenance: Provenance = Provenance()

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    def units(
        self,
        *,
        dimension: str | None = None,
        facet: str | None = None,
        label: str | None = None,
        level: str | None = None,
        status: str | None = None,
        at_s: float | None = None,
        span: Span | None = None,
        min_confidence: float = 0.0,
    ) -> tuple[Unit, ...]:
        """Return the units that match every given condition, in canonical order.

        Args:
            dimension: one of the six.
            facet: exact facet id, or a prefix ending in a dot (`"aes.light."`).
            label: exact label.
            level: exact level.
            status: exact status.
            at_s: only units whose span contains this time.
            span: only units whose span overlaps this one.
            min_confidence: only units at least this sure.
        """

        def wanted(unit: Unit) -> bool:
            same_facet = facet is None or unit.facet == facet or (facet.endswith(".") and unit.facet.startswith(facet))
            return (
                same_facet
                and dimension in (None, unit.dimension)
                and label in (None, unit.label)
                and level in (None, unit.level)
                and status in (None, unit.status)
                and (at_s is None or unit.span.contains(at_s))
                and (span is None or unit.span.overlaps(span))
                and unit.confidence >= min_confidence
            )

        return tuple(unit for unit in self.items if wanted(unit))

    @property
    def shots(self) -> tuple[Unit, ...]:
        """The shots (facet `edit.shot`), in order; they tile the video."""
        return self.units(facet="edit.shot")

    @property
    def boundaries(self) -> tuple[Unit, ...]:
        """The edits between shots (facet `edit.transition`), in order."""
        return self.units(facet="edit.transition")

    def verify(self, path: str | Path | None = None) -> Any:
        """Recompute every `observed` unit's evidence from the video at `path` (default: where the document says).

        Returns a `sestina.pipeline.verify.VerifyReport`. The pipeline is found by name, as every component is, so that
        the document itself depends on nothing above it. Raises MediaError when the video cannot be read.
        """
        return importlib.import_module("sestina.pipeline.verify").verify(self, path)

    def __getitem__(self, unit_id: str) -> Unit:
        """Return the unit with that id; raises KeyError."""
        for unit in self.items:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)

    def __iter__(self) -> Iterator[Unit]:  # type: ignore[override]  # a storyboard is its units, not its field pairs
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Storyboard({self.media.name!r}, {self.media.span.duration_s} s, {len(self.items)} units)"

    def canonical(self) -> Self:
        """Return the same document with its units in canonical order."""
        return self.model_copy(update={"items": tuple(sorted(self.items, key=lambda unit: unit.order))})

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain JSON values; absent optional fields are left out."""
        return self.canonical().model_dump(mode="json", by_alias=True, exclude_none=True)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return canonical JSON, and write it to `path` (atomically) when given."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        if path is not None:
            write_atomically(Path(path), text.encode())
        return text

    @classmethod
    def from_json(cls, source: str | bytes | Path) -> Storyboard:
        """Return the storyboard in JSON text, or in the file at a `Path`.

        Raises SchemaError when it is not JSON, not a storyboard, or of a version this code does not know.
        """
        raw = source.read_bytes() if isinstance(source, Path) else source
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise SchemaError(
                f"not JSON: {error}", hint="the file may be truncated; analyze the video again"
            ) from error
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: object) -> Storyboard:
        """Return the storyboard in plain JSON values, upgraded from past versions. Raises SchemaError."""
        try:
            return cls.model_validate(upgraded(data))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise SchemaError(
                f"not an SV6D document: {where}: {first['msg']} ({error.error_count()} problem(s))",
                hint="`sestina schema` prints the JSON Schema that documents must satisfy",
            ) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the storyboard document."""
    schema = Storyboard.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://sestina.dev/schema/sv6d-{SV6D_VERSION}.json",
        **schema,
        "title": f"SV6D storyboard {SV6D_VERSION}",
    }


def digest(value: object) -> str:
    """Return a short stable digest, `sha256:` and 16 hex digits, of any JSON value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:16]
