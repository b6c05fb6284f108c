"""The objective: one number in [0, 1] that says how well a predicted storyboard matches a gold one, and why.

It is the score of the benchmark, the reward of training and the agreement of two annotators; docs/objective.md
explains it, docs/decisions/0003 what was added to make it hard to game. Pure: no files, no network, no randomness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.core.storyboard import DIMENSIONS
from sestina.objective.chance import of_facet
from sestina.objective.claims import Claim, Document
from sestina.objective.distance import Embed
from sestina.objective.matching import Pair, match
from sestina.objective.quality import Groups, measure
from sestina.objective.reading import Source, prepare, read
from sestina.objective.report import FacetScore, Match, ScoreReport

__all__ = ["ScoreConfig", "ScoreReport", "prepare", "score", "score_many"]


@dataclass(frozen=True, kw_only=True)
class ScoreConfig:
    """What counts, and how much.

    Args:
        lam: how much of the quality penalty is taken off the structure score.
        weights: weight of a dimension, 1 where not named; 0 leaves it out.
        facets: the scope: facet ids, or prefixes that end in a dot; units of other facets are ignored in both
            documents. None: what gold declares in `provenance.settings["scope"]`, else every facet.
        chance: facet id to the score that another video's storyboard gets, in [0, 1). None: as measured and shipped;
            an empty mapping: none, the plain soft F1.
        rates: weight of a quality rate, 1 where not named.
        embed: vectors for texts in place of shared tokens.
    """

    lam: float = 0.5
    weights: Mapping[str, float] = field(default_factory=dict)
    facets: frozenset[str] | None = None
    chance: Mapping[str, float] | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    embed: Embed | None = None

    def __post_init__(self) -> None:
        strangers = sorted(set(self.weights) - set(DIMENSIONS))
        if strangers:
            raise ValueError(f"no such dimension: {', '.join(strangers)}")
        if self.lam < 0 or any(not weight >= 0 for weight in (*self.weights.values(), *self.rates.values())):
            raise ValueError("lam and weights are not negative")
        if any(not 0 <= chance < 1 for chance in (self.chance or {}).values()):
            raise ValueError("chance lies in [0, 1)")


DEFAULT = ScoreConfig()
"""The page's own settings."""
CHUNKS = 8
"""Parcels of work for each process: few enough to send quickly, enough to keep all busy."""


def score(pred: object, gold: Source | Document, config: ScoreConfig = DEFAULT) -> ScoreReport:
    """Return how well `pred` matches `gold`, with everything that led to it.

    Args:
        pred: a storyboard, JSON text, or plain JSON values, however damaged: what is wrong with it becomes problems and
            costs score, and nothing is raised.
        gold: the same, but whole; or what `prepare` made of it, which saves reading it again.
        config: what counts.

    Raises SchemaError for a gold that is no storyboard.
    """
    said, truth = read(pred), prepare(gold)
    inside = _scope(truth, config)
    ours, theirs = said.by_facet(inside), truth.by_facet(inside)
    book = vocabulary.load()
    answers = {}
    for name in sorted({*ours, *theirs}):
        answer = _answered(book.facet(name), ours.get(name, ()), theirs.get(name, ()), truth, config.embed)
        if answer.ours or answer.theirs:
            answers[name] = answer
    facets = {name: _facet_score(book.facet(name), answer, said, config) for name, answer in answers.items()}
    weights, dimensions = _dimensions(facets, config.weights)
    structure, reason = _structure(dimensions, weights, said, theirs)
    quality, problems = measure(said, ours, theirs, truth.video, config.rates, inside)
    return ScoreReport(
        score=max(0.0, structure - config.lam * quality.total),
        structure=structure,
        quality=quality,
        dimensions=dimensions,
        facets=facets,
        matches=tuple(match for answer in answers.values() for match in answer.matches()),
        unmatched_pred=_ids(claim for answer in answers.values() for claim in answer.left(0)),
        unmatched_gold=_ids(claim for answer in answers.values() for claim in answer.left(1)),
        problems=(*problems, *truth.problems),
        reason=reason,
    )


def score_many(
    pairs: Iterable[tuple[object, Source | Document]], config: ScoreConfig = DEFAULT, *, workers: int = 1
) -> list[ScoreReport]:
    """Return the report of every (pred, gold) pair, in order.

    A gold that stands in several pairs as the same object is read once. `workers` above 1 spreads the pairs over so
    many processes; what is scored must then be picklable (`embed` as well). Raises as `score` does.
    """
    if workers < 1:
        raise ValueError(f"workers must be positive, got {workers}")
    numbers: dict[int, int] = {}
    golds: list[Document] = []
    todo = list(pairs)  # held, so that no two golds have one id
    for _, gold in todo:
        if id(gold) not in numbers:
            numbers[id(gold)] = len(golds)
            golds.append(prepare(gold))
    work = [(pred, numbers[id(gold)]) for pred, gold in todo]
    if workers == 1:
        return [score(pred, golds[number], config) for pred, number in work]
    chunk = max(1, len(work) // (workers * CHUNKS))
    shared = (tuple(vocabulary.load().facet(name) for name in vocabulary.defined()), golds, config)
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, shared) as pool:
        return list(pool.map(_score_one, work, chunksize=chunk))


_shared: list[tuple[Sequence[Document], ScoreConfig]] = []
"""What a worker process was begun with: golds and config go to it once, not with every pair."""


def _begin(facets: Sequence[Facet], golds: Sequence[Document], config: ScoreConfig) -> None:
    """Get a new process ready; make facets that a user defined known to it."""
    for facet in facets:
        vocabulary.define(facet)
    _shared.append((golds, config))


