"""Speech as subtitle cues: words gathered into what can be read at once, in whole milliseconds, without overlap.

The rules are those of the field (BBC Subtitle Guidelines 1.2, 2024; Netflix Timed Text Style Guide, 2024): at most 42
columns a line (26 upright), two lines and seven seconds a cue; a new cue after a pause, at the end of a sentence and
where the speaker changes; a cue that is too full ends at a comma where one is near. What a person wrote
(`subject.utterance`) stands in place of the words recognised under it.

Times are rounded down to the millisecond: then a cue that begins with a frame is on screen when that frame is, and one
that ends with a cut is gone at the cut, at every frame rate below 1000.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sestina.core import vocabulary
from sestina.core.errors import SestinaError
from sestina.core.storyboard import Storyboard, Unit, Word
from sestina.core.time import Span
from sestina.export._wrap import Piece, columns, one_line, pieces, tied, tight, wrapped

UTTERANCE = "subject.utterance"
"""The facet that holds what is said as a person wrote it."""
SENTENCE_ENDS = tuple(".?!…。？！؟۔।")
CLAUSE_ENDS = (*SENTENCE_ENDS, *",;:、，；：،؛–—")
COMMA_COLUMNS = 16
"""How much more uneven two lines may be if the first ends with its clause."""
QUOTES = "\"'”’»)]」』）"
"""What may follow a full stop and still end the sentence."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How much one cue may hold.

    Args:
        line_chars: columns a line; a wide letter takes two.
        lines: lines a cue.
        longest_s: a cue stays no longer.
        shortest_s: a cue stays no shorter where the next one leaves it the time.
        pause_s: a silence this long ends a cue.

    Raises SestinaError for rules that no text can keep.
    """

    line_chars: int = 42
    lines: int = 2
    longest_s: float = 7.0
    shortest_s: float = 0.8
    pause_s: float = 0.5

    def __post_init__(self) -> None:
        if self.line_chars < 4 or self.lines < 1 or not 0 <= self.shortest_s <= self.longest_s or self.pause_s <= 0:
            raise SestinaError(
                f"no subtitle keeps these rules: {self}",
                hint="line_chars >= 4, lines >= 1, 0 <= shortest_s <= longest_s, pause_s > 0",
            )


def rules_for(board: Storyboard, *, line_chars: int | None, **rules: Any) -> Rules:
    """Return the rules with lines as long as can be read: 42 columns, 26 on an upright picture, unless said."""
    if line_chars is None:
        video = board.media.video
        upright = video is not None and video.display_height > video.display_width
        kind = "portrait" if upright else "landscape"
        line_chars = int(vocabulary.threshold("diss.readability.issues", f"line_chars_{kind}_max"))
    return Rules(line_chars=line_chars, **rules)


@dataclass(frozen=True, kw_only=True)
class Cue:
    """Lines shown from `start_ms` to `end_ms`.

    `said_s` holds when every recognised word in it begins and ends; `unit` is the utterance that it comes from.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    said_s: tuple[tuple[float, float], ...] = ()
    unit: Unit | None = None
    speaker: str | None = None


