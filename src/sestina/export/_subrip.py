"""SubRip files, read strictly and written safely: the format has no escapes and no standard, only habits.

Players take `<b>` and `{\\an8}` for markup and some readers take any line with an arrow for a time, so an invisible
word joiner (U+2060) is written inside such sequences of a text, and taken out again when the file comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sestina.core.errors import SchemaError
from sestina.export._wrap import clean

GUARD = "\u2060"
TIMES = re.compile(
    r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3}) *--> *(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})(?: .*)?"
)
MARKUP = re.compile(r"</?(?:[bius]|font)(?: [^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
HINT = "save it as SubRip (.srt), in UTF-8, from the subtitle tool"


def guarded(line: str) -> str:
    """Return a line in which nothing is taken for markup or for a time."""
    line = re.sub(r"(<)(?=[/!a-zA-Z])|(\{)(?=\\)", lambda found: found.group() + GUARD, line)
    return line.replace("-->", f"--{GUARD}>")


def unguarded(line: str) -> str:
    """Return a line without the tool's markup and without what `guarded` put in."""
    line = MARKUP.sub("", line)
    return line.replace(f"<{GUARD}", "<").replace(f"{{{GUARD}", "{").replace(f"--{GUARD}>", "-->")


def stamp(time_ms: int, *, point: str = ",") -> str:
    """Return a time as `00:00:01,500`."""
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"


def read(file: BinaryIO) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """Yield (place, start, end, lines) of every cue, times in milliseconds.

    Raises SchemaError, with the line, for what is not SubRip.
    """
    lines = _decoded(file.read()).splitlines()
    at = 0
    while True:
        while at < len(lines) and not lines[at].strip():
            at += 1
        if at == len(lines):
            return
        first = at
        if lines[at].strip().isdigit():
            at += 1
        found = TIMES.fullmatch(lines[at].strip()) if at < len(lines) else None
        if found is None:
            said = lines[at].strip()[:60] if at < len(lines) else "the end"
            raise SchemaError(f"line {at + 1}: expected the times of a cue, found {said!r}", hint=HINT)
        start, end = _ms(found.groups()[:4], at + 1), _ms(found.groups()[4:], at + 1)
        if end < start:
            raise SchemaError(f"line {at + 1}: the cue ends before it begins", hint=HINT)
        at += 1
        text = []
        while at < len(lines) and lines[at].strip():
            text.append(unguarded(lines[at]))
            at += 1
        yield f"line {first + 1}", start, end, clean("\n".join(text))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(f"byte {error.start}: not UTF-8", hint=HINT) from error


def _ms(parts: tuple[str, ...], line: int) -> int:
    hours, minutes, seconds = (int(part) for part in parts[:3])
    if minutes > 59 or seconds > 59:
        raise SchemaError(f"line {line}: no such time: {hours}:{minutes}:{seconds}", hint=HINT)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(parts[3].ljust(3, "0"))
