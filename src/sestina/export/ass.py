"""Advanced SubStation Alpha: the speech, and every on-screen text at its place, size and colour.

Source: the ASS format as libass 0.17 reads it (2023). The script's picture is the video's display size, so that
positions are pixels of what a player shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO, Literal

from sestina.core.card import Card
from sestina.core.evidence import Box, Region
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.writing import direction_of
from sestina.export._cues import milliseconds, rules_for, speech_cues
from sestina.export._shown import Shown, shown
from sestina.export._wrap import columns, evenly, one_line

NO_PICTURE = (1920, 1080)
"""Size of the script's picture for a file without video."""
STEP_MS = 10
"""The format's times are hundredths of a second."""
SPEECH_SHARE, MARGIN, SMALLEST = 0.055, 0.05, 8
"""Height of spoken lines and margin as shares of the picture, and the smallest lettering in pixels."""
MOST_LINES = 4
"""Lines that a text without line breaks is laid out on at most."""
LETTER, LEADING = 0.45, 0.25
"""Of a line's height: the mean width of a letter, and the part that a box drawn around the letters leaves out."""
STILL = 0.01
"""A text whose middle moves less, in fractions of the picture, stays."""
FORMAT_STYLE = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, "
    "Encoding"
)
FORMAT_EVENT = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"

Look = dict[str, str]
"""Facets below `diss.overlay.` -> what they say of one text."""


@exporters.register(
    "ass",
    suffix=".ass",
    card=Card(
        summary="Advanced SubStation Alpha: speech, and on-screen text with its place, size, colour, angle and path.",
        source="the ASS format as libass 0.17 reads it (2023)",
        deviations="braces become their full-width forms, for only some renderers know an escape",
    ),
)
def ass(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    what: Literal["speech", "screen", "both"] = "both",
    font: str = "Arial",
    line_chars: int | None = None,
    lines: int = 2,
    longest_s: float = 7.0,
    shortest_s: float = 0.8,
    pause_s: float = 0.5,
) -> None:
    """Write a script; its events are empty where nothing is said or written.

    Args:
        storyboard: what to write.
        file: where.
        what: what is said, what is on the screen, or both.
        font: family of every style.
        line_chars, lines, longest_s, shortest_s, pause_s: see `_cues.Rules`; by default 42 columns, 26 upright.
    """
    rules = rules_for(
        storyboard, line_chars=line_chars, lines=lines, longest_s=longest_s, shortest_s=shortest_s, pause_s=pause_s
    )
    video = storyboard.media.video
    size = (video.display_width, video.display_height) if video is not None else NO_PICTURE
    # Of an upright picture a full line takes the width.
    spoken = min(size[1] * SPEECH_SHARE, size[0] * (1 - 2 * MARGIN) / (LETTER * rules.line_chars))
    file.write(_head(storyboard, size, _field(font), max(SMALLEST, round(spoken))).encode())
    if what != "speech":
        looks = _looks(storyboard)
        for one in shown(storyboard):
            for event in _screen(one, looks.get(_key(one), {}), size):
                file.write(event.encode())
    if what != "screen":
        for cue in speech_cues(storyboard, rules, step_ms=STEP_MS):
            text = _text("\n".join(cue.lines))
            name = _field(cue.speaker or "")
            file.write(_event(1, cue.start_ms, cue.end_ms, "Speech", name, _direction(text) + text).encode())


def _head(board: Storyboard, size: tuple[int, int], font: str, spoken: int) -> str:
    width, height = size
    edge = max(1, round(spoken / 18))
    colours = "&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0"
    margins = f"{round(width * MARGIN)},{round(width * MARGIN)},{round(height * MARGIN)},1"
    return "\n".join(
        (
            "[Script Info]", f"Title: {one_line(board.media.name)}", "ScriptType: v4.00+", f"PlayResX: {width}",
            f"PlayResY: {height}", f"LayoutResX: {width}", f"LayoutResY: {height}", "WrapStyle: 2",
            "ScaledBorderAndShadow: yes", "YCbCr Matrix: None", "",
            "[V4+ Styles]", f"Format: {FORMAT_STYLE}",
            f"Style: Speech,{font},{spoken},{colours},1,{edge},0,2,{margins}",
            f"Style: Screen,{font},{spoken},{colours},1,{edge},0,5,0,0,0,1",
            f"Style: Boxed,{font},{spoken},{colours},3,{edge},0,5,0,0,0,1", "",
            "[Events]", f"Format: {FORMAT_EVENT}", "",
        )
    )  # fmt: skip


def _event(layer: int, start_ms: int, end_ms: int, style: str, name: str, text: str) -> str:
    return f"Dialogue: {layer},{_stamp(start_ms)},{_stamp(end_ms)},{style},{name},0,0,0,,{text}\n"


