"""What is laid over the picture: texts, buttons, panels, marks and cards; times count from the start of the clip."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from sestina.core import vocabulary

OverlayKind = Literal[
    "subtitle_full", "subtitle_phrase", "subtitle_word_karaoke", "headline_super", "title_card", "lower_third",
    "list_counter", "step_label", "chapter_marker", "price_tag", "discount", "offer_code", "cta_text", "cta_button",
    "hashtag", "handle", "url", "phone", "qr_code", "comment_bubble", "chat_message", "tweet_card", "notification",
    "search_bar", "notes_app", "poll_quiz_sticker", "slider", "countdown_timer", "progress_bar", "emoji", "sticker",
    "gif", "reaction_cutout", "meme_image", "arrow", "circle", "underline", "highlight", "hand_pointer", "spotlight",
    "logo_bug", "channel_watermark", "other_platform_watermark", "end_card", "subscribe_animation", "follow_button",
    "bell", "disclaimer", "ad_disclosure", "paid_partnership", "ai_label", "chart_infographic", "map", "table", "code",
    "caption_meme_top_bottom", "quote_frame", "reaction_face_inset",
]  # fmt: skip
"""The labels of `diss.overlay.kind`."""
Style = Literal["plain", "outline", "shadow", "box", "gradient", "highlight_bar"]
Entry = Literal["none", "fade", "pop", "slide", "typewriter", "bounce", "shake"]
Leave = Literal["none", "fade", "pop", "slide"]
Place = Literal[
    "", "top_left", "top_centre", "top_right", "middle_left", "centre", "middle_right", "bottom_left", "bottom_centre",
    "bottom_right",
]  # fmt: skip
Weight = Literal["bold", "regular"]

CAPTIONS = ("subtitle_full", "subtitle_phrase", "subtitle_word_karaoke")
LETTERED = (
    *CAPTIONS, "headline_super", "cta_text", "hashtag", "handle", "url", "phone", "disclaimer", "ad_disclosure",
    "paid_partnership", "ai_label", "chapter_marker", "channel_watermark", "list_counter", "step_label",
)  # fmt: skip
"""Kinds that are letters in a style; the others bring a shape of their own."""
WORDLESS = (
    "progress_bar", "arrow", "circle", "underline", "highlight", "hand_pointer", "spotlight", "bell", "sticker", "gif",
    "reaction_cutout", "meme_image", "map", "reaction_face_inset",
)  # fmt: skip
"""Kinds that say nothing."""
MARKS = ("emoji", "logo_bug", "slider", "title_card", "end_card")
"""Kinds that may be without text; an emoji's text is the emoji."""
LONGEST_TEXT = 400
"""Characters; no more can be read from a picture."""
LEAST_TURN_DEG = 3.0
"""A line turned by less is level to the eye."""


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Something laid over the picture, fixed to the screen.

    Args:
        kind: label of `diss.overlay.kind`.
        text: what it says, `\\n` between lines; a countdown's first number; the content of a QR code.
        start_s, end_s: when it shows.
        at: its middle, fractions of width and height; `place` goes before it.
        place: a corner, side or middle of the frame, or of what `profile` leaves free; "" for `at`.
        profile: id of a platform profile whose furniture `place` keeps clear of; "" for the whole frame.
        bleed: whether it may run over the edge of the frame, where it is cut off.
        size: height of its capital letters (of a bar or a mark: of the whole), fraction of the frame's height.
        width: widest line (of a bar or a mark: the whole), fraction of the frame's width; 0 as is usual for the kind.
        style: of kinds in `LETTERED`: `plain`, `outline`, `shadow`, `box`, `gradient` (from `colour` down to `accent`)
            or `highlight_bar` (a bar of `back` behind every line).
        entry: how it comes, over `entry_s`; `shake` and `bounce` come to rest; `typewriter` is for `LETTERED`.
        leave: how it goes, over `leave_s`.
        colour, back: text and background colours, RGB.
        accent: colour of marks, stripes and the word that is being said.
        serif, weight: the face.
        rotation_deg: turned clockwise; 0, or at least 3 either way.
        word_starts_s: karaoke: when each word lights up; evenly spaced when empty.
        values: shares 0..1: where a slider stands, the answers of a poll, the bars of a chart.
        picture: path of a picture file for stickers, cutouts, memes, insets and logos; "" for a drawn one.
        language: BCP-47 code of the text, "" where nobody says.
        cta: labels of `diss.cta.target` that it asks for.
        devices: labels of `diss.retention` that it is by what it says, such as `wait_for_it_text`.
        platform: label of `diss.platform` whose mark it is.
    """

    kind: OverlayKind
    text: str = ""
    start_s: float
    end_s: float
    at: tuple[float, float] = (0.5, 0.5)
    place: Place = ""
    profile: str = ""
    bleed: bool = False
    size: float = 0.03
    width: float = 0.0
    style: Style = "shadow"
    entry: Entry = "none"
    entry_s: float = 0.2
    leave: Leave = "none"
    leave_s: float = 0.2
    colour: tuple[int, int, int] = (255, 255, 255)
    back: tuple[int, int, int] = (20, 22, 30)
    accent: tuple[int, int, int] = (255, 209, 74)
    serif: bool = False
    weight: Weight = "bold"
    rotation_deg: float = 0.0
    word_starts_s: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    picture: str = ""
    language: str = ""
    cta: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    platform: str = ""

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise ValueError(f"overlay {self.text!r} ends at {self.end_s} s, before it starts at {self.start_s} s")
        if problem := _written_problem(self) or _shown_problem(self) or _label_problem(self):
            raise ValueError(f"overlay {self.kind} {self.text[:40]!r}: {problem}")

    @property
    def animation(self) -> str:
        """Label of `diss.overlay.animation`: how it comes, else how it goes; a karaoke line lights its words."""
        if self.kind == "subtitle_word_karaoke":
            return "word_highlight"
        return self.entry if self.entry != "none" else self.leave


def _written_problem(overlay: Overlay) -> str:
    """Return what is wrong with the text, or ""."""
    text = overlay.text
    if len(text) > LONGEST_TEXT:
        return f"{len(text)} characters of text, at most {LONGEST_TEXT} can be shown"
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp") and letter != "\n":
            return f"the character U+{ord(letter):04X} cannot be drawn"
        if unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"):
            return f"the character U+{ord(letter):04X} turns the order of letters around"
    if overlay.kind in WORDLESS and text:
        return "this kind says nothing"
    if overlay.kind not in (*WORDLESS, *MARKS) and not text.strip():
        return "there is no text"
    if overlay.kind == "countdown_timer" and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
        return "a countdown begins at a number from 1 to 99"
    return ""


def _shown_problem(overlay: Overlay) -> str:
    """Return what is wrong with place, motion or numbers, or ""."""
    if not 0.002 <= overlay.size <= 1:
        return f"size must be 0.002 to 1 of the frame's height, got {overlay.size}"
    if not 0 <= overlay.width <= 1:
        return f"width must be 0 to 1 of the frame's width, got {overlay.width}"
    if overlay.rotation_deg and not LEAST_TURN_DEG <= abs(overlay.rotation_deg) <= 180:
        return f"a turn of {overlay.rotation_deg} degrees is not seen; use 0 or at least {LEAST_TURN_DEG}"
    if overlay.entry == "typewriter" and overlay.kind not in LETTERED:
        return "only plain letters come one by one"
    moves = ((overlay.entry, overlay.entry_s), (overlay.leave, overlay.leave_s))
    moving_s = sum(lasts_s for how, lasts_s in moves if how != "none")
    if moving_s > overlay.end_s - overlay.start_s + 1e-6:
        return f"it comes and goes for {moving_s:g} s and shows for {overlay.end_s - overlay.start_s:g} s"
    if overlay.profile and not overlay.place:
        return "a profile needs a `place` to keep clear"
    if not all(0 <= value <= 1 for value in overlay.values):
        return f"values must be 0 to 1, got {overlay.values}"
    if overlay.kind in ("reaction_cutout", "meme_image") and not overlay.picture:
        return "this kind needs the path of a picture"
    return ""


def _label_problem(overlay: Overlay) -> str:
    """Return which named label does not exist, or ""."""
    named = [("diss.cta.target", label) for label in overlay.cta] + [("diss.retention", d) for d in overlay.devices]
    named += [("diss.platform", overlay.platform)] if overlay.platform else []
    unknown = [f"{label!r} is no label of {facet}" for facet, label in named if not vocabulary.is_label(facet, label)]
    return "; ".join(unknown)


KINDS: tuple[OverlayKind, ...] = get_args(OverlayKind)
"""Every kind."""
