"""True requests and devices: what is asked of the viewer, what keeps him watching, and what the words owe to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from sestina.core.evidence import Region
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.parts.overlay import Overlay
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.overlays import kind_of, shown
from sestina.render.truth.story import joint, noted

TOTALS = ("diss.cta.first_at", "diss.cta.count", "diss.cta.final_10pct")
FACETS = (
    "diss.cta", "diss.cta.target", "diss.cta.modality", *TOTALS, "diss.retention",
    "diss.retention.interrupts_per_10s", "diss.retention.longest_static_gap", "diss.platform",
    "diss.safety.third_party_watermark", "diss.safety.disclosure", "diss.safety.pii_visible",
)  # fmt: skip

ASKING = {"cta_text": "", "cta_button": "", "follow_button": "follow", "subscribe_animation": "subscribe"}
"""Kinds that ask by being there -> what they ask for."""
BUTTONS = ("cta_button", "follow_button", "subscribe_animation")
DEVICES = {
    "progress_bar": "progress_bar", "countdown_timer": "countdown", "list_counter": "list_progress",
    "step_label": "list_progress",
}  # fmt: skip
"""Kind of overlay -> the device it is."""
JUMPS = {"punch_in": "pattern_interrupt", "punch_out": "zoom_reset"}
"""Cut -> the device it is: the scale changes while the content runs on."""
QUESTION = re.compile(r"[?？؟](?:\s|$)")
SERIES = re.compile(r"(?:part|parte|partie|teil|episode|episodio|folge)\s*\d+\W*", re.IGNORECASE)
"""What says that the video is one of a numbered series."""
EMAIL = re.compile(r"\w[\w.+-]*@\w[\w-]*\.\w[\w.]*")
MID = (0.15, 0.85)
"""Shares of the clip between which a request comes in the middle."""


def units(made: Made) -> Iterator[Unit]:
    """Yield requests, devices, interrupts, marks of platforms, disclosures."""
    asked = [(number, placed.overlay, span, Region(box=placed.region)) for number, placed, span in shown(made)
             if placed.overlay.cta or placed.overlay.kind in ASKING]  # fmt: skip
    for number, overlay, span, region in asked:
        part = partial(unit, number=number, level="event", span=span, region=region)
        yield part("diss.cta", label="cta", text=" ".join(overlay.text.split()))
        targets = targets_of(overlay)
        for target in targets:
            yield part("diss.cta.target", number=f"{number}.{target}", label=target)
        if not targets:
            yield undecided("diss.cta.target", number, "event", span, "the script does not say what is asked for")
        yield part("diss.cta.modality", label="button_graphic" if kind_of(overlay) in BUTTONS else "text")
    notes = list(noted(made.script, made.timeline))
    spans = [span for _, _, span, _ in asked]
    if not any(note.facet in TOTALS for note in notes):
        yield from _totals(made, [*spans, *(note.span for note in notes if note.facet == "diss.cta")])
    where = [(span, region) for _, _, span, region in asked]
    yield from _devices(made, where, told=any(note.facet == "diss.retention" for note in notes))
    yield from _interrupts(made)
    yield from _owed(made)


def targets_of(overlay: Overlay) -> tuple[str, ...]:
    """Return what an overlay asks for."""
    usual = ASKING.get(overlay.kind, "")
    return overlay.cta or ((usual,) if usual else ())


def _totals(made: Made, spans: list[Span]) -> Iterator[Unit]:
    whole = made.timeline.span
    if not spans:
        return
    late_s = whole.end_s - threshold("diss.cta.final_10pct", "tail_share") * whole.duration_s
    late = any(span.end_s > late_s for span in spans)
    yield unit(TOTALS[0], 0, "video", whole, value=min(span.start_s for span in spans) - whole.start_s, unit="s")
    yield unit(TOTALS[1], 0, "video", whole, value=float(len(spans)), unit="count")
    yield unit(TOTALS[2], 0, "video", whole, label=str(late).lower())


def _devices(made: Made, asked: list[tuple[Span, Region]], *, told: bool) -> Iterator[Unit]:
    """Yield what overlays are for retention; `told` says that the notes tell what else there is."""
    device = partial(unit, "diss.retention", level="event")
    for number, placed, span in shown(made):
        overlay = placed.overlay
        found = [*overlay.devices, *([DEVICES[overlay.kind]] if overlay.kind in DEVICES else [])]
        if overlay.kind != "url" and any(QUESTION.search(text.text) for text in placed.texts):
            found.append("on_screen_question")
        if SERIES.fullmatch(placed.text):
            found.append("part_n_series")
        for label in dict.fromkeys(found):
            yield device(number=f"{number}.{label}", span=span, label=label, region=Region(box=placed.region))
    if told:
        return
    whole = made.timeline.span
    low, high = (whole.start_s + share * whole.duration_s for share in MID)
    for number, (span, region) in enumerate(asked):
        if low <= span.start_s < high:
            yield device(number=f"mid{number}", span=span, label="mid_cta", region=region)
    for number, shot in enumerate(made.script.shots):
        if shot.begin.kind in JUMPS:
            yield device(number=f"shot{number}", span=joint(made.timeline, number), label=JUMPS[shot.begin.kind])


def interrupts_s(made: Made) -> list[float]:
    """Return when something new begins: a shot, a text, a graphic, a sudden accent; close ones counted once."""
    timeline = made.timeline
    times = [joint(timeline, number).start_s for number in range(1, len(made.script.shots))]
    times += [timeline.time_s(first) for _, first, _, _ in made.overlays.texts]
    times += [span.start_s for _, placed, span in shown(made) if not placed.texts]
    if made.script.sound is not None:
        times += [hit.at_s for hit in made.script.sound.hits if hit.kind != "riser"]
        times += [bed.drop_s for bed in made.script.sound.music_beds if bed.drop_s is not None]
    merge_s, kept = threshold("diss.retention.interrupts_per_10s", "merge_s"), list[float]()
    for time in sorted(time for time in times if timeline.span.start_s < time < timeline.span.end_s):
        if not kept or time - kept[-1] >= merge_s:
            kept.append(time)
    return kept


def _interrupts(made: Made) -> Iterator[Unit]:
    whole, times = made.timeline.span, interrupts_s(made)
    edges = [whole.start_s, *times, whole.end_s]
    longest = max(after - before for before, after in pairwise(edges))
    rate = 10 * len(times) / whole.duration_s
    yield unit("diss.retention.interrupts_per_10s", 0, "video", whole, value=round(rate, 4), unit="1/10s")
    yield unit("diss.retention.longest_static_gap", 0, "video", whole, value=round(longest, 6), unit="s")


def _owed(made: Made) -> Iterator[Unit]:
    """Yield marks of platforms, disclosures of advertising, and personal data."""
    whole, every = made.timeline.span, list(shown(made))
    marks = [found for found in every if found[1].overlay.kind == "other_platform_watermark"]
    named = sorted({placed.overlay.platform for _, placed, _ in marks if placed.overlay.platform})
    if len(named) == 1:
        yield unit("diss.platform", 0, "video", whole, label=named[0])
    else:
        yield undecided("diss.platform", 0, "video", whole, "no single platform's mark is in the picture")
    for number, placed, span in marks:
        yield unit("diss.safety.third_party_watermark", number, "overlay", span, label="true",
                   region=Region(box=placed.region))  # fmt: skip
    if any(placed.overlay.kind in ("ad_disclosure", "paid_partnership") for _, placed, _ in every):
        yield unit("diss.safety.disclosure", 0, "video", whole, label="present")
    for number, placed, span in every:
        personal = "phone" if placed.overlay.kind == "phone" else "email" if EMAIL.search(placed.text) else ""
        if personal:
            yield unit("diss.safety.pii_visible", number, "overlay", span, label=personal,
                       region=Region(box=placed.region))  # fmt: skip
