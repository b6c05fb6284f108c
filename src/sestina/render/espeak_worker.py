"""One phrase through espeak-ng's library, in a process of its own: JSON on stdin, samples and word marks on stdout.

espeak-ng keeps the state of its wave generator from one phrase to the next, so a second phrase would come out a few
samples longer or shorter than the same phrase said first. A new process for each phrase makes it the same every time.
Standard library only, since it is run as a bare file.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys
from typing import Any

SYNCHRONOUS, BY_CHARACTER, UTF8 = 2, 1, 1
EVENT_END, EVENT_WORD = 0, 1
RATE, PITCH = 1, 3
NO_VOICE = 3


class Event(ctypes.Structure):
    """`espeak_EVENT` of espeak-ng's speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int), ("uid", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )  # fmt: skip


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def synthesised(library: Any, text: str, words_per_min: int, pitch: int) -> tuple[bytes, list[tuple[int, int, int]]]:
    """Return 16-bit mono samples, and (milliseconds, first character, characters) of every word, in the voice set."""
    samples = bytearray()
    marks: list[tuple[int, int, int]] = []

    def take(block: Any, count: int, events: Any) -> int:
        if block and count > 0:
            samples.extend(ctypes.string_at(block, 2 * count))
        k = 0
        while events[k].type != EVENT_END:
            if events[k].type == EVENT_WORD:
                marks.append((events[k].audio_position, events[k].text_position - 1, events[k].length))
            k += 1
        return 0

    callback = CALLBACK(take)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(RATE, words_per_min, 0)
    library.espeak_SetParameter(PITCH, pitch, 0)
    raw = text.encode()
    library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, BY_CHARACTER, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return bytes(samples), marks


def main() -> int:
    """Read `text`, `voice`, `words_per_min`, `pitch`; write one line of JSON, then the samples.

    Returns 1 where espeak-ng does not start, 3 where it has no such voice.
    """
    asked = json.load(sys.stdin)
    library = ctypes.CDLL(ctypes.util.find_library("espeak-ng"))
    rate_hz = int(library.espeak_Initialize(SYNCHRONOUS, 0, None, 0))
    if rate_hz <= 0:
        return 1
    if library.espeak_SetVoiceByName(asked["voice"].encode()) != 0:
        return NO_VOICE
    samples, marks = synthesised(library, asked["text"], asked["words_per_min"], asked["pitch"])
    sys.stdout.buffer.write(json.dumps({"rate_hz": rate_hz, "marks": marks}).encode() + b"\n" + samples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
