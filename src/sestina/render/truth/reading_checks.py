"""True readability: height, contrast, pace and length of what is written, and which checks it fails for certain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from sestina.core.evidence import Region
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.core.writing import reading_length
from sestina.render.overlays import Placed
from sestina.render.packaging.grounds import contrast
from sestina.render.packaging.kinds import CARDS, PANELS, plate, styles
from sestina.render.parts.overlay import CAPTIONS
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.overlays import written

FACET, ISSUES = "diss.readability", "diss.readability.issues"
FACETS = (
    ISSUES, f"{FACET}.cap_height", f"{FACET}.contrast", f"{FACET}.chars_per_s", f"{FACET}.line_chars",
    f"{FACET}.sync_offset",
)  # fmt: skip

IN_PASSING = ("logo_bug", "channel_watermark", "other_platform_watermark", "disclaimer", "end_card")
"""Kinds that nobody has to read in passing: pace and length do not matter."""
LARGE_CAP = 0.03
"""Share of the frame height from which capitals count as large text."""
MARGIN = 0.12
"""Relative distance from a limit within which nothing is decided."""
COVERED, FREE = 0.25, 0.05
"""Shares of a text's box under another text that is a failure, and that is none."""
TOGETHER_S = 0.2
"""Texts that share less time do not overlap."""
RESTLESS = 0.4
"""Share of its time in motion from which a text may be called moving."""


def units(made: Made) -> Iterator[Unit]:
    """Yield the numbers of every text, and its issues."""
    for number, placed, span in written(made):
        part = partial(unit, number=number, level="overlay", span=span, region=Region(box=placed.region))
        found = numbers(made, number, placed, span)
        for name, value in found.items():
            measure = {"cap_height": "share", "contrast": "ratio", "chars_per_s": "1/s", "line_chars": "count"}
            yield part(f"{FACET}.{name}", value=round(value, 4), unit=measure.get(name, "s"))
        if "contrast" not in found:
            yield undecided(f"{FACET}.contrast", number, "overlay", span, "the letters stand on several colours")
        verdicts = issues(made, number, placed, span, found)
        for issue, fails in sorted(verdicts.items()):
            if fails:
                yield part(ISSUES, number=f"{number}.{issue}", label=issue)
        open_ = sorted(issue for issue, fails in verdicts.items() if fails is None)
        if open_:
            yield undecided(ISSUES, number, "overlay", span, f"near a limit or unknown: {', '.join(open_)}")


def numbers(made: Made, number: int, placed: Placed, span: Span) -> dict[str, float]:
    """Return the parts of `diss.readability` that are known of a text."""
    found = {
        "cap_height": max(text.cap for text in placed.texts),
        "chars_per_s": reading_length(placed.text)[0] / max(span.duration_s, 0.04),
        "line_chars": float(max(reading_length(line)[0] for line in placed.lines)),
    }
    ratios = _contrasts(made, number, placed)
    if len(ratios) == 1:
        found["contrast"] = ratios[0]
    offset = sync_offset(made, placed, span)
    if offset is not None:
        found["sync_offset"] = offset
    return found


def _contrasts(made: Made, number: int, placed: Placed) -> tuple[float, ...]:
    """Return the contrast of the worst tenth: one number, lowest and highest where letters have a halo, or nothing."""
    overlay = placed.overlay
    own = float(contrast(overlay.colour, overlay.back))
    if plate(overlay):
        return (own,)
    seen = made.overlays.grounds.contrasts(number, overlay.colour)
    if overlay.kind in (*PANELS, *CARDS) or not len(seen) or "gradient" in styles(overlay):
        return ()
    worst = float(np.percentile(seen, threshold(ISSUES, "contrast_percentile")))
    return (worst,) if styles(overlay) == ("plain",) else (min(worst, own), max(worst, own))