def _score_one(work: tuple[object, int]) -> ScoreReport:
    golds, config = _shared[-1]
    return score(work[0], golds[work[1]], config)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The claims of one facet in both documents, and which answers which."""

    ours: Sequence[Claim]
    theirs: Sequence[Claim]
    pairs: Sequence[Pair]

    def matches(self) -> Iterator[Match]:
        """Yield the matched pairs by name."""
        for pair in self.pairs:
            one, other = self.ours[pair.first], self.theirs[pair.second]
            yield Match(one.id, other.id, one.facet, *pair[2:])

    def left(self, side: int) -> Iterator[Claim]:
        """Yield the claims of the prediction (0) or of gold (1) that found nobody."""
        taken = {pair[side] for pair in self.pairs}
        yield from (claim for k, claim in enumerate((self.ours, self.theirs)[side]) if k not in taken)


def _answered(
    facet: Facet, ours: Sequence[Claim], theirs: Sequence[Claim], truth: Document, embed: Embed | None
) -> _Answer:
    """Match one facet; what found nobody where gold abstains is neither right nor wrong, and left out."""
    pairs = match(facet, ours, theirs, embed)
    silent = truth.silent.get(facet.id, ())
    if silent:
        taken = {pair.first for pair in pairs}
        kept = [k for k, claim in enumerate(ours) if k in taken or not _hushed(claim, silent)]
        place = {k: number for number, k in enumerate(kept)}
        ours = [ours[k] for k in kept]
        pairs = [pair._replace(first=place[pair.first]) for pair in pairs]
    return _Answer(ours, theirs, pairs)


def _hushed(claim: Claim, silent: Sequence[Claim]) -> bool:
    """Whether at least half of a claim lies where gold abstains."""
    length = claim.end_s - claim.start_s
    if length == 0:
        return any(other.start_s <= claim.start_s <= other.end_s for other in silent)
    shared = sum(max(0.0, min(claim.end_s, other.end_s) - max(claim.start_s, other.start_s)) for other in silent)
    return 2 * shared >= length


def _facet_score(facet: Facet, answer: _Answer, said: Document, config: ScoreConfig) -> FacetScore:
    matched = sum(pair.similarity for pair in answer.pairs)
    predicted, gold = len(answer.ours) + said.beyond.get(facet.id, 0), len(answer.theirs)
    return FacetScore(
        score=min(1.0, 2 * matched / (predicted + gold)),
        precision=min(1.0, matched / predicted) if predicted else 0.0,
        recall=min(1.0, matched / gold) if gold else 0.0,
        matched=matched,
        predicted=predicted,
        gold=gold,
        dimension=facet.dimension,
        chance=of_facet(facet) if config.chance is None else config.chance.get(facet.id, 0.0),
    )


def _dimensions(
    facets: Mapping[str, FacetScore], weights: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return each dimension's weight and score: what its facets reach beyond chance, out of what there is to reach.

    A facet weighs as many units as the two documents have of it on average, so that without chance the score is the
    soft F1 of all units of the dimension. A dimension weighs what was declared, times the share of it that is not
    chance: what everybody knows blindly makes nobody good. The larger share of the two documents counts, so that
    nobody can make a dimension light by filling it with what everybody knows.
    """
    heavy: dict[str, float] = {}
    found: dict[str, float] = {}
    for dimension in DIMENSIONS:
        mine = [facet for facet in facets.values() if facet.dimension == dimension]
        if mine and weights.get(dimension, 1.0) > 0:
            units = [(facet.predicted + facet.gold) / 2 for facet in mine]
            gain = sum(n * (facet.score - facet.chance) for n, facet in zip(units, mine, strict=True))
            room = sum(n * (1 - facet.chance) for n, facet in zip(units, mine, strict=True))
            found[dimension] = min(1.0, max(0.0, gain / room))
            told = max(_told([(f.predicted, f.chance) for f in mine]), _told([(f.gold, f.chance) for f in mine]))
            heavy[dimension] = weights.get(dimension, 1.0) * told
    return heavy, found


def _told(counts: Sequence[tuple[int, float]]) -> float:
    """Return the share of a document's units that is not chance: mean of 1 - chance, 0 without units."""
    total = sum(count for count, _ in counts)
    return sum(count * (1 - chance) for count, chance in counts) / total if total else 0.0


def _structure(
    dimensions: Mapping[str, float], weights: Mapping[str, float], said: Document, gold: Groups
) -> tuple[float, str]:
    """Return the weighted mean over dimensions, and why it is what it is where nothing could be matched."""
    if said.failure:
        return 0.0, f"the prediction could not be read: {said.failure}"
    if not dimensions:
        return 1.0, "neither document says anything in scope"
    reason = ""
    if not gold:
        reason = "gold says nothing in scope, the prediction does"
    elif not said.claims:
        reason = "the prediction says nothing"
    total = sum(weights[name] * value for name, value in dimensions.items())
    return min(1.0, total / sum(weights.values())), reason


def _scope(truth: Document, config: ScoreConfig) -> Callable[[str], bool]:
    """Return whether a facet is in scope."""
    wanted = config.facets if config.facets is not None else truth.scope
    if wanted is None:
        return lambda name: True
    prefixes = tuple(item for item in wanted if item.endswith("."))
    return lambda name: name in wanted or name.startswith(prefixes)


def _ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(claim.id for claim in sorted(claims, key=lambda claim: claim[:4]))
