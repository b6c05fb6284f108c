"""True tempo and beats."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.render.truth.made import Made, unit

FACETS = ("aes.audio.tempo", "aes.audio.tempo.beat")


def units(made: Made) -> Iterator[Unit]:
    """Yield the music's tempo and every beat."""
    heard = made.heard
    if heard is None or heard.tempo_bpm is None:
        return
    yield unit("aes.audio.tempo", 0, "video", made.timeline.span, value=heard.tempo_bpm, unit="BPM")
    for number, at_s in enumerate(heard.beats_s):
        label = "downbeat" if number % 4 == 0 else "beat"
        yield unit("aes.audio.tempo.beat", number, "event", Span.at(at_s), label=label)
