"""What is laid over the picture: texts, buttons, bars and cards; times count from the start of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OverlayKind = Literal[
    "subtitle_full", "subtitle_phrase", "subtitle_word_karaoke", "headline_super", "title_card", "lower_third",
    "list_counter", "step_label", "price_tag", "discount", "cta_text", "cta_button", "handle", "hashtag", "url",
    "progress_bar", "countdown_timer", "logo_bug", "end_card",
]  # fmt: skip
Style = Literal["plain", "outline", "shadow", "box"]
Entry = Literal["none", "fade", "pop", "slide"]


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Something laid over the picture, fixed to the screen.

    Args:
        kind: label of `diss.overlay.kind`.
        text: what it says, `\\n` between lines; a countdown's first number; empty for progress bars.
        start_s, end_s: when it shows.
        at: its middle, fractions of width and height.
        size: height of its capital letters (of a bar or a mark: of the whole), fraction of the frame's height.
        style: `plain`, `outline`, `shadow` or `box`.
        entry: how it comes: `none`, `fade`, `pop` or `slide`, over `entry_s`.
        colour, back: text and background colours, RGB.
        accent: colour of marks, stripes and the word that is being said.
        serif: a serif face instead of the sans.
        word_starts_s: karaoke: when each word lights up; evenly spaced when empty.
    """

    kind: OverlayKind
    text: str = ""
    start_s: float
    end_s: float
    at: tuple[float, float] = (0.5, 0.5)
    size: float = 0.03
    style: Style = "shadow"
    entry: Entry = "none"
    entry_s: float = 0.2
    colour: tuple[int, int, int] = (255, 255, 255)
    back: tuple[int, int, int] = (20, 22, 30)
    accent: tuple[int, int, int] = (255, 209, 74)
    serif: bool = False
    word_starts_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise ValueError(f"overlay {self.text!r} ends at {self.end_s} s, before it starts at {self.start_s} s")
