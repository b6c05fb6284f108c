"""Composition: patterns, balance and clutter of each shot, from the saliency proxy and the picture's symmetry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.confidence import UNDECIDED
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit, all_of, banded, ruled

PATTERN, BALANCE, CLUTTER = "aes.comp.pattern", "aes.comp.balance", "aes.comp.clutter"
PLACE_SCALE = 0.04
"""Share of the picture by which a place is clearly inside or outside a limit."""
CERTAIN_MIN = 0.5
"""Share of samples in which attention has one place: where it lies everywhere, its mean place says nothing."""
DETAIL_MATCH_MIN = 0.5
"""Match of rows (or columns) less their means: level bands mirror themselves without being symmetric."""
MATCH_SCALE = 0.1
BANDS_MIN = 0.7
"""Share of a picture's variance that lies between its rows (or columns) from which it is made of bands."""
EMPTY_EDGES_MAX = 0.05
"""Share of edge pixels outside the salient area up to which the rest of the picture is empty."""
EDGES_FULL, ENTROPY_FULL = 0.30, 0.60
"""Share of edge pixels and entropy of colours of a busy picture; clutter is their mean after division by these."""
CLUTTER_EDGES = (0.45, 0.80)
"""Clutter below which a picture is minimal and from which it is busy (found on twenty clips, by eye)."""
PLAIN = ("saliency.edges", "saliency.entropy")
"""A picture without an edge and of one colour is plain."""
SALIENCY_AT_MOST = 0.85
"""A proxy finds what stands out, which is not always what matters."""


@parsers.register(
    "aesthetics.composition",
    facets=(PATTERN, BALANCE, CLUTTER),
    signals=("saliency",),
    after=("edit.shot",),
    derives=("composition.clutter",),
    card=Card(
        summary="Where attention lies, whether the picture mirrors itself, runs in bands, is empty or cluttered.",
        source="own; limits as in the vocabulary",
    ),
)
class Composition:
    """Parser `aesthetics.composition`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of clutter, then the units of composition of each shot."""
        edges, entropy = (reading.track(f"saliency.{name}") for name in ("edges", "entropy"))
        clutter = np.asarray((edges.values / EDGES_FULL + entropy.values / ENTROPY_FULL) / 2, np.float64)
        yield Track(name="composition.clutter", unit="", times_s=edges.times_s, values=clutter, kind="sampled")
        for shot in reading.shots:
            if max(reading.value(name, "max", shot.span) for name in PLAIN) == 0:
                yield from _plain(reading, shot.span)
                continue
            yield from patterns(reading, shot.span)
            yield balance(reading, shot.span)
            yield banded(
                reading,
                CLUTTER,
                shot.span,
                "composition.clutter",
                labels=("minimal", "moderate", "busy"),
                edges=CLUTTER_EDGES,
                scale=0.15,
            )


def _plain(reading: Reading, span: Span) -> Iterator[Unit]:
    evidence = [reading.metric(name, "<=", 0.0, span, "max") for name in PLAIN]
    yield reading.abstain(PATTERN, span=span, reason="a plain picture has no composition", evidence=evidence)
    yield reading.abstain(BALANCE, span=span, reason="a plain picture has no composition", evidence=evidence)


def patterns(reading: Reading, span: Span) -> Iterator[Unit]:
    """Yield every pattern whose conditions hold clearly over `span`."""
    for label, limits in pattern_rules(reading).items():
        truth = all_of(limits, reading, span)
        if truth >= UNDECIDED:
            at_most = 1.0 if label.startswith(("symmetry", "horizontal", "vertical")) else SALIENCY_AT_MOST
            yield ruled(reading, PATTERN, label, span, truth, limits, at_most=at_most)


def pattern_rules(reading: Reading) -> dict[str, list[Limit]]:
    """Return each pattern's conditions."""
    central, thirds, match, empty = (
        reading.threshold(PATTERN, name)
        for name in (
            "central_distance_max",
            "thirds_distance_max",
            "symmetry_match_min",
            "negative_space_saliency_max",
        )
    )
    sure = Limit(signal="saliency.certain", op=">=", threshold=CERTAIN_MIN, scale=0.25, reduce="mean")
    near = Limit(signal="saliency.distance", op="<=", threshold=central, scale=PLACE_SCALE)
    off = Limit(signal="saliency.distance", op=">", threshold=central, scale=PLACE_SCALE)
    rules = {
        "central": [near, sure],
        "rule_of_thirds": [
            Limit(signal="saliency.thirds", op="<=", threshold=thirds, scale=PLACE_SCALE),
            off,
            sure,
        ],
        "negative_space": [
            Limit(signal="saliency.area", op="<", threshold=empty, scale=PLACE_SCALE),
            Limit(signal="saliency.outside_edges", op="<", threshold=EMPTY_EDGES_MAX, scale=0.02),
        ],
        "horizontal_bands": [Limit(signal="saliency.rows", op=">=", threshold=BANDS_MIN, scale=MATCH_SCALE)],
        "vertical_bands": [Limit(signal="saliency.columns", op=">=", threshold=BANDS_MIN, scale=MATCH_SCALE)],
    }
    for axis in ("v", "h"):
        rules[f"symmetry_{axis}"] = [
            Limit(signal=f"saliency.symmetry_{axis}", op=">=", threshold=match, scale=MATCH_SCALE),
            Limit(
                signal=f"saliency.detail_symmetry_{axis}", op=">=", threshold=DETAIL_MATCH_MIN, scale=2 * MATCH_SCALE
            ),
        ]
    return rules


def balance(reading: Reading, span: Span) -> Unit:
    """Return on which side the weight of attention lies: the larger offset decides."""
    limit = reading.threshold(BALANCE, "offset_min")
    sides = {
        "left_heavy": Limit(signal="saliency.offset_x", op="<", threshold=-limit, scale=PLACE_SCALE),
        "right_heavy": Limit(signal="saliency.offset_x", op=">", threshold=limit, scale=PLACE_SCALE),
        "top_heavy": Limit(signal="saliency.offset_y", op="<", threshold=-limit, scale=PLACE_SCALE),
        "bottom_heavy": Limit(signal="saliency.offset_y", op=">", threshold=limit, scale=PLACE_SCALE),
    }
    truths = {label: rule.truth(reading, span) for label, rule in sides.items()}
    label = max(truths, key=lambda name: truths[name])
    if truths[label] >= 0.5:
        return ruled(reading, BALANCE, label, span, truths[label], [sides[label]], at_most=SALIENCY_AT_MOST)
    within = [
        Limit(signal=rule.signal, op=">=" if rule.op == "<" else "<=", threshold=rule.threshold, scale=PLACE_SCALE)
        for rule in sides.values()
    ]
    return ruled(reading, BALANCE, "balanced", span, 1 - truths[label], within, at_most=SALIENCY_AT_MOST)
