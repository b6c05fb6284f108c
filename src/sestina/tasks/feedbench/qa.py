"""Structure questions: multiple choice made from gold, in two wordings and two orders of the options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from random import Random

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Sample, Score, unscored
from sestina.tasks.feedbench._task import NEAR_S, FeedTask
from sestina.tasks.feedbench.choices import Counts, Pool, context, pool

ASKED: Mapping[str, str] = {
    "edit.transition": "kind of transition",
    "edit.cut_function": "function of the cut",
    "edit.cut_rationale.primary": "main reason for the cut",
    "edit.pacing_class": "pace of the editing",
    "edit.rhythm": "rhythm of the editing",
    "edit.speed": "speed of the footage",
    "camera.movement": "movement of the camera",
    "camera.scale": "shot scale",
    "camera.pitch": "vertical angle of the camera",
    "camera.roll": "tilt of the camera",
    "camera.steadiness": "steadiness of the camera",
    "aes.light.brightness": "brightness of the picture",
    "aes.color.temperature": "colour temperature",
    "aes.color.saturation": "saturation of the colours",
    "subject.count": "number of people in view",
    "subject.motion_energy": "amount of motion of the subject",
    "narr.beat": "narrative beat",
    "narr.format": "format of the video",
    "narr.structure": "structure of the story",
    "narr.hook.tactic.primary": "tactic of the hook",
    "narr.shot_tension": "tension of the shot",
    "narr.valence": "emotional valence",
    "diss.overlay.kind": "kind of overlay on screen",
    "diss.overlay.position": "place of the overlay on screen",
    "diss.padding": "filling around the picture",
    "diss.cta.target": "action the viewer is asked for",
}
"""Facets that are asked about, in words. Each has one answer where its unit stands alone in time."""
WORDINGS = (
    "Which {what} is seen {when}?\n{options}\nAnswer with one letter.",
    "Look at the video {when} and choose the {what} that fits.\n{options}\nReply with the letter of your choice.",
)
LETTERS = "ABCD"
RECURRING = ("shot", "boundary", "event", "overlay")
"""Levels of which a video has many units."""
RECURRING_SHARE = 0.3
"""Share of those that are asked about, so that what every shot has does not outvote what a video has once."""
SURE_MIN = 0.75
"""Gold less sure than this is asked nothing."""


@tasks.register(
    "feedbench.qa",
    card=Card(
        summary="Multiple choice from gold: options differ in one label, each right equally often, in three variants.",
        source="own; asking twice in other words and order after Li et al., 'MVBench', 2024, and Cores et al., "
        "'TVBench', 2024, who show what guessing earns",
    ),
)
class StructureQA(FeedTask):
    """Every question comes three times: plain, in other words, and with the options in another order."""

    name = "feedbench.qa"
    facets = tuple(ASKED)
    prompt = ""

    def samples(self) -> Iterator[Sample]:
        """Yield the three variants of every question, video by video."""
        for video, gold in self.golds.items():
            for unit in clear_units(gold):
                draw = self._pools.get(context(unit.facet, unit.span, unit.level))
                if draw is not None:
                    yield from self._variants(video, gold, unit, draw)

    def _variants(self, video: str, gold: Storyboard, unit: Unit, draw: Pool) -> Iterator[Sample]:
        rng = Random(f"{self.seed}|{video}|{unit.id}")
        if not draw.draws(unit.claim, rng) or (unit.level in RECURRING and rng.random() >= RECURRING_SHARE):
            return
        options = draw.options(unit.claim, rng)
        turn = rng.randrange(1, len(options))
        turned = options[turn:] + options[:turn]
        group = f"{video}/{unit.id}"
        for number, (wording, order) in enumerate(((0, options), (1, options), (0, turned)), 1):
            question = Question(
                video=video, prompt=worded(unit, order, WORDINGS[wording]), facets=(unit.facet,),
                span=unit.span, level=unit.level, options=order,
            )  # fmt: skip
            yield Sample(
                id=f"{group}#{number}", task=self.name, question=question, gold=gold,
                key=order.index(unit.claim), group=group,
            )  # fmt: skip

    @cached_property
    def _pools(self) -> Mapping[str, Pool]:
        counts = self.counts if self.counts is not None else count_labels(self.golds)
        facets = {place: vocabulary.facet(place.partition("@")[0]) for place in counts}
        pools = {place: pool(facets[place], counts[place]) for place in counts}
        return {place: found for place, found in pools.items() if found is not None}

    def score(self, sample: Sample, answer: Answer) -> Score:
        """Return 1 for the right option, 0 for a wrong one or none."""
        if answer.error is not None:
            return unscored(answer.error)
        options, key, choice = sample.question.options, sample.key or 0, answer.choice
        chosen = options[choice] if choice is not None and 0 <= choice < len(options) else None
        judged = Judged(facet=sample.question.facets[0], gold=options[key], said=chosen)
        parts = {"answered": float(chosen is not None), "chance": 1 / len(options)}
        return Score(
            value=float(chosen == options[key]), parts=parts, judged=(judged,),
            explanation=f"{chosen or 'no option'} for {options[key]}",
        )  # fmt: skip


def clear_units(gold: Storyboard) -> Iterator[Unit]:
    """Yield the units of asked facets that one question has one answer for, in canonical order.

    Such a unit is sure, and no other of its facet shares its time or, at an instant, stands near.
    """
    facets: dict[str, list[Unit]] = {}
    for unit in gold.canonical().items:
        if unit.facet in ASKED and unit.status != "abstain" and not _is_end(unit):
            facets.setdefault(unit.facet, []).append(unit)
    for units in facets.values():
        for unit in units:
            others = (other for other in units if other.id != unit.id)
            if unit.label is not None and unit.confidence >= SURE_MIN and not any(_meet(unit, one) for one in others):
                yield unit


def _meet(unit: Unit, other: Unit) -> bool:
    if unit.span.is_instant:
        return abs(other.span.middle_s - unit.span.middle_s) <= NEAR_S
    return unit.span.overlaps(other.span)


def _is_end(unit: Unit) -> bool:
    return unit.facet == "edit.transition" and unit.label in ("start", "end")


def count_labels(golds: Mapping[str, Storyboard]) -> Counts:
    """Return how often each label is the answer, among questions that look alike: context to label to count."""
    counts: dict[str, Counter[str]] = {}
    for gold in golds.values():
        for unit in clear_units(gold):
            counts.setdefault(context(unit.facet, unit.span, unit.level), Counter())[unit.claim] += 1
    return {place: dict(sorted(counter.items())) for place, counter in sorted(counts.items())}


def worded(unit: Unit, options: tuple[str, ...], wording: str) -> str:
    """Return the question in words, with lettered options."""
    if unit.level == "video":
        when = "over the whole video"
    elif unit.span.is_instant:
        when = f"at {unit.span.start_s:.2f} s"
    else:
        when = f"from {unit.span.start_s:.2f} s to {unit.span.end_s:.2f} s"
    lines = [f"{letter}. {label.replace('_', ' ')}" for letter, label in zip(LETTERS, options, strict=False)]
    return wording.format(what=ASKED[unit.facet], when=when, options="\n".join(lines))
