"""Rules that say what kind of overlay a text is: by what it says, where it stands, and how it comes and goes.

Each rule returns a confidence, or 0. The rules that need only a pattern are surer than those that need a place; the
first that holds wins, in the order of `RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sestina.core.evidence import Op
from sestina.core.reading import Reading
from sestina.dimensions.dissemination import _words as words
from sestina.dimensions.dissemination._overlays import Overlay

CURRENCY = r"(?:[$€£¥₹₽₩]|US\$|EUR|USD|GBP|CHF|R\$|kr\.?)"
AMOUNT = r"\d{1,3}(?:[.,\s]?\d{3})*(?:[.,]\d{1,2})?"
PRICE = re.compile(rf"(?:{CURRENCY}\s?{AMOUNT}|{AMOUNT}\s?{CURRENCY})(?:\s?/\s?\w+)?", re.IGNORECASE)
PERCENT = re.compile(r"[-−–]?\s?\d{1,2}\s?%")
CODE = re.compile(
    r"(?:\b(?i:code|código|codigo|cupom|gutscheincode)\b|优惠码|コード|كود)\s*[:：]?\s*[\"'“]?[A-Z0-9]{4,}"
)
HANDLE = re.compile(r"@[\w.][\w.\-]{1,39}")
HASHTAGS = re.compile(r"(?:#[^\W\d_][\w]*\s*)+")
URL = re.compile(
    r"(?:https?://\S+|www\.\s?[\w\-]+(?:\.[\w\-]+)+\S*|[\w\-]{2,}(?:\.[\w\-]+)*"
    r"\.(?:com|net|org|io|co|de|fr|es|uk|shop|store|app|tv|me|info|eu|cn|jp|br|ai|dev|gov|edu|ly)(?:/\S*)?)",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?:(?:call|tel|phone|whatsapp|ruf|llama)\S*\s*:?\s*)?\+?\(?\d(?:[\s().\-/]{0,2}\d){6,13}", re.IGNORECASE
)
EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
COUNTER = re.compile(r"(?:(?:#|no\.?\s?|nr\.?\s?)\s?\d{1,3}|\d{1,2}[.)])(?:\s+\S.*)?", re.IGNORECASE | re.DOTALL)
BARE = re.compile(r"\d{1,2}")
"""A number alone, which counts items when it stands on a box of its own."""
STEP = re.compile(
    r"(?:step|schritt|paso|étape|etape|passo|步骤|ステップ|الخطوة)\s*\d{1,2}\b.*|第\s?\d+\s?步.*",
    re.IGNORECASE | re.DOTALL,
)
CHAPTER = re.compile(
    r"\d{1,2}\s?(?:/|of|von|de|sur)\s?\d{1,2}"
    r"|(?:chapter|part|kapitel|teil|capítulo|parte|chapitre|partie|第)\s?\d{1,2}.{0,24}",
    re.IGNORECASE,
)
NAME_WORD = re.compile(r"(?:[^\W\d_][\w'’.\-]*|&)")
SHORT_WORDS = 5
"""A call or label has at most this many words beside what makes it one; longer texts are sentences."""
PLAIN_CARD = 0.9
"""Share of the picture without detail around the text at which it stands on a card."""
CARD_END_S = 0.25
"""A closing card lasts to within this many seconds of the end."""
CORNER_X, CORNER_Y = 0.34, 0.22
LASTING = 0.75
"""Share of the video for which a mark in a corner stays."""
DARK = 0.3
"""Brightest channel, 0..1, of a box that is a shade laid under text and no button, which wants to be seen."""
LOWER_BAND = 0.6
CENTRED = 0.12
SMALL_CAP = 0.018
LIT_SHARE = 0.5
"""When a word is lit in this share of a run of captions, all of them are word by word."""
SENTENCE_MARGIN = 2
"""Words beyond a phrase's at which unpunctuated captions are sentences: five short words still are a phrase."""


@dataclass(frozen=True)
class Verdict:
    """A kind, how sure the rule is, and the measure that carries it, as (track name, operator, limit)."""

    label: str
    confidence: float
    metric: tuple[str, Op, float] | None = None


def kind_of(overlay: Overlay, reading: Reading) -> Verdict | None:
    """Return the kind of an overlay, or None where no rule holds with a margin."""
    for rule in RULES:
        verdict = rule(overlay, reading)
        if verdict is not None:
            return verdict
    return None


def _whole(pattern: re.Pattern[str], text: str, spare: int = 0) -> bool:
    """Whether `pattern` makes up the whole text, but for `spare` further words."""
    hit = pattern.search(text)
    return hit is not None and len((text[: hit.start()] + text[hit.end() :]).split()) <= spare