def _stamp(time_ms: int) -> str:
    seconds, hundredths = divmod(time_ms // STEP_MS, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{hundredths:02d}"


def _text(text: str) -> str:
    """Return lines in which nothing is an override: a backslash is followed by a word joiner, braces are full-width."""
    plain = text.replace("\\", "\\\u2060").replace("{", "\uff5b").replace("}", "\uff5d")
    return plain.replace("\n", "\\N")


def _field(text: str) -> str:
    """Return a text without the comma that ends a field."""
    return one_line(text).replace(",", ";")


def _direction(text: str) -> str:
    """Return the override by which libass finds the direction of a line itself, where it is from right to left."""
    return "{\\fe-1}" if not text.isascii() and direction_of(text) == "rtl" else ""


def _screen(one: Shown, look: Look, size: tuple[int, int]) -> Iterator[str]:
    """Yield the events of an on-screen text: one where it stays, one a leg where it moves."""
    first = milliseconds(one.span.start_s)
    last = max(first // STEP_MS * STEP_MS + STEP_MS, milliseconds(one.span.end_s))
    style = "Boxed" if look.get("style") == "box" else "Screen"
    name = _field(one.id)
    if one.region is None:
        text = _text(one.text)
        yield _event(0, first, last, style, name, _direction(text) + text)
        return
    box = one.region.track[0].box if one.region.track else one.region.box
    height, lines = _laid_out(one.text, box.w * size[0], box.h * size[1])
    text = _text("\n".join(lines))
    tags = f"\\fs{height}{_tags(look)}{_direction(text).strip('{}')}"
    for start, end, here, there in _legs(one.region, first, last, size):
        place = f"\\pos({here[0]},{here[1]})" if here == there else f"\\move({here[0]},{here[1]},{there[0]},{there[1]})"
        yield _event(0, start, end, style, name, f"{{{place}{tags}}}{text}")


def _legs(
    region: Region, first: int, last: int, size: tuple[int, int]
) -> Iterator[tuple[int, int, tuple[int, int], tuple[int, int]]]:
    """Yield (start, end, from, to) of a text's path, milliseconds and pixels; one leg where it stays."""
    if not _moves(region):
        place = _middle(region.box, size)
        yield first, last, place, place
        return
    stops = [(min(max(milliseconds(at.at_s), first), last), _middle(at.box, size)) for at in region.track]
    stops = [(first, stops[0][1]), *stops, (last, stops[-1][1])]
    for (start, here), (end, there) in pairwise(stops):
        if end // STEP_MS > start // STEP_MS:
            yield start, end, here, there


def _moves(region: Region) -> bool:
    if len(region.track) < 2:
        return False
    across, down = zip(*(at.box.centre for at in region.track), strict=True)
    return bool(max(max(across) - min(across), max(down) - min(down)) > STILL)


def _middle(box: Box, size: tuple[int, int]) -> tuple[int, int]:
    x, y = box.centre
    return round(x * size[0]), round(y * size[1])


def _laid_out(text: str, width: float, height: float) -> tuple[int, tuple[str, ...]]:
    """Return the size and the lines with which a text fills a box of pixels best; its own lines if it has several."""
    best, best_lines = 0.0, tuple(text.split("\n"))
    layouts = [best_lines] if len(best_lines) > 1 else (evenly(text, count) for count in range(1, MOST_LINES + 1))
    for lines in layouts:
        fits_down, fits_across = height / (len(lines) - LEADING), width / (LETTER * max(map(columns, lines)))
        if min(fits_down, fits_across) > best:
            best, best_lines = min(fits_down, fits_across), lines
        if fits_down <= fits_across:
            break  # more lines would only be lower
    return max(SMALLEST, round(best)), best_lines


def _tags(look: Look) -> str:
    """Return overrides for colours and angle."""
    tags = ""
    if "colour" in look:
        tags += f"\\1c{_colour(look['colour'])}"
    if "bg_colour" in look and look.get("style") in ("box", "outline"):
        tags += f"\\3c{_colour(look['bg_colour'])}"
    if "rotation" in look:
        tags += f"\\frz{-float(look['rotation']):g}"  # the format counts anticlockwise, the storyboard clockwise
    return tags


def _colour(triplet: str) -> str:
    """Return `#rrggbb` as the format writes it, blue first."""
    return f"&H{triplet[5:7]}{triplet[3:5]}{triplet[1:3]}&".upper()


def _key(one: Shown | Unit) -> tuple[float, float, Box | None]:
    return one.span.start_s, one.span.end_s, one.region.box if one.region is not None else None


def _looks(board: Storyboard) -> dict[tuple[float, float, Box | None], Look]:
    """Return what is said of how each text looks, by its stretch and box, which all its units share."""
    found: dict[tuple[float, float, Box | None], Look] = {}
    for unit in board.units(facet="diss.overlay."):
        part = unit.facet.removeprefix("diss.overlay.")
        look = found.setdefault(_key(unit), {})
        if part in ("colour", "bg_colour") and unit.text and _is_triplet(unit.text):
            look[part] = unit.text
        elif part == "rotation" and unit.value:
            look[part] = str(unit.value)
        elif part == "style" and unit.label in ("box", "outline"):
            look[part] = unit.label if look.get(part) != "box" else "box"
    return found


def _is_triplet(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(digit in "0123456789abcdefABCDEF" for digit in text[1:])
