"""One facet of the vocabulary: its labels, how far apart they are, and what shows them.

Built-in facets and those a user defines in a file are the same type and pass the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sestina.core.errors import unknown

FacetType = Literal["nom", "ord", "tree", "num", "bool", "text"]
FacetLevel = Literal["video", "segment", "scene", "shot", "boundary", "event", "overlay", "track", "frame"]
FacetDimension = Literal["subject", "aesthetics", "camera", "editing", "narrative", "dissemination"]
Source = Annotated[str, Field(pattern=r"^(?:rule|[STDVC])(?:[>|+/](?:rule|[STDVC]))*$")]
LabelName = Annotated[str, Field(min_length=1)]

BOOL_LABELS = ("false", "true")
"""The two labels of every `bool` facet."""


class Facet(BaseModel):
    """One facet: what may be said about a span, at which level, and what evidence shows it.

    Attributes:
        id: dotted name, e.g. `camera.movement`; parts of an object stand below it (`narr.hook.tactic`).
        dimension: one of the six.
        levels: levels its units may have; the first is the usual one.
        cardinality: `single` (at most one label at a time) or `multi` (a set of labels).
        type: `nom`, `ord`, `tree`, `num`, `bool` or `text`; it fixes the distance between two values.
        labels: every label, off-scale ones last; `ord` in rank order, `tree` parents before their children.
        off_scale: labels of an `ord` facet that have no rank.
        parents: child label to parent label, `tree` only.
        unit: unit of a `num` facet's value.
        scale: difference at which two `num` values are wholly different, in `unit`.
        valid: smallest and largest possible value of a `num` facet, None where open.
        tiles: whether the units cover the video without gap or overlap.
        heading: whether the facet only groups its parts, so that no unit needs to carry it.
        tau_s: how far apart two instants may be before they no longer match at all, seconds.
        evidence: what can be observed when the facet holds; `label_evidence` says it label by label.
        source: who can produce it (S signal, T text, D detector, V model, C context, `rule` over other units;
            `>` proposes then decides, `|` parent then child, `+` both, `/` either);
            `label_source` where it differs.
        thresholds: the named numbers its rules use.
        aliases: other names to labels; `maps_to` names data sets' fields that mean the same and `mappings`
            gives, per data set, its label to ours.
        confusion: distance in [0,1] between two different `nom` labels that are less than wholly different.
        description, prompt, rule, note: what it is, how to ask a model, how it is decided, what was settled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)+$")]
    dimension: FacetDimension
    levels: Annotated[tuple[FacetLevel, ...], Field(min_length=1)]
    cardinality: Literal["single", "multi"] = "single"
    type: FacetType
    labels: tuple[LabelName, ...] = ()
    off_scale: tuple[LabelName, ...] = ()
    parents: Mapping[str, str] = Field(default_factory=dict)
    unit: str | None = None
    scale: float | None = Field(default=None, gt=0)
    valid: tuple[float | None, float | None] | None = None
    tiles: bool = False
    heading: bool = False
    tau_s: float = Field(default=0.5, gt=0)
    evidence: Annotated[str, Field(min_length=1)]
    label_evidence: Mapping[str, str] = Field(default_factory=dict)
    source: Source
    label_source: Mapping[str, Source] = Field(default_factory=dict)
    thresholds: Mapping[str, float] = Field(default_factory=dict)
    aliases: Mapping[str, str] = Field(default_factory=dict)
    maps_to: tuple[str, ...] = ()
    mappings: Mapping[str, Mapping[str, tuple[str, ...]]] = Field(default_factory=dict)
    confusion: Mapping[str, Mapping[str, float]] = Field(default_factory=dict)
    description: str = ""
    prompt: str = ""
    rule: str = ""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read_written_form(cls, data: Any) -> Any:
        """Turn the written form (nested tree, one level, single mapped labels) into the stored one."""
        return _normal(dict(data)) if isinstance(data, Mapping) else data

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = list(_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def multi(self) -> bool:
        """Whether several labels may hold at once."""
        return self.cardinality == "multi"

    @property
    def ranks(self) -> tuple[str, ...]:
        """Labels that have a rank, lowest first; empty unless the facet is `ord`."""
        if self.type != "ord":
            return ()
        return tuple(label for label in self.labels if label not in self.off_scale)

    def is_label(self, label: str) -> bool:
        """Return whether `label` is one of the facet's labels; aliases are not."""
        return label in self.labels

    def canonical(self, name: str) -> str:
        """Return the label that `name` (a label or an alias) stands for. Raises UnknownComponent."""
        label = self.aliases.get(name, name)
        self._require(label)
        return label

    def parent(self, label: str) -> str | None:
        """Return the label above `label` in the tree, None at the top. Raises UnknownComponent."""
        self._require(label)
        return self.parents.get(label)

    def ancestors(self, label: str) -> tuple[str, ...]:
        """Return the labels above `label`, nearest first. Raises UnknownComponent."""
        self._require(label)
        return tuple(self._climb(label))

    def children(self, label: str) -> tuple[str, ...]:
        """Return the labels directly below `label`. Raises UnknownComponent."""
        self._require(label)
        return tuple(child for child, parent in self.parents.items() if parent == label)

    def depth(self, label: str) -> int:
        """Return the depth of `label` in the tree, 1 at the top. Raises UnknownComponent."""
        return 1 + len(self.ancestors(label))

    def rank(self, label: str) -> int | None:
        """Return the rank of `label` from 0, None for one without a rank. Raises UnknownComponent."""
        self._require(label)
        ranks = self.ranks
        return ranks.index(label) if label in ranks else None

    def in_range(self, value: float) -> bool:
        """Return whether a number lies in the valid range, its ends included; always so where none is declared."""
        low, high = self.valid or (None, None)
        return (low is None or value >= low) and (high is None or value <= high)

    def source_of(self, label: str) -> str:
        """Return who can produce `label`. Raises UnknownComponent."""
        self._require(label)
        return self.label_source.get(label, self.source)

    def _climb(self, label: str) -> Iterator[str]:
        above = self.parents.get(label)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def _require(self, label: str) -> None:
        if label not in self.labels:
            raise unknown(f"label of {self.id}", label, self.labels)


def _normal(data: dict[str, Any]) -> dict[str, Any]:
    if "level" in data:
        data["levels"] = data.pop("level")
    if isinstance(data.get("levels"), str):
        data["levels"] = (data["levels"],)
    if isinstance(data.get("labels"), Mapping):
        pairs = list(_walk(data["labels"], None))
        data["labels"] = tuple(label for label, _ in pairs)
        data["parents"] = {label: parent for label, parent in pairs if parent is not None}
    if data.get("type") == "bool":
        data.setdefault("labels", BOOL_LABELS)
    labels, off_scale = data.get("labels"), data.get("off_scale")
    if isinstance(labels, (list, tuple)) and isinstance(off_scale, (list, tuple)):
        data["labels"] = (*labels, *(label for label in off_scale if label not in labels))
    if isinstance(data.get("mappings"), Mapping):
        data["mappings"] = {name: _one_or_many(mapping) for name, mapping in data["mappings"].items()}
    return data


def _walk(tree: Any, parent: str | None) -> Iterator[tuple[str, str | None]]:
    """Yield every label of a written tree with its parent, parents first."""
    if isinstance(tree, Mapping):
        for label, below in tree.items():
            yield label, parent
            yield from _walk(below, label)
    else:
        yield from ((label, parent) for label in tree or ())


def _one_or_many(mapping: Any) -> Any:
    if not isinstance(mapping, Mapping):
        return mapping
    return {theirs: (ours,) if isinstance(ours, str) else ours for theirs, ours in mapping.items()}


def _problems(facet: Facet) -> Iterator[str]:
    yield from _label_problems(facet)
    yield from _reference_problems(facet)
    yield from _number_problems(facet)


def _label_problems(facet: Facet) -> Iterator[str]:
    twice = sorted({label for label in facet.labels if facet.labels.count(label) > 1})
    if twice:
        yield f"labels appear twice: {', '.join(twice)}"
    if facet.type in ("nom", "tree") and not facet.labels:
        yield f"a {facet.type} facet needs labels"
    if facet.type in ("num", "text") and facet.labels:
        yield f"a {facet.type} facet has no labels"
    if facet.type == "ord" and len(facet.ranks) < 2:
        yield "an ord facet needs at least two ranks"
    if facet.type != "ord" and facet.off_scale:
        yield "off_scale is for ord facets"
    if (facet.type == "tree") < bool(facet.parents):
        yield "nested labels are for tree facets"
    if facet.type == "bool" and facet.labels != BOOL_LABELS:
        yield "a bool facet's labels are false and true"


def _reference_problems(facet: Facet) -> Iterator[str]:
    named = {
        "label_evidence": set(facet.label_evidence),
        "label_source": set(facet.label_source),
        "aliases": set(facet.aliases.values()),
        "mappings": {ours for one in facet.mappings.values() for many in one.values() for ours in many},
        "confusion": set(facet.confusion) | {other for row in facet.confusion.values() for other in row},
    }
    for field, names in named.items():
        strangers = sorted(names - set(facet.labels))
        if strangers:
            yield f"{field} names labels that are not there: {', '.join(strangers)}"
    hidden = sorted(set(facet.aliases) & set(facet.labels))
    if hidden:
        yield f"aliases hide labels: {', '.join(hidden)}"


def _number_problems(facet: Facet) -> Iterator[str]:
    if facet.type == "num" and (facet.scale is None or not facet.unit):
        yield "a num facet needs a unit and a scale"
    if facet.type != "num" and (facet.scale is not None or facet.valid is not None):
        yield "scale and valid are for num facets"
    low, high = facet.valid or (None, None)
    if low is not None and high is not None and not low < high:
        yield f"valid range is empty: {low} to {high}"
    weights = [weight for row in facet.confusion.values() for weight in row.values()]
    if facet.confusion and facet.type != "nom":
        yield "confusion is for nom facets"
    if any(not 0 <= weight <= 1 for weight in weights):
        yield "confusion weights lie in [0, 1]"
    pairs = [(one, other) for one, row in facet.confusion.items() for other in row]
    if any(one == other or (other, one) in pairs for one, other in pairs):
        yield "confusion names each pair of different labels once"
