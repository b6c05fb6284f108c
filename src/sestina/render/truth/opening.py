"""True numbers of the opening: when the first cut, text, word and sound come, and how many in the first seconds."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.truth.made import Made, unit

UNITS = {
    "t_first_cut": "s", "t_first_text": "s", "t_first_word": "s", "t_first_sound_onset": "s",
    "words_first_3s": "count", "chars_on_screen_first_3s": "count", "shots_first_3s": "count",
    "shots_first_5s": "count",
}  # fmt: skip
FACETS = tuple(f"narr.hook.{name}" for name in UNITS)


def units(made: Made) -> Iterator[Unit]:
    """Yield the numbers that there are; what never comes has none."""
    for name, value in _numbers(made):
        at = f"narr.hook.{name}"
        yield unit(at, 0, "video", made.timeline.span, value=round(value, 6), unit=UNITS[name])


def _numbers(made: Made) -> Iterator[tuple[str, float]]:
    timeline = made.timeline
    if len(made.script.shots) > 1:
        mix = next((mix for mix in timeline.mixes if mix.new == 1), None)
        yield "t_first_cut", timeline.time_s(timeline.joins[1] if mix is None else mix.first)
    starts = [timeline.shot_span(number).start_s for number in range(len(made.script.shots))]
    for name in ("shots_first_3s", "shots_first_5s"):
        yield name, float(sum(_window(made, name).contains(start_s) for start_s in starts))
    yield from _texts(made)
    if made.heard is None:
        return
    words = made.heard.words
    if words:
        yield "t_first_word", words[0].start_s
        count = sum(_window(made, "words_first_3s").contains(word.start_s) for word in words)
        if count:
            yield "words_first_3s", float(count)
    if made.heard.first_sound_s is not None:
        yield "t_first_sound_onset", made.heard.first_sound_s


def _texts(made: Made) -> Iterator[tuple[str, float]]:
    """Yield the first text's time and the characters that stand on the screen in the first seconds."""
    texts = [(made.timeline.time_s(first), text) for text, first, after, _ in made.overlays.texts if after > first]
    if texts:
        yield "t_first_text", min(at for at, _ in texts)
    window = _window(made, "chars_on_screen_first_3s")
    shown = sum(len("".join(text.split())) for at, text in texts if at < window.end_s)
    if shown:
        yield "chars_on_screen_first_3s", float(shown)


def _window(made: Made, name: str) -> Span:
    length_s = threshold(f"narr.hook.{name}", "window_s")
    return Span.of(0.0, min(length_s, made.timeline.duration_s))
