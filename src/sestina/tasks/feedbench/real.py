"""FeedBench's real split: gold storyboards of public clips, written by people who looked at the frames.

One file a clip lies in the folder `real` beside this module; the clips themselves stay where they were published, and
`Origin` says where. A file says nothing twice: `video` holds what is true of the whole clip, `every_shot` what is
true of each shot unless its own line differs, `shots` one line a shot and the edit opening it (`by`, and `over` where
it takes time), and `units` one line for everything else. Times of pictures are the frames' own, in seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sestina.core import vocabulary
from sestina.core.errors import unknown
from sestina.core.evidence import Box, Evidence, FrameEvidence, FramePairEvidence, OcrEvidence, Region, SpanEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Producer, Provenance, ScreenText, Storyboard, Transcript, Unit
from sestina.core.time import Span

FOLDER = Path(__file__).with_suffix("")
PRODUCER = Producer(kind="context", name="feedbench.real")
USUAL = {"aes.focus.state": "sharp"}
"""Facets of which files hold the exceptions, and what holds where there is none."""
LIMITS = ("start", "end")
"""The boundaries that every video has."""
ROWS, COLUMNS = ("top", "middle", "bottom"), ("left", "centre", "right")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Frozen):
    """Where a clip was published: anyone can fetch it from `url` and compare its SHA-256."""

    repository: str
    path: str
    commit: str
    url: str
    sha256: str
    licence: str


class SecondRead(_Frozen):
    """What a second person, who looked at the frames first, made of the first reading.

    A unit is kept when its label, words or number, its times and its place are; one that was altered, added, struck out
    or given up as undecidable is changed.
    """

    date: date
    changed: int = Field(ge=0)
    kept: int = Field(ge=0)

    @property
    def agreement(self) -> float:
        """The share of units that both readings have alike, in [0, 1]; 1 where nothing was read."""
        judged = self.changed + self.kept
        return self.kept / judged if judged else 1.0


class _Row(_Frozen):
    """One unit as written; `issues` are the reading checks that a piece of lettering fails."""

    facet: str
    label: str | None = None
    text: str | None = None
    value: float | None = None
    abstain: str | None = None
    at: float | None = None
    span: tuple[float, float] | None = None
    box: tuple[float, float, float, float] | None = None
    level: str | None = None
    confidence: float = 1.0
    issues: tuple[str, ...] = ()

    @property
    def when(self) -> Span:
        """The stretch or the instant the unit is about."""
        return Span.of(*self.span) if self.span is not None else Span.at(self.at or 0.0)

    @property
    def region(self) -> Region | None:
        """The unit's place in the picture."""
        return None if self.box is None else Region(box=Box.of(*self.box))


class _File(_Frozen):
    clip: str
    reads: int = Field(ge=1)
    second_read: SecondRead | None = None
    origin: Origin
    media: MediaInfo
    scope: tuple[str, ...]
    video: Mapping[str, Any] = Field(default_factory=dict)
    every_shot: Mapping[str, Any] = Field(default_factory=dict)
    shots: tuple[Mapping[str, Any], ...] = ()
    units: tuple[_Row, ...] = ()
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _reads_are_told(self) -> Self:
        if (self.reads > 1) != (self.second_read is not None):
            raise ValueError("a clip read twice, and no other, says what the second reading changed")
        return self


def names() -> tuple[str, ...]:
    """Return the names of the clips that have gold, in order: their file names without the suffix."""
    return tuple(sorted(path.name.removesuffix(".yaml") for path in FOLDER.glob("*.yaml")))


def origin(name: str) -> Origin:
    """Return where a clip was published. Raises UnknownComponent with the nearest names."""
    return _read(name).origin


def second_read(name: str) -> SecondRead | None:
    """Return what a second reading changed, or None for a clip read once. Raises UnknownComponent with near names."""
    return _read(name).second_read


@cache
def gold(name: str) -> Storyboard:
    """Return the gold storyboard of a clip.

    `provenance.settings` says which facets were looked at (`scope`; one without units is not there) and how many people
    have read the whole (`reads`). Raises UnknownComponent with the nearest names.
    """
    file = _read(name)
    count: Counter[str] = Counter()
    units = []
    for row in _rows(file):
        units.append(_unit(row, count[row.facet], file.media))
        count[row.facet] += 1
    settings = {"scope": list(file.scope), "reads": file.reads, "clip": file.clip}
    return Storyboard(
        media=file.media,
        items=tuple(units),
        transcript=Transcript(screen=tuple(_screen(file)), engines={"screen": PRODUCER.name}),
        provenance=Provenance(name=PRODUCER.name, settings=settings, notes=file.notes),
    ).canonical()


