"""The lexicon of calls, disclosures and offers, and what language a text is written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sestina.core.writing import CJK, script_of

LEXICON = Path(__file__).with_name("lexicon.yaml")
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


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded; for scripts without spaces every letter is one."""
    if script_of(text) in CJK:
        return [letter for letter in folded(text) if letter.isalnum()]
    return re.findall(r"\w+(?:['’]\w+)*", folded(text))
