"""The overlays of a plan: where the sketch puts them, or where their kind usually stands."""

from __future__ import annotations

from typing import cast, get_args

from sestina.core import vocabulary
from sestina.core.time import Span
from sestina.render.parts.overlay import LETTERED, MARKS, WORDLESS, Entry, Overlay, OverlayKind, Style
from sestina.render.wanted import Want, Wanted

USUAL: dict[str, tuple[tuple[float, float], float]] = {
    "subtitle_full": ((0.5, 0.8), 0.024), "subtitle_phrase": ((0.5, 0.72), 0.03),
    "subtitle_word_karaoke": ((0.5, 0.7), 0.032), "headline_super": ((0.5, 0.22), 0.04),
    "title_card": ((0.5, 0.45), 0.045), "lower_third": ((0.34, 0.78), 0.024), "list_counter": ((0.5, 0.12), 0.03),
    "step_label": ((0.5, 0.14), 0.028), "price_tag": ((0.72, 0.4), 0.03), "discount": ((0.72, 0.3), 0.03),
    "cta_text": ((0.5, 0.62), 0.03), "cta_button": ((0.5, 0.64), 0.026), "handle": ((0.5, 0.86), 0.02),
    "hashtag": ((0.5, 0.82), 0.02), "url": ((0.5, 0.84), 0.02), "progress_bar": ((0.5, 0.995), 0.008),
    "countdown_timer": ((0.82, 0.14), 0.03), "logo_bug": ((0.88, 0.06), 0.04), "end_card": ((0.5, 0.4), 0.04),
}  # fmt: skip
"""Kind -> where its middle stands and how tall its capitals are, fractions of the frame, when the sketch is silent."""

STANDS_FOR: dict[str, OverlayKind] = {"reaction_cutout": "reaction_face_inset", "meme_image": "sticker"}
"""Kinds that show a picture of the user's, which a sketch does not bring, and what is drawn for them."""

WHOLE = (*WORDLESS, "qr_code", "emoji", "logo_bug")
"""Kinds whose size is the height of the whole."""


def overlays(wanted: Wanted, said: list[str]) -> tuple[Overlay, ...]:
    """Return the overlays of a sketch; one line is added to `said` for every one that is drawn otherwise or not."""
    found = []
    for want in wanted.of("diss.overlay.kind"):
        kind = _kind(want, said)
        text = _text(want, kind)
        if not text and kind not in (*WORDLESS, *MARKS):
            said.append(f"{want.id}: {kind} without a text is not drawn")
            continue
        found.append(_overlay(want, kind, text, wanted))
    return tuple(found)


def _kind(want: Want, said: list[str]) -> OverlayKind:
    asked = vocabulary.facet("diss.overlay.kind").canonical(want.label or "headline_super")
    if asked not in STANDS_FOR:
        return cast(OverlayKind, asked)
    said.append(f"{want.id}: {asked} needs a picture; {STANDS_FOR[asked]} stands for it")
    return STANDS_FOR[asked]


def _text(want: Want, kind: OverlayKind) -> str:
    """Return what an overlay says; a countdown that names no number begins at five."""
    text = "" if kind in WORDLESS else want.text or ""
    if kind == "countdown_timer" and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
        return "5"
    return text


def _overlay(want: Want, kind: OverlayKind, text: str, wanted: Wanted) -> Overlay:
    at, size = USUAL.get(kind, ((0.5, 0.3), 0.03))
    if want.box is not None:
        x, y, w, h = want.box
        at = (x + w / 2, y + h / 2)
        # A line is about twice as tall as its capitals.
        size = min(1.0, h) if kind in WHOLE else min(0.12, max(0.008, h / (2 * (text.count("\n") + 1))))
    span = want.span or Span.of(0.0, wanted.duration_s)
    style, entry = want.attributes.get("style"), want.attributes.get("animation")
    entries = [known for known in get_args(Entry) if known != "typewriter" or kind in LETTERED]
    return Overlay(
        kind=kind, text=text, start_s=span.start_s, end_s=span.end_s, at=at, size=size,
        style=cast(Style, style) if style in get_args(Style) else "shadow",
        entry=cast(Entry, entry) if entry in entries else "none",
    )  # fmt: skip
