"""An embedder without weights: colours, edges, and the words that are on screen or said at that moment.

It knows what a picture's colours are called and which words are to be read and heard, not what anything is. A question
in other words than the video's own finds nothing, and says so by a row of zeros.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import Picture
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders
from sestina.core.storyboard import Storyboard
from sestina.core.text import plain_words

F32 = npt.NDArray[np.float32]

SIDE = 96
"""Pixels of the longer side at which a picture is looked at."""
HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
"""Names of the hues, evenly round the circle but for orange, which takes half of red's neighbour."""
HUE_EDGES_DEG = (15, 45, 70, 160, 200, 255, 290, 340)
"""Where a hue ends, degrees; beyond the last it is red again."""
SHADES = ("black", "grey", "white")
COLOURS = (*HUES, *SHADES)
SYNONYMS = {
    "gray": "grey", "violet": "purple", "magenta": "pink", "turquoise": "cyan", "teal": "cyan", "golden": "yellow",
    "dark": "black", "night": "black", "bright": "white", "snow": "white", "brown": "orange", "gold": "yellow",
}  # fmt: skip
GRID, WAYS = 3, 8
"""Fields a side and directions of the histogram of edges (Dalal and Triggs, 2005)."""
BUCKETS = 512
"""Places that words are hashed into (Weinberger et al., 2009)."""
LOOK_WEIGHT, WORD_WEIGHT, COLOUR_WEIGHT = 1.0, 2.0, 1.0
"""How much edges, words and colours weigh in a picture's row."""
GREY_BELOW, BLACK_BELOW, WHITE_ABOVE = 0.18, 0.2, 0.8
"""Saturation below which a pixel has no hue; value below and above which such a pixel is black and white."""



@embedders.register(
    "plain",
    card=Card(
        summary="Colours, edges and the words read or heard at the moment; no weights, no knowledge of things.",
        source="histograms of oriented gradients, Dalal and Triggs 2005; feature hashing, Weinberger et al. 2009",
    ),
)
class Plain:
    """See the module.

    Args:
        setting: nothing of it matters here.
        board: the video's storyboard, whose transcript says which words belong to a moment; None: no words.
    """

    width = len(COLOURS) + GRID * GRID * WAYS + BUCKETS

    def __init__(self, setting: ModelSetting | None = None, *, board: Storyboard | None = None) -> None:
        self._said = _timed(board) if board is not None else []
        self._rarity = _rarity(words for *_, words in self._said)

    def images(self, pictures: Sequence[Picture]) -> F32:
        """Return one row a picture, float32 [N, width], unit length."""
        rows = [self._row(picture) for picture in pictures]
        return np.stack(rows) if rows else np.zeros((0, self.width), np.float32)

    def texts(self, texts: Sequence[str]) -> F32:
        """Return one row a text, float32 [N, width]: its colour words and its words; zeros where it has neither."""
        rows = []
        for text in texts:
            words = plain_words(text)
            colours = Counter(SYNONYMS.get(word, word) for word in words)
            colour = np.array([colours[name] for name in COLOURS], np.float32)
            rows.append(_joined(colour, np.zeros(GRID * GRID * WAYS, np.float32), self._hashed(words)))
        return np.stack(rows) if rows else np.zeros((0, self.width), np.float32)

    def _row(self, picture: Picture) -> F32:
        small = _small(picture.rgb)
        at_s = picture.time_s
        words = [word for start_s, end_s, said in self._said if start_s <= at_s < end_s for word in said]
        return _joined(_colours(small), _edges(small), self._hashed(words))

    def _hashed(self, words: Iterable[str]) -> F32:
        row = np.zeros(BUCKETS, np.float32)
        for word in words:
            place = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")
            row[place % BUCKETS] += self._rarity.get(word, 1.0) * (1 if place >> 31 else -1)
        return row


def _timed(board: Storyboard) -> list[tuple[float, float, list[str]]]:
    """Return when which words are to be read or heard; a spoken word lasts a second on both sides."""
    found = [(text.span.start_s, text.span.end_s, plain_words(text.text)) for text in board.transcript.screen]
    found += [(word.start_s - 1, word.end_s + 1, plain_words(word.text)) for word in board.transcript.words]
    return [one for one in found if one[2]]


def _rarity(texts: Iterable[Sequence[str]]) -> dict[str, float]:
    """Return how much a word tells: the less often texts have it the more (Spärck Jones, 1972)."""
    every = [set(words) for words in texts]
    counts = Counter(word for words in every for word in words)
    return {word: 1 + math.log(len(every) / count) for word, count in counts.items()}


def _joined(colours: F32, edges: F32, words: F32) -> F32:
    """Return the parts, each of unit length times its weight, as one row of unit length; zeros stay zeros."""
    parts = zip((colours, edges, words), (COLOUR_WEIGHT, LOOK_WEIGHT, WORD_WEIGHT), strict=True)
    row = np.concatenate([_unit(part) * weight for part, weight in parts])
    return _unit(row)


def _unit(row: F32) -> F32:
    length = float(np.linalg.norm(row))
    return np.asarray(row / length if length > 0 else row, np.float32)


def _small(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    scale = SIDE / max(rgb.shape[:2])
    size = (max(8, round(rgb.shape[1] * scale)), max(8, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _colours(small: npt.NDArray[np.uint8]) -> F32:
    """Return the share of the picture that has each colour's name, [11]."""
    hue, saturation, value = np.moveaxis(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2HSV), np.float32), 2, 0)
    names = np.searchsorted(np.array(HUE_EDGES_DEG), 2 * hue, side="right") % len(HUES)
    value, saturation = value / 255, saturation / 255
    shade = np.where(value < BLACK_BELOW, 0, np.where(value > WHITE_ABOVE, 2, 1)) + len(HUES)
    index = np.where((saturation < GREY_BELOW) | (value < BLACK_BELOW), shade, names)
    counts = np.bincount(index.ravel().astype(np.int64), minlength=len(COLOURS))
    return np.asarray(np.sqrt(counts / index.size), np.float32)


def _edges(small: npt.NDArray[np.uint8]) -> F32:
    """Return how strong edges of each direction are in each field, [GRID * GRID * WAYS]."""
    luma = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)
    dx, dy = cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)
    way = (np.arctan2(dy, dx) % np.pi / np.pi * WAYS).astype(np.int64) % WAYS
    rows = np.arange(luma.shape[0])[:, None] * GRID // luma.shape[0]
    columns = np.arange(luma.shape[1])[None, :] * GRID // luma.shape[1]
    field = (rows * GRID + columns) * WAYS + way
    sums = np.bincount(field.ravel(), weights=np.hypot(dx, dy).ravel(), minlength=GRID * GRID * WAYS)
    return np.asarray(np.sqrt(sums), np.float32)
