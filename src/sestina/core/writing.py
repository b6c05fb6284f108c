"""What can be said of a text by its letters alone: script, direction, case, emoji, and how much there is to read."""

from __future__ import annotations

import re

SCRIPTS = (
    ("latin", ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF))),
    ("cyrillic", ((0x400, 0x52F),)),
    ("greek", ((0x370, 0x3FF),)),
    ("arabic", ((0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    ("hebrew", ((0x590, 0x5FF),)),
    ("devanagari", ((0x900, 0x97F),)),
    ("thai", ((0xE00, 0xE7F),)),
    ("kana", ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F))),
    ("hangul", ((0xAC00, 0xD7AF), (0x1100, 0x11FF), (0x3130, 0x318F))),
    ("han", ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))),
)
"""Script names with their Unicode ranges, ends included."""
CJK = ("kana", "hangul", "han")
CASED = ("latin", "cyrillic", "greek")
EMOJI = re.compile("[\U0001f300-\U0001faff\U00002600-\U000027bf\U0001f1e6-\U0001f1ff]")


def script_of(text: str) -> str | None:
    """Return the script of most letters of `text`, or None without letters; kana beside han count as kana."""
    counts: dict[str, int] = {}
    for letter in text:
        code = ord(letter)
        for name, ranges in SCRIPTS:
            if any(low <= code <= high for low, high in ranges):
                counts[name] = counts.get(name, 0) + 1
    if not counts:
        return None
    if "kana" in counts and "han" in counts and counts["kana"] * 6 >= counts["han"]:
        return "kana"
    return max(sorted(counts), key=lambda name: counts[name])


def direction_of(text: str) -> str:
    """Return `rtl` for Arabic and Hebrew, else `ltr`: labels of `diss.overlay.script_direction`."""
    return "rtl" if script_of(text) in ("arabic", "hebrew") else "ltr"


def case_of(text: str) -> str:
    """Return the label of `diss.overlay.font_case`; `none` for scripts without case and texts without letters."""
    letters = [letter for letter in text if letter.isalpha()]
    if not letters or script_of(text) not in CASED:
        return "none"
    if all(letter.isupper() for letter in letters):
        return "upper"
    if not any(letter.isupper() for letter in letters):
        return "lower"
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3 or word[0].isupper()]
    return "title" if len(words) >= 2 and all(word[0].isupper() for word in words) else "sentence"


def reading_length(text: str) -> tuple[int, bool]:
    """Return the number of characters to be read (without spaces for CJK) and whether the text is CJK."""
    cjk = script_of(text) in CJK
    plain = "".join(text.split()) if cjk else " ".join(text.split())
    return len(plain), cjk
