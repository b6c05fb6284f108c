"""How far apart two labels are: a number in [0, 1], 0 for equal, fixed by the facet's type.

Every distance is symmetric and zero on identity; those of `ord`, `num`, `bool`, `tree` and `nom` without
confusion weights also satisfy the triangle inequality. A label outside the vocabulary is wholly different
from every other, so that a damaged prediction can still be scored; that it is outside is an invariant's
business.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sestina.core import vocabulary
from sestina.core.facet import Facet

Value = str | float | bool
"""What one unit says: a label or a text (str), a number, or true or false."""
Values = Value | frozenset[Value] | set[Value] | tuple[Value, ...] | list[Value]
"""One value, or the set of values of a set-valued facet."""
Embed = Callable[[Sequence[str]], NDArray[np.floating]]
"""Texts to vectors [N, D], N in the order of the texts."""

COLOUR_SCALE = 128.0
"""Distance of two colours, 8-bit steps, at which nobody would give them one name: half the cube's edge."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MANY = (set, frozenset, tuple, list)


def distance(facet: Facet | str, a: Values, b: Values, *, embed: Embed | None = None) -> float:
    """Return how far apart two values of a facet are, in [0, 1].

    Args:
        facet: the facet or its id; its type chooses the distance.
        a, b: a label, text or number each; where either is a set, tuple or list the two are compared as sets.
        embed: vectors for texts, to be used in place of shared tokens.

    Raises UnknownComponent for an unknown facet id, TypeError or ValueError for a number that is none.
    """
    known = vocabulary.facet(facet) if isinstance(facet, str) else facet
    if isinstance(a, _MANY) or isinstance(b, _MANY):
        return set_distance(_many(a), _many(b), lambda one, other: _element(known, one, other, embed))
    return _element(known, a, b, embed)


def ord_distance(facet: Facet, a: str, b: str) -> float:
    """Return the difference in rank over the number of ranks less one.

    A label off the scale (`insert` beside the shot scales) has no rank, so nothing on the scale is nearer
    to it than anything else: it is at 1 from every other label. Any smaller constant c below one half would
    break the triangle inequality, since the two ends of the scale are 1 apart and both would be c away from
    it.
    """
    if a == b:
        return 0.0
    ranks = facet.ranks
    if a not in ranks or b not in ranks:
        return 1.0
    return abs(ranks.index(a) - ranks.index(b)) / (len(ranks) - 1)


def tree_distance(facet: Facet, a: str, b: str) -> float:
    """Return 1 - depth of the lowest common ancestor / the larger depth of the two labels.

    Wu and Palmer (1994) divide by the mean of the two depths; the larger one makes it a metric. Depth counts
    from 0 at the unnamed root, so labels below different top labels are at 1, two children of one top label
    at 1/2, and a child and its top label at 1/2 as well.
    """
    if a == b:
        return 0.0
    if not (facet.is_label(a) and facet.is_label(b)):
        return 1.0
    one, other = _path(facet, a), _path(facet, b)
    shared = sum(1 for x, y in zip(one, other, strict=False) if x == y)
    return 1.0 - shared / max(len(one), len(other))


def nom_distance(facet: Facet, a: str, b: str) -> float:
    """Return 0 for equal labels, otherwise the facet's declared confusion weight, or 1 where it has none."""
    if a == b:
        return 0.0
    confusion = facet.confusion
    declared = confusion.get(a, {}).get(b)
    return confusion.get(b, {}).get(a, 1.0) if declared is None else declared


def bool_distance(a: Value, b: Value) -> float:
    """Return 0 where both say true or both say false, else 1; takes booleans, 0 and 1, and the two labels."""
    return float(_truth(a) != _truth(b))


def num_distance(a: float, b: float, scale: float) -> float:
    """Return min(1, |a - b| / scale), all in one unit. Raises ValueError for NaN or a scale not positive."""
    if math.isnan(a) or math.isnan(b) or not scale > 0:
        raise ValueError(f"needs two numbers and a positive scale, got {a}, {b}, {scale}")
    return 0.0 if a == b else min(1.0, abs(a - b) / scale)


