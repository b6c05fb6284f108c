"""The lexicon of calls, disclosures and offers, and what language and script a text is written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LEXICON = Path(__file__).with_name("lexicon.yaml")
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
EMOJI = re.compile("[\U0001f300-\U0001faff\U00002600-\U000027bf\U0001f1e6-\U0001f1ff]")
OF_SCRIPT = {
    "cyrillic": "ru", "greek": "el", "arabic": "ar", "hebrew": "he", "devanagari": "hi", "thai": "th", "kana": "ja",
    "hangul": "ko", "han": "zh",
}  # fmt: skip
"""The likeliest language of a script that is not Latin."""


def folded(text: str) -> str:
    """Return `text` for matching: NFKC, case-folded, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def lexicon() -> Mapping[str, Any]:
    """Return the lexicon file: section to language (or class, then language) to phrases."""
    import yaml

    loaded: dict[str, Any] = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    return loaded


@cache
def patterns(*section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (language, pattern) pairs of one section, such as `("cta", "follow")` or `("discount",)`."""
    node: Any = lexicon()
    for name in section:
        node = node[name]
    return tuple((language, _compiled(tuple(phrases))) for language, phrases in node.items())


def _compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases: whole words, or anywhere in scripts without spaces."""
    parts = []
    for phrase in sorted((folded(p) for p in phrases), key=lambda p: (-len(p), p)):
        body = re.escape(phrase).replace(r"\ ", r"\s*")
        spaced = script_of(phrase) not in CJK
        start = r"(?<!\w)" if spaced and phrase[0].isalnum() else ""
        end = r"(?!\w)" if spaced and phrase[-1].isalnum() else ""
        parts.append(f"{start}{body}{end}")
    return re.compile("|".join(parts))


def find(text: str, *section: str) -> str | None:
    """Return the first phrase of a section that `text` holds, or None."""
    plain = folded(text)
    for _, pattern in patterns(*section):
        hit = pattern.search(plain)
        if hit:
            return hit.group()
    return None


def cta_targets(text: str) -> dict[str, str]:
    """Return target of `diss.cta.target` to the phrase that asks for it, for every call in `text`."""
    found = {target: phrase for target in lexicon()["cta"] if (phrase := find(text, "cta", target)) is not None}
    if "link_in_bio" in found:
        found.pop("click_link", None)
    return found


def platform_named(text: str) -> str | None:
    """Return the label of `diss.platform` whose name stands in `text`, or None."""
    plain = f" {folded(text)} "
    for platform, names in lexicon()["platforms"].items():
        if any(f" {folded(name)} " in plain or (script_of(name) in CJK and name in plain) for name in names):
            return str(platform)
    return None


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
    """Return `rtl` for Arabic and Hebrew, else `ltr`."""
    return "rtl" if script_of(text) in ("arabic", "hebrew") else "ltr"


def language_of(text: str) -> tuple[str, float] | None:
    """Return the likeliest BCP-47 code and a confidence 0..1, by script and by stop words; None where nothing tells."""
    script = script_of(text)
    if script is None:
        return None
    if script != "latin":
        return OF_SCRIPT[script], 0.6 if script in ("cyrillic", "han", "arabic") else 0.9
    words = re.findall(r"[^\W\d_]+", folded(text))
    counts = {code: sum(word in set(stop) for word in words) for code, stop in lexicon()["stopwords"].items()}
    best = max(sorted(counts), key=lambda code: counts[code])
    others = max((count for code, count in counts.items() if code != best), default=0)
    if counts[best] == 0 or counts[best] == others:
        return None
    return best, min(0.95, 0.5 + 0.15 * (counts[best] - others))


def reading_length(text: str) -> tuple[int, bool]:
    """Return the number of characters to be read (without spaces for CJK) and whether the text is CJK."""
    cjk = script_of(text) in CJK
    plain = "".join(text.split()) if cjk else " ".join(text.split())
    return len(plain), cjk


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded; for scripts without spaces every letter is one."""
    if script_of(text) in CJK:
        return [letter for letter in folded(text) if letter.isalnum()]
    return re.findall(r"\w+(?:['’]\w+)*", folded(text))
