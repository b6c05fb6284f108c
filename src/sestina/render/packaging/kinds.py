"""Which painter draws which kind, and what is special about some kinds."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sestina.render.packaging import marks, panels, tags
from sestina.render.packaging.art import Art, Moment
from sestina.render.packaging.saying import Size
from sestina.render.parts.overlay import Overlay

Painter = Callable[[Overlay, Size, Moment], Art]

PAINTERS: dict[str, Painter] = {
    "subtitle_word_karaoke": tags.karaoke, "countdown_timer": tags.countdown, "progress_bar": tags.bar,
    "price_tag": tags.pill, "discount": tags.pill, "cta_button": tags.pill, "follow_button": tags.pill,
    "subscribe_animation": tags.pressed, "offer_code": tags.code, "list_counter": tags.counter,
    "step_label": tags.counter, "chapter_marker": tags.counter, "lower_third": tags.name_bar,
    "caption_meme_top_bottom": tags.meme, "title_card": panels.card, "end_card": panels.card,
    "comment_bubble": panels.comment, "chat_message": panels.chat, "tweet_card": panels.post,
    "notification": panels.notice, "search_bar": panels.search, "notes_app": panels.notes,
    "poll_quiz_sticker": panels.poll, "slider": panels.slider, "quote_frame": panels.quote,
    "chart_infographic": panels.chart, "table": panels.table, "code": panels.listing, "map": panels.street_map,
    "qr_code": marks.qr, "logo_bug": marks.emblem, "other_platform_watermark": marks.watermark, "emoji": marks.emoji,
    "sticker": marks.sticker, "gif": marks.gif, "reaction_cutout": marks.pasted, "meme_image": marks.pasted,
    "arrow": marks.arrow, "circle": marks.ring, "underline": marks.stroke, "highlight": marks.marker,
    "hand_pointer": marks.hand, "spotlight": marks.spotlight, "bell": marks.bell,
    "reaction_face_inset": marks.inset,
}  # fmt: skip
"""How each kind is drawn; all others are letters."""

CARDS = ("title_card", "end_card")
"""Kinds that hide the whole picture."""
FULL_FRAME = (*CARDS, "spotlight")
"""Kinds that cover the whole picture."""
FLOWING = ("progress_bar", "subscribe_animation", "reaction_face_inset")
"""Kinds whose picture changes with every frame."""
BEATS_PER_S = {"gif": 5.0, "bell": 8.0, "reaction_face_inset": 4.0}
"""Kinds that move in steps, and how many a second."""
BREAKS_INTO_TEXTS = ("poll_quiz_sticker", "chat_message", "chart_infographic", "table", "caption_meme_top_bottom")
"""Kinds whose texts stand apart and are read one by one; those of others are one text of several lines."""


@lru_cache(maxsize=48)
def drawn(overlay: Overlay, size: Size, moment: Moment) -> Art:
    """Return an overlay's picture at one moment, before it is turned, faded or moved."""
    return PAINTERS.get(overlay.kind, tags.letters)(overlay, size, moment)


PLATED = (
    "price_tag", "discount", "offer_code", "cta_button", "follow_button", "subscribe_animation", "quote_frame",
    "countdown_timer",
)  # fmt: skip
"""Kinds whose letters stand on an even plate of the colour `back`."""
PANELS = (
    "lower_third", "comment_bubble", "chat_message", "tweet_card", "notification", "search_bar", "notes_app",
    "poll_quiz_sticker", "slider", "chart_infographic", "table", "code",
)  # fmt: skip
"""Kinds that stand on a box with colours of its own."""


def styles(overlay: Overlay) -> tuple[str, ...]:
    """Return the labels of `diss.overlay.style` of an overlay's lettering."""
    if overlay.kind in PLATED or overlay.kind in PANELS:
        return ("box",)
    fixed = {"caption_meme_top_bottom": "outline", "logo_bug": "shadow", "other_platform_watermark": "shadow"}
    style = fixed.get(overlay.kind, "plain" if overlay.kind in CARDS else overlay.style)
    return ("gradient", "shadow") if style == "gradient" else (style,)


def plate(overlay: Overlay) -> bool:
    """Return whether the letters stand on an even plate of the colour `back`."""
    return overlay.kind not in PANELS and bool({"box", "highlight_bar"} & set(styles(overlay)))