def milliseconds(time_s: float) -> int:
    """Return a time as whole milliseconds, rounded down; 0 before the start."""
    return max(0, round(time_s * 1_000_000) // 1000)


def speech_cues(board: Storyboard, rules: Rules, *, step_ms: int = 1) -> Iterator[Cue]:
    """Yield what is said, in order; times are multiples of `step_ms`."""
    said = utterances(board)
    free = words_left(board)
    cues = [cue for run in _runs(free, [unit.span.start_s for unit in said], rules) for cue in _split(run, rules)]
    for unit in said:
        own = pieces(unit.text or "", unit.span.start_s, unit.span.end_s, limit=rules.line_chars)
        cues += _split(own, rules, unit)
    cues.sort(key=lambda cue: (cue.start_ms, cue.end_ms))
    return _settled(cues, rules, milliseconds(board.media.span.end_s), step_ms)


def utterances(board: Storyboard) -> list[Unit]:
    """Return what people wrote of the speech, in order; an empty text says that nothing is said."""
    found = (unit for unit in board.units(facet=UTTERANCE) if unit.text is not None)
    return sorted(found, key=lambda unit: unit.order)


def words_left(board: Storyboard) -> list[Word]:
    """Return the recognised words that no utterance stands for, in order of time."""
    words = (word for word in board.transcript.words if one_line(word.text))
    free = _outside(words, [unit.span for unit in utterances(board)])
    return sorted(free, key=lambda word: (word.start_s, word.end_s))


def _outside(words: Iterable[Word], spans: Sequence[Span]) -> Iterator[Word]:
    """Yield the words whose middle no span holds; spans in order of their start."""
    starts, reach = [span.start_s for span in spans], [0.0] * len(spans)
    for number, span in enumerate(spans):
        reach[number] = max(span.end_s, reach[number - 1] if number else 0.0)
    for word in words:
        middle = (word.start_s + word.end_s) / 2
        number = bisect_right(starts, middle) - 1
        if number < 0 or reach[number] <= middle:
            yield word


def _runs(words: Sequence[Word], breaks: Sequence[float], rules: Rules) -> Iterator[list[Piece]]:
    """Yield the pieces of what is said in one breath: no pause, end of sentence or change of speaker inside."""
    run: list[Piece] = []
    for word in words:
        if run and _parts(run, word, rules, breaks):
            yield run
            run = []
        cut = pieces(word.text, word.start_s, max(word.start_s, word.end_s), limit=rules.line_chars,
                     speaker=word.speaker)  # fmt: skip
        if run and tight(run[-1].text[-1], cut[0].text[0]):
            cut[0] = replace(cut[0], glued=True)
        run += cut
    if run:
        yield run


def _parts(run: Sequence[Piece], word: Word, rules: Rules, breaks: Sequence[float]) -> bool:
    """Whether `word` begins a new cue after `run`."""
    last = run[-1]
    if word.start_s - last.end_s >= rules.pause_s or word.speaker != last.speaker:
        return True
    if bisect_right(breaks, last.start_s) != bisect_right(breaks, word.start_s):
        return True
    ended = last.text.rstrip(QUOTES).endswith(SENTENCE_ENDS)
    return ended and last.end_s - run[0].start_s >= rules.shortest_s


def _split(whole: Sequence[Piece], rules: Rules, unit: Unit | None = None) -> Iterator[Cue]:
    """Yield a run as cues that keep the rules."""
    most, at = rules.lines * rules.line_chars, 0
    while at < len(whole):
        run = whole[at : at + most + 1]  # no more than `most` fit
        count, lines = _fitting(run, rules)
        if count < len(run):
            count = _break(run, count)
            lines = wrapped(run[:count], limit=rules.line_chars, lines=rules.lines) or lines
        if len(lines) == 2:
            lines = _turned(run[:count], rules.line_chars) or lines
        end_s = min(run[count - 1].end_s, run[0].start_s + rules.longest_s)
        said = () if unit is not None else tuple((piece.start_s, piece.end_s) for piece in run[:count])
        yield Cue(
            start_ms=milliseconds(run[0].start_s), end_ms=milliseconds(end_s), lines=lines, said_s=said,
            unit=unit, speaker=run[0].speaker,
        )  # fmt: skip
        at += count


def _fitting(run: Sequence[Piece], rules: Rules) -> tuple[int, tuple[str, ...]]:
    """Return how many pieces from the first fit in one cue, at least one, and their lines."""
    count, width = 1, run[0].width
    for piece in run[1:]:
        width += piece.width + (0 if piece.glued else 1)
        if piece.end_s - run[0].start_s > rules.longest_s or width > rules.lines * (rules.line_chars + 1):
            break
        count += 1
    for number in range(count, 1, -1):
        lines = wrapped(run[:number], limit=rules.line_chars, lines=rules.lines)
        if lines is not None:
            return number, lines
    return 1, (run[0].text,)


def _break(run: Sequence[Piece], count: int) -> int:
    """Return where to end a full cue: after the last comma of its second half, else where it is full."""
    for number in range(count, count // 2, -1):
        if _ends_clause(run[number - 1]):
            return number
    return count


def _turned(run: Sequence[Piece], limit: int) -> tuple[str, str] | None:
    """Return two lines, even but for a comma that is worth `COMMA_COLUMNS`; None where no break lets both fit."""
    best: tuple[int, tuple[str, str]] | None = None
    for number in range(1, len(run)):
        first, second = tied(run[:number]), tied(run[number:])
        across = columns(first), columns(second)
        cost = abs(across[0] - across[1]) - (COMMA_COLUMNS if _ends_clause(run[number - 1]) else 0)
        if max(across) <= limit and (best is None or cost < best[0]):
            best = cost, (first, second)
    return best[1] if best is not None else None


def _ends_clause(piece: Piece) -> bool:
    return piece.text.rstrip(QUOTES).endswith(CLAUSE_ENDS)


def _settled(cues: Sequence[Cue], rules: Rules, end_ms: int, step_ms: int) -> Iterator[Cue]:
    """Yield the cues on the grid of `step_ms`, each with some time, none over another."""
    free = 0
    for number, cue in enumerate(cues):
        start = max(free, cue.start_ms - cue.start_ms % step_ms)
        follows = cues[number + 1].start_ms if number + 1 < len(cues) else max(end_ms, start + step_ms)
        least = 0 if cue.unit is not None else start + milliseconds(rules.shortest_s)
        wanted = min(max(cue.end_ms, least), follows)
        end = max(start + step_ms, wanted - wanted % step_ms)
        free = end
        yield replace(cue, start_ms=start, end_ms=end)
