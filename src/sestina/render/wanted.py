"""What somebody wants to see: a storyboard, or a sketch of one that leaves things open.

A sketch is a storyboard without what a renderer finds out by itself. Units need a `facet`, what they say, and a `span`
(`[start_s, end_s]`, or `at` for an instant; none for the whole clip); `media` may say no more than `width`, `height`
(or `aspect`), `rate` and `duration_s`; a top-level `seed` chooses what is left open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sestina.core.errors import ScriptError
from sestina.core.time import Span, snap_rate

HEIGHT = 720
"""Pixels on the short side of a picture whose size is left open."""

MAX_SIDE = 4096
MAX_S = 3600.0


@dataclass(frozen=True, kw_only=True)
class Want:
    """One wish: what a unit says, over which span (None: the whole clip)."""

    id: str
    facet: str
    label: str | None = None
    text: str | None = None
    value: float | None = None
    unit: str | None = None
    level: str = ""
    span: Span | None = None
    box: tuple[float, float, float, float] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """Words to be said, from `start_s` on."""

    text: str
    start_s: float


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A whole sketch: picture size, frame rate, length, wishes in order of time, what is said, and the seed."""

    width: int
    height: int
    rate: Fraction
    duration_s: float
    wants: tuple[Want, ...]
    spoken: tuple[Spoken, ...] = ()
    seed: int = 0

    def of(self, *facets: str) -> tuple[Want, ...]:
        """Return the wishes for these facets, in order of time."""
        return tuple(want for want in self.wants if want.facet in facets)

    def during(self, span: Span, *facets: str) -> tuple[Want, ...]:
        """Return the wishes for these facets that overlap a span, the longest shared time first."""
        found = [w for w in self.of(*facets) if w.span is None or w.span.overlaps(span)]
        return tuple(sorted(found, key=lambda w: -(span if w.span is None else w.span).overlap_s(span)))


def read(data: Mapping[str, Any], seed: int | None = None) -> Wanted:
    """Return what a storyboard or a sketch, as plain JSON values, asks for.

    Abstaining units ask for nothing. `seed` wins over the document's own.

    Raises ScriptError that names, with the unit's id, everything that cannot be understood.
    """
    problems: list[str] = []
    units = enumerate(_list(data, "units", problems))
    wants = tuple(want for number, raw in units for want in _want(raw, number, problems))
    media = data.get("media") or {}
    if not isinstance(media, Mapping):
        problems.append("media: must be an object")
        media = {}
    size, rate = _size(media, wants, problems), _rate(media, problems)
    spoken = tuple(_spoken(data, problems))
    duration_s = _duration(media, wants, spoken, problems)
    chosen = seed if seed is not None else data.get("seed", 0)
    if not isinstance(chosen, int) or isinstance(chosen, bool) or chosen < 0:
        problems.append(f"seed: must be a whole number from 0, got {chosen!r}")
    if problems:
        raise ScriptError(problems)
    ordered = tuple(sorted(wants, key=lambda w: (w.span.start_s, w.span.end_s) if w.span else (0.0, duration_s)))
    return Wanted(
        width=size[0], height=size[1], rate=rate, duration_s=duration_s, wants=ordered, spoken=spoken, seed=chosen
    )


def _list(data: Mapping[str, Any], key: str, problems: list[str]) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        problems.append(f"{key}: must be a list")
        return []
    return value


def _want(raw: Any, number: int, problems: list[str]) -> Iterator[Want]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("facet"), str):
        problems.append(f"units.{number}: a unit is an object with a facet")
        return
    if raw.get("status") == "abstain":
        return
    name = str(raw.get("id") or f"{raw['facet']}/{number}")
    try:
        yield Want(
            id=name, facet=raw["facet"], label=_text(raw, "label"), text=_text(raw, "text"),
            value=_number(raw.get("value")), unit=_text(raw, "unit"), level=_text(raw, "level") or "",
            span=_span(raw), box=_box(raw), attributes=raw.get("attributes") or {},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        problems.append(f"{name}: {_reason(error)}")


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0]


def _text(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{key} must be text, got {value!r}")
    return value


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"a finite number is needed, got {value!r}")
    return float(value)


