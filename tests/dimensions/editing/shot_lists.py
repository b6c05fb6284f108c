"""Readings made by hand: shots of known length and picture, joined by known edits, at 25 frames a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.invariants import problems
from sestina.core.reading import Reading
from sestina.core.storyboard import Storyboard, Transcript, Unit, Word
from sestina.core.time import Span
from sestina.core.track import Track
from tests.core.boards import media

Parser = Callable[[Reading], Iterator[Unit | Track]]
F64 = npt.NDArray[np.float64]
RATE = 25


def shot_list(
    lengths_s: Sequence[float],
    kinds: Sequence[str] = (),
    tracks: Mapping[str, F64] | None = None,
    words: Sequence[Word] = (),
) -> Reading:
    """Return a reading of shots of these lengths.

    Args:
        lengths_s: seconds of each shot, whole frames.
        kinds: label of the edit into the second shot, the third, ...; hard cuts where none is given.
        tracks: values a frame by track name.
        words: what is said.
    """
    edges = np.round(np.concatenate([[0.0], np.cumsum(lengths_s)]), 6).tolist()
    times = np.arange(round(edges[-1] * RATE)) / RATE
    known = Reading(
        media=media(edges[-1]),
        tracks={n: Track(name=n, unit="", times_s=times, values=v) for n, v in (tracks or {}).items()},
        transcript=Transcript(words=tuple(words)),
    )
    units = [
        known.unit("edit.shot", label="shot", span=Span.of(a, b), evidence=[known.frame(a)]) for a, b in pairwise(edges)
    ]
    labels = [*kinds, *["hard_cut"] * (len(edges) - 2 - len(kinds))]
    for at_s, label in zip([0.0, *edges[1:-1], edges[-1]], ["start", *labels, "end"], strict=True):
        frame = known.frame(min(at_s, edges[-1] - 1 / RATE))
        units.append(known.unit("edit.transition", label=label, span=Span.at(at_s), evidence=[frame]))
    return known.with_(units=tuple(units))


def frames(seconds: float, value: float = 0.0) -> F64:
    """Return one value for every frame of `seconds`."""
    return np.full(round(seconds * RATE), value)


def pictures(order: str, lengths_s: Sequence[float], light: Mapping[str, float] | None = None) -> F64:
    """Return Lab pictures [N,6,8,3], one a frame: each letter of `order` is one view, random and unlike the others."""
    views = {}
    for letter in set(order):
        rng = np.random.default_rng(ord(letter))
        lab = rng.uniform((10, -40, -40), (90, 40, 40), (6, 8, 3))
        lab[..., 0] += (light or {}).get(letter, 0.0)
        views[letter] = lab
    return np.concatenate(
        [np.repeat(views[k][None], round(s * RATE), axis=0) for k, s in zip(order, lengths_s, strict=True)]
    )


def run(known: Reading, *parsers: Parser) -> list[Unit]:
    """Return the units the parsers make one after another; the document must be valid."""
    made: list[Unit] = []
    for parser in parsers:
        for item in parser(known):
            if isinstance(item, Track):
                known.tracks[item.name] = item  # type: ignore[index]  # the pipeline shares this mapping too
            else:
                made.append(item)
        known = known.with_(units=tuple({u.id: u for u in (*known.units, *made)}.values()))
    board = Storyboard(media=known.media, items=tuple(known.units), transcript=known.transcript)
    assert problems(board) == []
    assert len({unit.id for unit in made}) == len(made)
    return made


def named(units: Sequence[Unit], facet: str) -> list[tuple[str | None, float]]:
    """Return (label, start) of every unit of `facet` that does not abstain."""
    return [(u.label, u.span.start_s) for u in units if u.facet == facet and u.status != "abstain"]


def value(units: Sequence[Unit], facet: str) -> float | None:
    return next((unit.value for unit in units if unit.facet == facet), None)


def reason(units: Sequence[Unit], facet: str) -> str | None:
    return next((unit.reason for unit in units if unit.facet == facet and unit.status == "abstain"), None)
