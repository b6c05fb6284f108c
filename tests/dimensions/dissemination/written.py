"""Texts on screen: drawn with Pillow's own face, or made up as a reader would have read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sestina.core.evidence import Box, Region
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import ScreenText, Transcript, Unit, Word
from sestina.core.time import Span
from sestina.core.track import Track
from tests.dimensions.filmed import U8, info, shots

Rgb = tuple[int, int, int]
MEASURES = {
    "contrast": 12.0, "cap_height": 0.03, "busyness": 0.02, "rotation": 0.0, "outline": 0.0, "shadow": 0.0,
    "boxed": 0.0, "rise": 0.0, "lines": 1.0, "plain": 0.2, "lit": 0.0,
}  # fmt: skip


def lettered(
    picture: U8, text: str, at: tuple[float, float], size: int, colour: Rgb = (255, 255, 255), box: Rgb | None = None,
    stroke: int = 2, opacity: float = 1.0,
) -> U8:  # fmt: skip
    """Return `picture` with `text` centred at `at` (fractions), letters about `size` pixels tall."""
    image = Image.fromarray(picture)
    over = image.copy()
    draw = ImageDraw.Draw(over)
    x, y = at[0] * image.width, at[1] * image.height
    font: Any = ImageFont.load_default(size)
    if box is not None:
        left, top, right, bottom = draw.textbbox((x, y), text, font=font, anchor="mm")
        draw.rounded_rectangle((left - size, top - size // 2, right + size, bottom + size // 2), size // 2, fill=box)
        stroke = 0
    draw.multiline_text(
        (x, y), text, font=font, anchor="mm", fill=colour, stroke_width=stroke, stroke_fill=(0, 0, 0), align="center"
    )
    return np.asarray(Image.blend(image, over, opacity))


def screen(
    text: str, start_s: float, end_s: float, box: tuple[float, float, float, float] = (0.3, 0.8, 0.4, 0.06),
    locked: bool | None = True, number: int = 0,
) -> ScreenText:  # fmt: skip
    """Return one entry of the transcript."""
    return ScreenText(
        id=f"text-{number}", text=text, span=Span.of(start_s, end_s), region=Region(box=Box.of(*box)), confidence=0.97,
        locked=locked,
    )  # fmt: skip


def reading(
    texts: Sequence[ScreenText],
    *,
    frames: int = 250,
    words: Sequence[Word] = (),
    measures: Sequence[dict[str, float]] = (),
    cuts_s: Sequence[float] = (),
    paper: tuple[float, float, float] = (20.0, 20.0, 20.0),
    height: int = 640,
    width: int = 360,
    **facts: Any,
) -> Reading:
    """Return a reading with these texts, their `ocr.*` events, and shots; 25 frames a second, upright by default."""
    ordered = sorted(texts, key=lambda text: text.span.start_s)
    times: list[float] = []
    for text in ordered:
        times.append(text.span.start_s if not times else max(text.span.start_s, round(times[-1] + 1e-6, 6)))
    every = [{**MEASURES, **(measures[texts.index(text)] if measures else {})} for text in ordered]
    tracks = {
        f"ocr.{name}": Track(
            name=f"ocr.{name}", unit="", kind="event", times_s=np.asarray(times),
            values=np.asarray([one[name] for one in every]),
        )
        for name in MEASURES
    }  # fmt: skip
    for name, colour in (("ocr.ink", (255.0, 255.0, 255.0)), ("ocr.paper", paper)):
        values = np.asarray([colour] * len(ordered)).reshape(-1, 3)
        tracks[name] = Track(name=name, unit="", kind="event", times_s=np.asarray(times), values=values)
    base = Reading(
        media=info(frames, height=height, width=width, **facts), tracks=tracks,
        transcript=Transcript(screen=tuple(ordered), words=tuple(words)),
    )  # fmt: skip
    return base.with_(units=tuple(shots(base, cuts_s)))


def parse(source: Reading, *names: str) -> list[Unit]:
    """Return what parsers make of a reading, each one seeing what those before it made."""
    made: list[Unit] = []
    tracks = dict(source.tracks)
    for name in names:
        current = source.with_(tracks=tracks, units=(*source.units, *made))
        for item in parsers.get(name).make()(current):
            if isinstance(item, Track):
                tracks[item.name] = item
            else:
                made.append(item)
    return made


def kinds(source: Reading) -> list[str | None]:
    """Return the kinds of the overlays of a reading in order of time, None for an abstention."""
    units = [unit for unit in parse(source, "dissemination.overlays") if unit.facet == "diss.overlay.kind"]
    return [unit.label for unit in units]