def _span(raw: Mapping[str, Any]) -> Span | None:
    value = raw.get("span")
    if value is None:
        at = _number(raw.get("at"))
        return None if at is None else Span.at(at)
    pair = (value.get("start_s"), value.get("end_s")) if isinstance(value, Mapping) else tuple(value)
    if len(pair) != 2 or None in pair:
        raise ValueError(f"a span has a start and an end, got {value!r}")
    start, end = (_number(bound) for bound in pair)
    if start is None or end is None or end < start:
        raise ValueError(f"the span ends before it starts: {start} to {end}")
    return Span.of(start, end)


def _box(raw: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    region = raw.get("region")
    value = raw.get("box") or (region.get("box") if isinstance(region, Mapping) else None)
    if value is None:
        return None
    numbers = [value[key] for key in "xywh"] if isinstance(value, Mapping) else list(value)
    if len(numbers) != 4:
        raise ValueError(f"a box has left, top, width and height, got {value!r}")
    x, y, w, h = (_number(number) or 0.0 for number in numbers)
    return x, y, w, h


def _size(media: Mapping[str, Any], wants: tuple[Want, ...], problems: list[str]) -> tuple[int, int]:
    video = media.get("video") if isinstance(media.get("video"), Mapping) else {}
    width = media.get("width") or (video or {}).get("display_width")
    height = media.get("height") or (video or {}).get("display_height")
    if width is None and height is None:
        said = next((want.label for want in wants if want.facet == "diss.aspect"), None)
        return _of_aspect(str(media.get("aspect") or said or "9:16"), problems)
    sides = [side for side in (width, height) if isinstance(side, int) and 16 <= side <= MAX_SIDE]
    if len(sides) != 2:
        problems.append(f"media: width and height are whole numbers from 16 to {MAX_SIDE}, got {width!r} x {height!r}")
        return 2, 2
    return _even(sides[0]), _even(sides[1])


def _of_aspect(aspect: str, problems: list[str]) -> tuple[int, int]:
    wide, _, high = aspect.partition(":")
    try:
        ratio = float(wide) / float(high or 1)
    except (ValueError, ZeroDivisionError):
        ratio = 0.0
    if not 0.2 <= ratio <= 5:
        problems.append(f"media: {aspect!r} is no aspect ratio between 1:5 and 5:1")
        return 2, 2
    return (_even(HEIGHT * ratio), HEIGHT) if ratio >= 1 else (HEIGHT, _even(HEIGHT / ratio))


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def _rate(media: Mapping[str, Any], problems: list[str]) -> Fraction:
    video = media.get("video") if isinstance(media.get("video"), Mapping) else {}
    given = media.get("rate") or (video or {}).get("frame_rate") or "30"
    try:
        rate = snap_rate(Fraction(str(given)))
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 1 <= rate <= 240:
        problems.append(f"media: {given!r} is no frame rate between 1 and 240 a second")
        return Fraction(30)
    return rate


def _spoken(data: Mapping[str, Any], problems: list[str]) -> Iterator[Spoken]:
    """Yield what is said: runs of words with less than half a second between them."""
    transcript = data.get("transcript") or {}
    words = transcript.get("words", []) if isinstance(transcript, Mapping) else []
    line: list[str] = []
    start, end = 0.0, -math.inf
    for number, word in enumerate(words):
        try:
            text, begin = str(word["text"]), _number(word["start_s"])
            until = _number(word.get("end_s", begin))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"transcript.words.{number}: {_reason(error)}")
            continue
        if line and (begin or 0.0) - end > 0.5:
            yield Spoken(text=" ".join(line), start_s=start)
            line = []
        if not line:
            start = begin or 0.0
        line.append(text)
        end = until or 0.0
    if line:
        yield Spoken(text=" ".join(line), start_s=start)


def _duration(
    media: Mapping[str, Any], wants: tuple[Want, ...], spoken: tuple[Spoken, ...], problems: list[str]
) -> float:
    span = media.get("span")
    given = media.get("duration_s")
    if given is None and isinstance(span, Mapping):
        given = span.get("end_s")
    if given is None:
        given = max([0.0, *(w.span.end_s for w in wants if w.span), *(s.start_s + 2.0 for s in spoken)])
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 < given <= MAX_S:
        problems.append(f"media: a length in seconds, above 0 and up to {MAX_S:g}, is needed, got {given!r}")
        return 1.0
    return float(given)
