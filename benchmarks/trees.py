"""Two trivial classifiers in numpy: a decision tree and multinomial logistic regression.

The tree is CART with Gini impurity (Breiman et al. 1984); the regression is fitted by Newton-free gradient descent with
momentum and an L2 penalty (Cox 1958, extended to many labels).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Fit = Callable[[F64, I64, int], Callable[[F64], I64]]
"""Takes features [n,d], labels [n] below k, and k; returns what gives labels for features."""

DEPTH, LEAF, CANDIDATES = 5, 20, 24
STEPS, RATE, PENALTY = 300, 0.5, 0.01


@dataclass(frozen=True)
class Node:
    """A leaf with its label, or a question about one feature with two answers."""

    label: int
    feature: int = -1
    limit: float = 0.0
    below: Node | None = None
    above: Node | None = None


def tree(x: F64, y: I64, labels: int) -> Callable[[F64], I64]:
    """Fit a decision tree of at most `DEPTH` questions with `LEAF` samples in every leaf."""
    root = _grown(x, y, labels, DEPTH)
    return lambda queries: np.array([_asked(root, query) for query in queries], np.int64)


def _asked(node: Node, query: F64) -> int:
    while node.below is not None and node.above is not None:
        node = node.below if query[node.feature] <= node.limit else node.above
    return node.label


def _grown(x: F64, y: I64, labels: int, depth: int) -> Node:
    most = int(np.bincount(y, minlength=labels).argmax())
    if depth == 0 or len(y) < 2 * LEAF or len(np.unique(y)) == 1:
        return Node(most)
    best: tuple[float, int, float] | None = None
    for feature in range(x.shape[1]):
        for limit in np.unique(np.quantile(x[:, feature], np.linspace(0.02, 0.98, CANDIDATES))):
            left = x[:, feature] <= limit
            if min(left.sum(), (~left).sum()) < LEAF:
                continue
            impurity = _gini(y[left], labels) + _gini(y[~left], labels)
            if best is None or impurity < best[0]:
                best = (impurity, feature, float(limit))
    if best is None:
        return Node(most)
    left = x[:, best[1]] <= best[2]
    below, above = _grown(x[left], y[left], labels, depth - 1), _grown(x[~left], y[~left], labels, depth - 1)
    return Node(most, best[1], best[2], below, above)


def _gini(y: I64, labels: int) -> float:
    """Return the Gini impurity times the number of samples."""
    counts = np.bincount(y, minlength=labels)
    return float(len(y) - (counts**2).sum() / len(y))


def logistic(x: F64, y: I64, labels: int) -> Callable[[F64], I64]:
    """Fit multinomial logistic regression on standardised features."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    inputs = _with_one((x - mean) / scale)
    target = np.eye(labels)[y]
    weights = np.zeros((inputs.shape[1], labels))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        scores = inputs @ weights
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        slope = inputs.T @ (share - target) / len(y) + PENALTY * weights
        speed = 0.9 * speed - RATE * slope
        weights += speed
    return lambda queries: np.asarray((_with_one((queries - mean) / scale) @ weights).argmax(axis=1), np.int64)


def _with_one(x: F64) -> F64:
    return np.hstack([x, np.ones((len(x), 1))])
