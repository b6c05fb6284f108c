"""What a matcher alone would let through: rates of bad form, each in [0, 1], that are taken off the score.

The rules are those of `core/invariants.py` as far as one unit breaks them; here they are counted, not raised, and the
times must lie inside the gold's video, whatever the prediction says about its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import takewhile

from sestina.core import vocabulary
from sestina.core.evidence import AsrEvidence, Box, MetricEvidence, OcrEvidence, holds
from sestina.core.invariants import FREE_LEVELS, TILING, Problem, normalised
from sestina.core.storyboard import Transcript, Unit
from sestina.core.time import Span
from sestina.objective.claims import TEXT_LIMIT, Claim, Document
from sestina.objective.matching import place, temporal
from sestina.objective.report import Quality

RATES = ("broken", "unevidenced", "duplicated", "overlapping", "uncovered", "fragmented", "unparsable")
"""Names of the rates, in the order of the page."""
SAME = 0.9
"""Temporal and box overlap above which two units that say the same are one unit twice."""
SPLIT = 2
"""Predicted units for each gold unit of a facet from which on it counts as split into pieces."""
SLACK_S = 0.25
"""Seconds by which a unit may leave the gold's video: sound and picture need not end together."""
INSTANT_S = 0.01
"""Seconds within which two instants may be one; with `SAME`, a tenth of it."""
LOOK_BACK = 20
"""Earlier units that a unit is compared with, so that cost grows with the number of units and not with its square."""
BOX_SLACK = 2e-5
SPEECH_LIMIT = 200_000
"""Characters of a transcript in which quotes are looked up."""

Groups = Mapping[str, Sequence[Claim]]
"""Facet id to its claims, in order of time."""


def measure(
    pred: Document, said: Groups, gold: Groups, video: Span, weights: Mapping[str, float], inside: Callable[[str], bool]
) -> tuple[Quality, tuple[Problem, ...]]:
    """Return the quality of a predicted document, and every problem found on the way.

    Args:
        pred: the document.
        said: its claims by facet, those in scope that do not abstain.
        gold: the gold's claims by facet, alike.
        video: the span of the gold's video.
        weights: weight of a rate, 1 where not named.
        inside: whether a facet is in scope; units of facets the vocabulary does not know are always looked at.
    """
    found = list(pred.problems)
    if pred.failure:
        return _quality({"unparsable": 1.0}, weights), tuple(found)
    book = vocabulary.load()
    units = [unit for unit in pred.units if unit.facet not in book or inside(unit.facet)]
    damaged = sum(problem.rule == "schema" and bool(problem.unit_id) for problem in pred.problems)
    flaws = list(_flaws(units, video, book, pred.transcript))
    bare = [unit.id for unit in units if not unit.evidence and unit.status != "abstain"]
    copies = [claim.id for name, claims in said.items() for claim in _excess_copies(claims, gold.get(name, ()))]
    clashes = [claim.id for name, claims in said.items() if not book.facet(name).multi for claim in _clashes(claims)]
    claims = max(1, sum(len(claims) for claims in said.values()))
    rates = {
        "broken": (len(flaws) + damaged) / max(1, len(units) + damaged),
        "unevidenced": len(bare) / max(1, len(units)),
        "duplicated": len(copies) / claims,
        "overlapping": len(clashes) / claims,
        "uncovered": _uncovered(said, gold, video),
        "fragmented": _excess(pred, said, gold),
        "unparsable": pred.unread / max(1, pred.count),
    }
    found += flaws
    found += [Problem("evidence", name, "has no evidence") for name in bare]
    found += [Problem("duplicate", name, "says what another unit says at the same time") for name in copies]
    found += [Problem("single", name, "its facet takes one label at a time, and one is there") for name in clashes]
    found += [
        Problem("text-cut", claim.id, f"only the first {TEXT_LIMIT} characters of its text are compared")
        for claim in pred.claims if claim.words is not None and len(claim.words) >= TEXT_LIMIT
    ]  # fmt: skip
    return _quality(rates, weights), tuple(found)


def _quality(rates: Mapping[str, float], weights: Mapping[str, float]) -> Quality:
    every = {name: rates.get(name, 0.0) for name in RATES}
    return Quality(min(1.0, sum(weights.get(name, 1.0) * rate for name, rate in every.items())), every)


def _flaws(
    units: Iterable[Unit], video: Span, book: vocabulary.Vocabulary, transcript: Transcript
) -> Iterator[Problem]:
    """Yield the first broken rule of every unit that breaks one."""
    seen: set[str] = set()
    quotes = _Quotes(transcript)
    for unit in units:
        why = _own_flaw(unit, video, book) or quotes.flaw(unit)
        if unit.id in seen:
            why = ("unique-id", "another unit has this id")
        seen.add(unit.id)
        if why is not None:
            yield Problem(why[0], unit.id, why[1])


