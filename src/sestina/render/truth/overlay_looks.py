"""True looks of what is written: place, size, case, lines, colours, style, turn, motion, language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sestina.core.evidence import Region
from sestina.core.storyboard import Unit
from sestina.core.writing import EMOJI, case_of, direction_of, script_of
from sestina.render.overlays import Placed
from sestina.render.packaging.kinds import PANELS, plate, styles
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.overlays import written

P = "diss.overlay."
PARTS = (
    "position", "box", "animation", "style", "font_case", "line_count", "colour", "bg_colour", "rotation", "language",
    "script_direction", "emoji_count",
)  # fmt: skip
FACETS = (*(P + part for part in PARTS), "subject.language.text")

NO_LANGUAGE = (
    "handle", "hashtag", "url", "phone", "price_tag", "discount", "offer_code", "list_counter", "chapter_marker",
    "countdown_timer", "logo_bug", "channel_watermark", "other_platform_watermark", "code", "emoji",
)  # fmt: skip
"""Kinds whose words are names and signs."""
NOBODY_SAYS = "the script does not say which language this is"


def units(made: Made) -> Iterator[Unit]:
    """Yield what every text looks like, and the languages of the clip."""
    for number, placed, span in written(made):
        part = partial(unit, number=number, level="overlay", span=span, region=Region(box=placed.region))
        said, overlay = placed.text, placed.overlay
        yield part(P + "position", label=placed.position)
        yield part(P + "box", value=round(placed.region.area, 6), unit="share")
        yield part(P + "animation", label=overlay.animation)
        for k, style in enumerate(styles(overlay)):
            yield part(P + "style", number=f"{number}.{k}", label=style)
        yield part(P + "font_case", label=case_of(said))
        yield part(P + "line_count", value=float(len(placed.lines)), unit="count")
        yield part(P + "script_direction", label=direction_of(said))
        if overlay.rotation_deg:
            yield part(P + "rotation", value=overlay.rotation_deg, unit="deg")
        if count := len(EMOJI.findall(said)):
            yield part(P + "emoji_count", value=float(count), unit="count")
        if overlay.language:
            yield part(P + "language", text=overlay.language)
        elif speaks(placed):
            yield undecided(P + "language", number, "overlay", span, NOBODY_SAYS)
        if overlay.kind in PANELS or "gradient" in styles(overlay):
            yield undecided(P + "colour", number, "overlay", span, "the letters have several colours")
        else:
            yield part(P + "colour", text=hex_of(overlay.colour))
        if plate(overlay):
            yield part(P + "bg_colour", text=hex_of(overlay.back))
        else:
            yield undecided(P + "bg_colour", number, "overlay", span, "the letters stand on several colours")
    yield from _languages(made)


def hex_of(colour: tuple[int, int, int]) -> str:
    """Return a colour as an sRGB hex triplet."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def speaks(placed: Placed) -> bool:
    """Return whether a text has words of a language."""
    return placed.overlay.kind not in NO_LANGUAGE and script_of(placed.text) is not None


def _languages(made: Made) -> Iterator[Unit]:
    """Yield every language that is written; none where some text's is unknown."""
    spoken = [placed for _, placed, _ in written(made) if speaks(placed)]
    whole = made.timeline.span
    if not all(placed.overlay.language for placed in spoken):
        yield undecided("subject.language.text", 0, "video", whole, NOBODY_SAYS)
        return
    for number, language in enumerate(sorted({placed.overlay.language for placed in spoken})):
        yield unit("subject.language.text", number, "video", whole, text=language)