@cache
def _read(name: str) -> _File:
    import yaml

    if name not in names():
        raise unknown("clip of FeedBench's real split", name, names())
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return _File.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def _rows(file: _File) -> Iterator[_Row]:
    """Yield every unit of the file as a row of its own."""
    whole = (file.media.span.start_s, file.media.span.end_s)
    for facet, said in file.video.items():
        yield from _said(facet, said, span=whole)
    starts = [float(shot["at"]) for shot in file.shots]
    for shot, start_s, end_s in zip(file.shots, starts, [*starts[1:], whole[1]], strict=True):
        yield _Row(facet="edit.shot", label="shot", span=(start_s, end_s))
        edit = tuple(shot.get("over", (start_s, start_s)))
        if "by" in shot:
            yield _Row(facet="edit.transition", label=shot["by"], span=edit)
        told = {key: value for key, value in shot.items() if key not in ("at", "by", "over")}
        for facet, said in {**file.every_shot, **told}.items():
            if _level(facet) != "boundary":
                yield from _said(facet, said, span=(start_s, end_s))
            elif "by" in shot:  # what is said of every cut is not said of the first shot, which no cut opens
                yield from _said(facet, said, span=edit)
    yield from _limits(whole, file.scope)
    yield from _unmarked(file, [*zip(starts, [*starts[1:], whole[1]], strict=True)])
    for row in file.units:
        yield from chain((row,), _about(row, file.scope))


def _limits(whole: tuple[float, float], scope: tuple[str, ...]) -> Iterator[_Row]:
    """Yield the boundaries that every video has and nobody writes down: its start and its end."""
    if "edit.transition" in scope:
        for label, time in zip(LIMITS, whole, strict=True):
            yield _Row(facet="edit.transition", label=label, at=time)


def _unmarked(file: _File, shots: list[tuple[float, float]]) -> Iterator[_Row]:
    """Yield the usual label of the shots in which nothing unusual was marked: only exceptions are written down."""
    for facet, usual in USUAL.items():
        marked = [row.when for row in file.units if row.facet == facet]
        for shot in shots if facet in file.scope else ():
            if not any(span.overlaps(Span.of(*shot)) for span in marked):
                yield _Row(facet=facet, label=usual, span=shot)


def _said(facet: str, said: Any, *, span: tuple[float, float]) -> Iterator[_Row]:
    """Yield a row for each thing said of a facet: a label, a number, or a mapping such as `{abstain: why}`."""
    for one in said if isinstance(said, list) else (said,):
        if isinstance(one, Mapping):
            yield _Row(facet=facet, span=span, **one)
        elif isinstance(one, str):
            yield _Row(facet=facet, span=span, label=one)
        else:
            yield _Row(facet=facet, span=span, value=one)


def _about(row: _Row, scope: tuple[str, ...]) -> Iterator[_Row]:
    """Yield what follows from an overlay's row: the cell its middle lies in, and the checks it fails."""
    if row.facet != "diss.overlay.kind" or row.region is None:
        return
    if "diss.overlay.position" in scope:
        yield _Row(facet="diss.overlay.position", label=position(row.region.box), span=row.span, box=row.box)
    for issue in row.issues:
        yield _Row(facet="diss.readability.issues", label=issue, span=row.span, box=row.box)


def position(box: Box) -> str:
    """Return the cell of a three by three grid that holds the middle of a box, a label of `diss.overlay.position`."""
    x, y = box.centre
    row, column = ROWS[min(2, int(y * 3))], COLUMNS[min(2, int(x * 3))]
    return "centre" if (row, column) == ("middle", "centre") else f"{row}_{column}"


def _level(facet: str) -> str:
    return str(vocabulary.facet(facet).levels[0])


def _unit(row: _Row, number: int, media: MediaInfo) -> Unit:
    facet = vocabulary.facet(row.facet)
    return Unit.model_validate({
        "id": f"{row.facet}/{number}",
        "dimension": facet.dimension,
        "facet": row.facet,
        "label": row.label,
        "text": row.text if row.label is None or row.box is not None else None,
        "value": row.value,
        "unit": None if row.value is None else facet.unit,
        "level": row.level or _level(row.facet),
        "span": row.when,
        "region": row.region,
        "confidence": row.confidence,
        "status": "provided" if row.abstain is None else "abstain",
        "producer": PRODUCER,
        "evidence": tuple(_evidence(row, media)),
        "reason": row.abstain,
    })


def _evidence(row: _Row, media: MediaInfo) -> Iterator[Evidence]:
    """Yield what to look at: the frames on both sides of an edit, the frame of an instant, else the span."""
    if row.label in LIMITS:
        yield FrameEvidence(at_s=_around(row.when, media)[0])
    elif _level(row.facet) == "boundary":
        yield FramePairEvidence(at_s=_around(row.when, media))
    elif row.when.is_instant:
        yield FrameEvidence(at_s=row.when.start_s)
    else:
        yield SpanEvidence(span=row.when)
    if row.text is not None and row.region is not None:
        yield OcrEvidence(quote=row.text, box=row.region.box, at_s=row.when.start_s)


def _around(span: Span, media: MediaInfo) -> tuple[float, float]:
    """Return the times of the last frame before an edit and of the first one after it, as far as there are any."""
    table = media.frame_table()
    if table is None:
        raise ValueError(f"{media.name} has no pictures that could be edited")
    times = table.times_s
    before = max(0, int(times.searchsorted(span.start_s)) - 1)
    after = min(len(times) - 1, int(times.searchsorted(span.end_s)))
    return float(times[before]), float(times[after])


def _screen(file: _File) -> Iterator[ScreenText]:
    """Yield the lettering of the clip: every row that has words and a place."""
    lettered = [row for row in file.units if row.text is not None and row.region is not None]
    for number, row in enumerate(lettered):
        overlaid = row.facet == "diss.overlay.kind"
        yield ScreenText.model_validate({
            "id": f"t{number}", "text": row.text, "span": row.when, "region": row.region, "confidence": 1.0,
            "locked": overlaid or None,
        })  # fmt: skip