def _spoken(overlay: Overlay, reading: Reading) -> float:
    """Return the share of the overlay's words that are said while it shows."""
    said = {
        token
        for word in reading.transcript.words
        if word.end_s > overlay.span.start_s - 0.5 and word.start_s < overlay.span.end_s + 0.5
        for token in words.words_of(word.text)
    }
    return sum(word in said for word in overlay.words) / len(overlay.words) if overlay.words and said else 0.0


def _legal(overlay: Overlay, _: Reading) -> Verdict | None:
    text = overlay.text
    for label, limit in (("paid_partnership", 9), ("ai_label", 8)):
        if words.find(_letters_repaired(text), label) and len(overlay.words) <= limit:
            return Verdict(label, 0.9)
    if words.find(text, "ad_disclosure") and len(overlay.words) <= 4:
        return Verdict("ad_disclosure", 0.9 if "#" in text else 0.75)
    small = 0 < overlay.measure("cap_height") < SMALL_CAP and len(overlay.words) >= 8
    if words.find(text, "disclaimer") and len(overlay.words) >= 2:
        return Verdict("disclaimer", 0.85)
    return Verdict("disclaimer", 0.5, ("cap_height", "<", SMALL_CAP)) if small and overlay.middle[1] > 0.8 else None


def _letters_repaired(text: str) -> str:
    """Return `text` with a capital I that was read as l put back before the word `generated` and alone."""
    return re.sub(r"\bAl(?=[\s\-]|$)", "AI", text)


def _addresses(overlay: Overlay, _: Reading) -> Verdict | None:
    text = overlay.text.replace("\n", " ").strip()
    if _whole(HASHTAGS, text):
        return Verdict("hashtag", 0.95)
    if _whole(HANDLE, text, 1) and not words.cta_targets(text):
        return Verdict("handle", 0.95)
    if not EMAIL.search(text) and _whole(URL, text, 2) and not words.cta_targets(text.split(".")[0]):
        return Verdict("url", 0.92)
    digits = sum(letter.isdigit() for letter in text)
    if 7 <= digits <= 14 and _whole(PHONE, text, 3) and not PRICE.search(text):
        return Verdict("phone", 0.85)
    return None


def _offers(overlay: Overlay, _: Reading) -> Verdict | None:
    text = overlay.text.replace("\n", " ").strip()
    if CODE.search(text):
        return Verdict("offer_code", 0.9)
    if PERCENT.search(text) and len(overlay.words) <= SHORT_WORDS + 2:
        return Verdict("discount", 0.9 if words.find(text, "discount") or _whole(PERCENT, text, 1) else 0.65)
    if PRICE.search(text) and _whole(PRICE, text, 4):
        return Verdict("price_tag", 0.92)
    if words.find(text, "discount") and len(overlay.words) <= 4:
        return Verdict("discount", 0.75)
    return None


def _counters(overlay: Overlay, _: Reading) -> Verdict | None:
    text = overlay.text.strip()
    if len(overlay.texts) >= 2:
        return Verdict("countdown_timer", 0.9)
    if STEP.fullmatch(text) and len(overlay.words) <= 8:
        return Verdict("step_label", 0.92)
    if COUNTER.fullmatch(text) and len(overlay.words) <= 9:
        return Verdict("list_counter", 0.9)
    if BARE.fullmatch(text) and overlay.measure("boxed") >= 1:
        return Verdict("list_counter", 0.55, ("boxed", ">=", 1.0))
    if CHAPTER.fullmatch(text):
        return Verdict("chapter_marker", 0.8)
    return None


def _marks(overlay: Overlay, reading: Reading) -> Verdict | None:
    y = overlay.middle[1]
    box = overlay.first.region.box
    corner = min(box.x, 1 - box.x - box.w) <= CORNER_X / 2 and min(y, 1 - y) <= CORNER_Y
    lasting = overlay.span.duration_s >= LASTING * reading.span.duration_s
    if not (corner and lasting) or box.w > 0.5 or len(overlay.text) <= 2:
        return None
    if reading.span.duration_s < 2 or overlay.measure("plain") > PLAIN_CARD:
        return None
    if words.platform_named(overlay.text):
        return Verdict("other_platform_watermark", 0.85)
    if HANDLE.search(overlay.text) or URL.search(overlay.text):
        return Verdict("channel_watermark", 0.75)
    return Verdict("logo_bug", 0.75) if len(overlay.words) <= 4 else None