def sync_offset(made: Made, placed: Placed, span: Span) -> float | None:
    """Return how much later a caption comes than its words are said, seconds; None for other texts."""
    if made.heard is None or placed.overlay.kind not in CAPTIONS:
        return None
    said = [_plain(word.text) for word in made.heard.words]
    wanted = [plain for word in placed.text.split() if (plain := _plain(word))]
    runs = [k for k in range(len(said) - len(wanted) + 1) if wanted and said[k : k + len(wanted)] == wanted]
    starts = [made.heard.words[k].start_s for k in runs]
    return span.start_s - min(starts, key=lambda at: abs(at - span.start_s)) if starts else None


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def issues(made: Made, number: int, placed: Placed, span: Span, found: dict[str, float]) -> dict[str, bool | None]:
    """Return issue to whether the text has it; None where that is too near to call, or not known."""
    limit = partial(threshold, ISSUES)
    overlay = placed.overlay
    large = found["cap_height"] >= LARGE_CAP
    ratios = [_below(ratio, limit("contrast_large_min" if large else "contrast_min"))
              for ratio in _contrasts(made, number, placed)]  # fmt: skip
    even = plate(overlay) or overlay.kind in (*PANELS, *CARDS)
    moves = ((overlay.entry, overlay.entry_s), (overlay.leave, overlay.leave_s))
    moving_s = sum(lasts_s for how, lasts_s in moves if how != "none")
    verdicts: dict[str, bool | None] = {
        "too_small": _below(found["cap_height"], limit("cap_height_min")),
        "low_contrast": ratios[0] if ratios and len(set(ratios)) == 1 else None,
        "busy_background": False if even else None,
        "covers_face": None if any(shot.subjects for shot in made.script.shots) else False,
        "clipped_at_edge": _clipped(placed),
        "overlapping_text": _overlapping(made, number, placed, span),
        "moving_text": None if moving_s > RESTLESS * span.duration_s else False,
    }
    if overlay.kind not in IN_PASSING:
        verdicts |= _pace(made, placed, span, found)
    offset = found.get("sync_offset")
    if offset is not None:
        verdicts["out_of_sync"] = _above(abs(offset), limit("sync_max_s"))
    return verdicts


def _pace(made: Made, placed: Placed, span: Span, found: dict[str, float]) -> dict[str, bool | None]:
    limit = partial(threshold, ISSUES)
    cjk = reading_length(placed.text)[1]
    fast = _above(found["chars_per_s"], limit("cjk_chars_per_s_max" if cjk else "latin_chars_per_s_max"))
    tall = made.script.height > made.script.width
    wide = _above(found["line_chars"], limit("line_chars_portrait_max" if tall else "line_chars_landscape_max"), 0.0)
    return {
        "too_fast": _either(fast, _below(span.duration_s, limit("on_screen_min_s"))),
        "too_long": _either(wide, len(placed.lines) > limit("lines_max")),
    }


def _clipped(placed: Placed) -> bool | None:
    if any(text.cut > 0.02 for text in placed.texts):
        return True
    box = placed.region
    return False if min(box.x, box.y, 1 - box.x - box.w, 1 - box.y - box.h) > 0.01 else None


def _overlapping(made: Made, number: int, placed: Placed, span: Span) -> bool | None:
    """Return whether another text lies over a good part of this one for a while."""
    share = max(
        (
            placed.region.overlap(other.region) / max(placed.region.area, 1e-9)
            for k, other, when in written(made)
            if k != number and when.overlap_s(span) > TOGETHER_S
        ),
        default=0.0,
    )
    return True if share > COVERED else False if share < FREE else None


def _below(value: float, limit: float) -> bool | None:
    return True if value < limit * (1 - MARGIN) else False if value > limit * (1 + MARGIN) else None


def _above(value: float, limit: float, margin: float = MARGIN) -> bool | None:
    return True if value > limit * (1 + margin) else False if value <= limit * (1 - margin) else None


def _either(one: bool | None, two: bool | None) -> bool | None:
    return True if one or two else None if one is None or two is None else False
