"""Times in a question: `at 0:03`, `between 2 and 4 seconds`, `in the second half`, `3 s in`, `at the end`."""

from __future__ import annotations

import re
from collections.abc import Callable

from sestina.core.time import Span

EDGE_S = 3.0
"""What `at the beginning` and `at the end` span, seconds; at most half of the video."""
SLACK_S = 0.25
"""How far beyond the end a time may lie that was rounded, seconds."""
NUMBER = r"(\d+(?:\.\d+)?)"
CLOCK = r"\b(?:(\d+):)?(\d+):(\d{2}(?:\.\d+)?)\b"
SECONDS = r"\s*(?:s\b|secs?\b|seconds?\b)"
EDGES = r"(?! of (?!(?:the|this) (?:video|clip)\b))"
"""Not `the end of the hook`."""


def time_of(plain: str, media: Span) -> tuple[Span | None, float | None, str]:
    """Return the time a question speaks of, the one it names beyond the video, and the question without it."""
    plain = re.sub(CLOCK, lambda found: f"{_clock(found):g} s", plain)
    plain = re.sub(rf"\b{NUMBER}\s*(?:min|mins|minutes?)\b", lambda found: f"{60 * float(found[1]):g} s", plain)
    for pattern, bounds in _patterns(media):
        found = re.search(pattern, plain)
        if found:
            first, last = bounds(*(float(word) for word in found.groups()))
            inside = sorted(min(max(bound, media.start_s), media.end_s) for bound in (first, last))
            beyond_s = first if first > media.end_s + SLACK_S else None
            return Span.of(*inside), beyond_s, plain[: found.start()] + " " + plain[found.end() :]
    return None, None, plain


def _clock(found: re.Match[str]) -> float:
    return 3600 * int(found[1] or 0) + 60 * int(found[2]) + float(found[3])


def _patterns(media: Span) -> tuple[tuple[str, Callable[..., tuple[float, float]]], ...]:
    start, end, middle = media.start_s, media.end_s, media.middle_s
    edge = min(EDGE_S, media.duration_s / 2)
    by = r"(?:in|at|near|towards) the (?:very )?"
    begins = rf"(?:{by}(?:beginning|start|opening)|how does \w+ \w+ (?:begin|start|open)s?)\b"
    ends = rf"(?:{by}(?:end|ending|close)|how does \w+ \w+ (?:end|close)s?)\b"
    return (
        (rf"(?:from|between)\s+{NUMBER}{SECONDS}?\s*(?:to|and|until|-)\s*{NUMBER}{SECONDS}?", lambda a, b: (a, b)),
        (rf"(?:in|within|during|of) the (?:first|opening)\s+{NUMBER}{SECONDS}", lambda a: (start, start + a)),
        (rf"(?:in|within|during|of) the (?:last|final)\s+{NUMBER}{SECONDS}", lambda a: (end - a, end)),
        (r"(?:in|within|during) the first second\b", lambda: (start, start + 1)),
        (r"(?:in|within|during) the (?:last|final) second\b", lambda: (end - 1, end)),
        (r"(?:in|within|during) the first half\b", lambda: (start, middle)),
        (r"(?:in|within|during) the (?:second|last) half\b", lambda: (middle, end)),
        (rf"(?:after|since)\s+{NUMBER}{SECONDS}", lambda a: (a, end)),
        (rf"(?:before|until)\s+{NUMBER}{SECONDS}", lambda a: (start, a)),
        (rf"(?:at|around|near|about)\s+(?:the\s+)?{NUMBER}{SECONDS}(?:\s+mark)?", lambda a: (a, a)),
        (rf"(?:at|in) second\s+{NUMBER}", lambda a: (a, a)),
        (rf"{NUMBER}{SECONDS}\s+(?:in|into|mark)\b", lambda a: (a, a)),
        (begins + EDGES, lambda: (start, start + edge)),
        (ends + EDGES, lambda: (end - edge, end)),
    )
