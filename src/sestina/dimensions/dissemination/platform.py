"""Platform, disclosure and privacy: what the words on screen say about where a video comes from and what it owes."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.profiles import Profile, fitting, profiles
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import ScreenText, Unit
from sestina.dimensions.dissemination._kinds import EMAIL, PHONE, PRICE
from sestina.dimensions.dissemination._words import platform_named, words_of

MARK_WORDS = 4
"""A platform's mark has its name and at most a handle beside it; a longer text talks about the platform."""
NOTHING_READ = "no watermark or interface text of a platform was read, and no context was given"
DISCLOSING = ("ad_disclosure", "paid_partnership")
FAILING = ("touches", "occluded")


@parsers.register(
    "dissemination.platform",
    card=Card(summary="Names the platform by its mark and lists the checks of its profile that the video fails."),
    facets=("diss.platform", "diss.platform_fit", "diss.safety.third_party_watermark"),
    optional=("ocr", "loudness"),
    after=(
        "diss.overlay.kind", "diss.safe_area", "diss.readability", "diss.aspect", "aesthetics.loudness",
    ),
    kind="rule",
    version="2",
)  # fmt: skip
class Platform:
    """Yields the platform, marks of platforms, and failed checks of every profile of a fitting shape."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield what is known of platforms."""
        if reading.media.video is None:
            return
        marks = [(text, name) for text in reading.texts() if (name := _mark(text)) is not None]
        if not marks:
            yield reading.abstain("diss.platform", span=reading.span, reason=NOTHING_READ)
        else:
            text, name = max(marks, key=lambda item: (item[0].span.duration_s, item[0].id))
            yield reading.unit(
                "diss.platform", label=name, span=reading.span, confidence=0.7 * text.confidence,
                evidence=[reading.ocr(text)],
            )  # fmt: skip
        for text, _ in marks:
            yield reading.unit(
                "diss.safety.third_party_watermark", label="true", span=text.span, region=text.region,
                confidence=0.6 * text.confidence, evidence=[reading.ocr(text)],
            )  # fmt: skip
        fit = fitting(reading.media)
        for profile in fit or profiles():
            yield from _fit(reading, profile) if fit else _misshapen(reading, profile)


def _mark(text: ScreenText) -> str | None:
    """Return the platform whose mark a text is, or None."""
    if text.locked is False or len(words_of(text.text)) > MARK_WORDS:
        return None
    return platform_named(text.text)


def _misshapen(reading: Reading, profile: Profile) -> Iterator[Unit]:
    """Yield that the picture's shape fits no placement."""
    shape: list[Evidence] = [reading.metadata("video.display_width"), reading.metadata("video.display_height")]
    yield _failed(reading, profile, "aspect", shape)


def _fit(reading: Reading, profile: Profile) -> Iterator[Unit]:
    """Yield every check of a profile of the picture's shape that the video fails."""
    if not profile.length_s.holds(reading.media.duration_s):
        yield _failed(reading, profile, "length", [reading.metadata("span.start_s"), reading.metadata("span.end_s")])
    if reading.media.size_bytes > profile.size_mb_max * 1e6:
        yield _failed(reading, profile, "size", [reading.metadata("size_bytes")])
    yield from _loudness(reading, profile)
    covered = [u for u in reading.of("diss.safe_area") if u.text == profile.id and u.label in FAILING]
    if covered:
        yield _failed(reading, profile, "safe_area", reading.cite(*covered))
    hard = [u for u in reading.of("diss.readability.issues") if u.label in ("too_small", "low_contrast", "too_fast")]
    if hard:
        yield _failed(reading, profile, "caption", reading.cite(*hard))


def _loudness(reading: Reading, profile: Profile) -> Iterator[Unit]:
    """Yield the failed loudness check where integrated loudness was measured."""
    for unit in reading.of("aes.audio.loudness.integrated"):
        if unit.value is not None and not profile.loudness_lufs.holds(unit.value):
            yield _failed(reading, profile, "loudness", reading.cite(unit))


def _failed(reading: Reading, profile: Profile, label: str, evidence: list[Evidence]) -> Unit:
    facts = {"profile": profile.id, "version": profile.version, "date": profile.date}
    return reading.unit(
        "diss.platform_fit", label=label, text=profile.id, span=reading.span, confidence=0.7, evidence=evidence,
        attributes=facts,
    )  # fmt: skip


@parsers.register(
    "dissemination.platform-safety",
    card=Card(summary="Finds disclosures of advertising and personal data in what is written on screen."),
    facets=("diss.safety.disclosure", "diss.safety.pii_visible"),
    optional=("ocr",),
    after=("diss.overlay.kind",),
    kind="text",
)
class Safety:
    """Yields visible personal data and, where words disclose advertising, that they do."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield findings in order of time."""
        telling = [unit for unit in reading.of("diss.overlay.kind") if unit.label in DISCLOSING]
        if telling:
            sure = max(unit.confidence for unit in telling)
            yield reading.unit(
                "diss.safety.disclosure", label="present", span=reading.span, confidence=sure,
                evidence=reading.cite(*telling),
            )  # fmt: skip
        for text in reading.texts():
            label = personal(text.text)
            if label is not None:
                yield reading.unit(
                    "diss.safety.pii_visible", label=label, span=text.span, region=text.region,
                    confidence=0.8 * text.confidence, evidence=[reading.ocr(text)],
                )  # fmt: skip


def personal(text: str) -> str | None:
    """Return `email` or `phone` where `text` holds one, else None."""
    if EMAIL.search(text):
        return "email"
    hit = PHONE.search(text)
    if hit is None or PRICE.search(text):
        return None
    digits = sum(letter.isdigit() for letter in hit.group())
    return "phone" if 7 <= digits <= 14 and any(mark in hit.group() for mark in " -()+./") else None