def text_distance(a: str, b: str, *, embed: Embed | None = None) -> float:
    """Return 1 - token F1 (Rajpurkar et al., 2016), or 1 - cosine of the texts' vectors clipped to [0, 1].

    Tokens are words without case and punctuation, single characters for Chinese and Japanese, and single
    symbols (emoji), counted with repetition. Texts without any token are equal or wholly different. Two sRGB hex
    triplets are colours, not words: they are compared by `colour_distance`.
    """
    if a == b:
        return 0.0
    if _COLOUR.fullmatch(a) and _COLOUR.fullmatch(b):
        return colour_distance(a, b)
    return _token_distance(a, b) if embed is None else _vector_distance(embed([a, b]))


def colour_distance(a: str, b: str) -> float:
    """Return min(1, Euclidean distance / `COLOUR_SCALE`) of two sRGB hex triplets `#rrggbb`, 8-bit steps."""
    one, other = (bytes.fromhex(colour[1:]) for colour in (a, b))
    return min(1.0, math.dist(one, other) / COLOUR_SCALE)


def set_distance(a: Iterable[Value], b: Iterable[Value], element: Callable[[Value, Value], float]) -> float:
    """Return 1 - soft F1 of two sets under an element distance, in [0, 1].

    The elements are matched one to one so that the similarities 1 - element(x, y) add up to the largest
    total M (Kuhn, 1955); soft F1 is 2 M / (|a| + |b|), as for units in the objective. With a 0/1 element
    distance it is the Dice distance. Two empty sets are equal, and an empty set is wholly different from
    any other.
    """
    from scipy.optimize import linear_sum_assignment

    one, other = tuple(dict.fromkeys(a)), tuple(dict.fromkeys(b))
    if not one or not other:
        return float(bool(one) != bool(other))
    similarity = np.array([[1.0 - element(x, y) for y in other] for x in one])
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    matched = float(similarity[rows, columns].sum())
    return min(1.0, max(0.0, 1.0 - 2.0 * matched / (len(one) + len(other))))


def tokens(text: str) -> list[str]:
    """Return the tokens that `text_distance` compares, in order."""
    return [token for token in _tokens(unicodedata.normalize("NFKC", text).casefold()) if token]


def _element(facet: Facet, a: Value, b: Value, embed: Embed | None) -> float:
    if facet.type == "num":
        return num_distance(_number(a), _number(b), facet.scale or 1.0)
    if facet.type == "bool":
        return bool_distance(a, b)
    if facet.type == "text":
        return text_distance(str(a), str(b), embed=embed)
    return _label_distance(facet, str(a), str(b))


@lru_cache(maxsize=65536)
def _label_distance(facet: Facet, a: str, b: str) -> float:
    by_type = {"ord": ord_distance, "tree": tree_distance, "nom": nom_distance}
    return by_type[facet.type](facet, a, b)


def _path(facet: Facet, label: str) -> tuple[str, ...]:
    """Labels from the top of the tree down to `label`."""
    return (*reversed(facet.ancestors(label)), label)


def _many(value: Values) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, _MANY) else (value,)


def _number(value: Value) -> float:
    if isinstance(value, str):
        raise TypeError(f"a number is needed, got the text {value!r}")
    return float(value)


def _truth(value: Value) -> bool | str:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value, value)
    return bool(value)


def _token_distance(a: str, b: str) -> float:
    one, other = _bag(a), _bag(b)
    if not one and not other:
        return float(a.strip() != b.strip())
    return 1.0 - 2.0 * (one & other).total() / (one.total() + other.total())


@lru_cache(maxsize=4096)
def _bag(text: str) -> Counter[str]:
    """A text's tokens with their counts; kept, since one gold is compared with many predictions."""
    return Counter(tokens(text))


def _vector_distance(vectors: NDArray[np.floating]) -> float:
    if vectors.ndim != 2 or len(vectors) != 2:
        raise ValueError(f"embed returns one vector per text, [2, D], got {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1)
    if not lengths.all():
        return float(lengths.any())
    cosine = float(vectors[0] @ vectors[1] / lengths.prod())
    return min(1.0, max(0.0, 1.0 - cosine))


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        kind = unicodedata.category(letter)[0]
        alone = kind == "S" or _is_ideograph(letter)
        if alone or kind in "PZC":
            yield word
            word = ""
        if alone:
            yield letter
        elif kind not in "PZC":
            word += letter
    yield word


def _is_ideograph(letter: str) -> bool:
    """Whether a character is Han, Hiragana or Katakana: scripts written without spaces between words."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"