def _cards(overlay: Overlay, reading: Reading) -> Verdict | None:
    """Large text on a picture without detail; the closing one is an end card."""
    if overlay.measure("plain") < PLAIN_CARD or _is_caption(overlay) or overlay.run > 2:
        return None
    metric: tuple[str, Op, float] = ("plain", ">=", PLAIN_CARD)
    closing = overlay.span.end_s >= reading.span.end_s - CARD_END_S
    late = overlay.span.start_s > reading.span.start_s + 0.4 * reading.span.duration_s
    if closing and late:
        return Verdict("end_card", 0.8, metric)
    return Verdict("title_card", 0.75, metric)


def _calls(overlay: Overlay, _: Reading) -> Verdict | None:
    """A call to act of a few words; on a box of its own a button."""
    targets = words.cta_targets(overlay.text)
    if not targets or overlay.run >= 3:
        return None
    asked = sum(len(words.words_of(phrase)) for phrase in targets.values())
    if len(overlay.words) > asked + SHORT_WORDS - 1:
        return None
    if overlay.measure("boxed") >= 1 and len(overlay.words) <= 4 and overlay.measure("paper_brightness") > DARK:
        return Verdict("cta_button", 0.7, ("boxed", ">=", 1.0))
    return Verdict("cta_text", 0.85)


def _lower_thirds(overlay: Overlay, reading: Reading) -> Verdict | None:
    """Two short lines of capitalised words, a name and what the person is."""
    if len(overlay.lines) != 2 or overlay.run > 2 or overlay.span.duration_s > 8:
        return None
    lines = [line.split() for line in overlay.lines]
    if not all(1 <= len(line) <= 5 and all(NAME_WORD.fullmatch(word) for word in line) for line in lines):
        return None
    named = all(line[0][:1].isupper() and sum(word[:1].isupper() for word in line) >= 0.6 * len(line) for line in lines)
    if not named or max(len(line) for line in lines[0:1]) > 3:
        return None
    low = overlay.middle[1] >= reading.threshold("diss.overlay.kind", "lower_third_top_min") - 0.05
    return Verdict("lower_third", 0.85 if low else 0.65)


def _is_caption(overlay: Overlay) -> bool:
    """Whether a text behaves as a caption: centred, and replaced by others at its place, or low in the frame."""
    x, y = overlay.middle
    centred = abs(x - 0.5) < CENTRED
    low = y > LOWER_BAND
    several = overlay.run >= 2 and overlay.run_words >= 1
    brief = overlay.span.duration_s <= 7
    return centred and brief and ((several and y > 0.35) or (low and len(overlay.words) >= 2))


def _captions(overlay: Overlay, reading: Reading) -> Verdict | None:
    overlap = _spoken(overlay, reading)
    minimum = reading.threshold("diss.overlay.kind", "subtitle_token_overlap_min")
    if overlap < minimum and not _is_caption(overlay):
        return None
    sure = 0.9 if overlap >= minimum else min(0.8, 0.55 + 0.1 * overlay.run)
    lit = overlay.measure("lit")
    if (overlay.run_lit >= LIT_SHARE and len(overlay.words) >= 2) and (overlay.run >= 2 or lit >= 2):
        metric: tuple[str, Op, float] | None = ("lit", ">=", min(lit, 2.0)) if lit >= 1 else None
        return Verdict("subtitle_word_karaoke", sure if lit >= 1 else 0.7 * sure, metric)
    return Verdict("subtitle_full" if _is_sentence(overlay, reading) else "subtitle_phrase", sure)


def _is_sentence(overlay: Overlay, reading: Reading) -> bool:
    """Whether captions of this run are whole sentences: longer than a phrase, and written or long enough as one."""
    most = reading.threshold("diss.overlay.kind", "subtitle_phrase_words_max")
    if overlay.run_words <= most:
        return False
    written = overlay.text[:1].isupper() and overlay.text.rstrip()[-1:] in ".!?。！？"
    return written or overlay.run_words > most + SENTENCE_MARGIN


def _headlines(overlay: Overlay, reading: Reading) -> Verdict | None:
    """Large text that is not said; the height of its lines, or of its block, tells."""
    height = overlay.measure("cap_height")
    tall = overlay.line_height
    limit = reading.threshold("diss.overlay.kind", "headline_height_min")
    if tall >= limit and len(overlay.words) >= 2:
        return Verdict("headline_super", 0.7, ("cap_height", ">=", min(height, 0.5 * limit)))
    wide = overlay.first.region.box.w >= 0.4 and overlay.middle[1] < 0.5 and len(overlay.words) >= 3
    return Verdict("headline_super", 0.5) if wide else None


Rule = Callable[[Overlay, Reading], Verdict | None]
RULES: tuple[Rule, ...] = (
    _legal, _counters, _offers, _marks, _addresses, _calls, _cards, _lower_thirds, _captions, _headlines,
)  # fmt: skip
"""In order: what words alone decide before what place and behaviour decide."""