def _own_flaw(unit: Unit, video: Span, book: vocabulary.Vocabulary) -> tuple[str, str] | None:
    if unit.facet not in book:
        return "known-facet", f"{unit.facet[:80]!r} is not in the vocabulary"
    facet = book.facet(unit.facet)
    if unit.dimension != facet.dimension:
        return "known-facet", f"{unit.facet} belongs to {facet.dimension}, not {unit.dimension}"
    if unit.label is not None and not facet.is_label(unit.label):
        return "known-label", f"{unit.facet} has no label {unit.label[:80]!r}"
    if unit.level not in facet.levels:
        return "known-level", f"{unit.facet} is annotated on {facet.levels}, not {unit.level}"
    if unit.status != "abstain" and unit.label is None and unit.text is None and unit.value is None:
        return "claim", "carries no label, text or value"
    if unit.span.start_s < video.start_s - SLACK_S or unit.span.end_s > video.end_s + SLACK_S:
        return "time-inside", f"[{unit.span.start_s}, {unit.span.end_s}) leaves the video"
    if unit.region is not None and not _in_picture(unit.region.box):
        return "box-inside", "its region leaves the picture"
    for item in unit.evidence:
        if isinstance(item, MetricEvidence) and not holds(item.value, item.op, item.threshold):
            return "metric-holds", f"{item.reduce}({item.signal}) = {item.value} is not {item.op} {item.threshold}"
    return None


def _in_picture(box: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.w <= 1 + BOX_SLACK and box.y + box.h <= 1 + BOX_SLACK


class _Quotes:
    """Looks quotes up in a transcript, which is normalised when the first one is asked for."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    def flaw(self, unit: Unit) -> tuple[str, str] | None:
        """Return what is wrong with the unit's quotes, None where all occur."""
        for item in unit.evidence:
            if isinstance(item, AsrEvidence) and f" {normalised(item.quote)} " not in self.speech:
                return "quote-occurs", f"nobody says {item.quote[:80]!r}"
            if isinstance(item, OcrEvidence) and f" {normalised(item.quote)} " not in self.screen:
                return "quote-occurs", f"{item.quote[:80]!r} is not on screen"
        return None

    @cached_property
    def speech(self) -> str:
        return f" {normalised(self._transcript.speech[:SPEECH_LIMIT])} "

    @cached_property
    def screen(self) -> str:
        return " | ".join(f" {normalised(text.text)} " for text in self._transcript.screen)[:SPEECH_LIMIT]


def _excess_copies(claims: Sequence[Claim], gold: Sequence[Claim]) -> list[Claim]:
    """Return the copies among claims of one facet, as many left out as gold itself has."""
    found = list(_copies(claims))
    return found[sum(1 for _ in _copies(gold)) :] if found else found


def _copies(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims of one facet that say what an earlier one says, at the same time and place."""
    kept: dict[object, list[Claim]] = {}
    for claim in claims:
        earlier = kept.setdefault((claim.value, claim.words, claim.number, claim.level), [])
        # Who began longer ago cannot share as much, and claims come in order of their start.
        reach = (1 / SAME - 1) * (claim.end_s - claim.start_s) + INSTANT_S
        near = takewhile(partial(_within, claim.start_s - reach), reversed(earlier[-LOOK_BACK:]))
        if any(_same(old, claim) for old in near):
            yield claim
        else:
            earlier.append(claim)


def _within(start_s: float, claim: Claim) -> bool:
    return claim.start_s >= start_s


def _same(one: Claim, other: Claim) -> bool:
    shared = temporal(one, other, INSTANT_S)
    return shared > SAME and place(one.box, other.box) > SAME


def _clashes(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims of a single-label facet that begin before an earlier one on their level has ended."""
    reach: dict[str, Claim] = {}
    for claim in claims:
        if claim.level in FREE_LEVELS:
            continue
        before = reach.get(claim.level)
        if before is not None and (before.end_s > claim.start_s < claim.end_s or before[:2] == claim[:2]):
            yield claim
        if before is None or claim.end_s >= before.end_s:
            reach[claim.level] = claim


def _uncovered(said: Groups, gold: Groups, video: Span) -> float:
    """Return the share of time that tiling facets leave open, where gold has them and the prediction uses them."""
    length = video.end_s - video.start_s
    shares = []
    for facet_id in TILING:
        if facet_id in said and facet_id in gold and length > 0:
            reach, covered = video.start_s, 0.0
            for claim in said[facet_id]:
                end = min(claim.end_s, video.end_s)
                covered += max(0.0, end - max(reach, claim.start_s))
                reach = max(reach, end)
            shares.append(1 - covered / length)
    return max(0.0, sum(shares) / len(shares)) if shares else 0.0


def _excess(pred: Document, said: Groups, gold: Groups) -> float:
    """Return the share of predicted units beyond `SPLIT` for each gold unit, over the facets that gold has."""
    count = {name: len(said.get(name, ())) + pred.beyond.get(name, 0) for name in {*said, *pred.beyond}}
    excess = sum(max(0, count.get(name, 0) - SPLIT * len(claims)) for name, claims in gold.items())
    return excess / max(1, sum(count.values()))
