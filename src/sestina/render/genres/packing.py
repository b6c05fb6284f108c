"""Packing: the overlays a story asks for, each where and when its beat is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sestina.render.genres.cutting import Taken
from sestina.render.genres.draw import Draw
from sestina.render.genres.lines import DEVICES, EASE, TENSE
from sestina.render.genres.pace import CARDS, Slot
from sestina.render.genres.setting import Setting
from sestina.render.genres.suspense import Strain
from sestina.render.genres.tale import ANSWERS, Beat, Tale
from sestina.render.parts.overlay import Entry, Overlay, OverlayKind, Style

CAPTION_Y, HEADLINE_Y, WORDS_Y, EXTRA_Y, CALL_Y = 0.82, 0.2, 0.44, 0.56, 0.66
DANGER = (255, 92, 72)
OPENING = ("on_screen_question", "wait_for_it_text")
"""Devices that open something."""

PHRASE_WORDS = 4
SHOWN_S = (0.7, 1.6)
"""How long a written call stands, inside its beat."""
SAID_SHARE = 0.82
"""Share of its longest possible time that a line usually takes."""


@dataclass(frozen=True, kw_only=True)
class Wrapping:
    """How a clip packs: style and size of its texts, whether and how steps are numbered, whether names stand in lower
    thirds, a mark in the corner, a bar of progress, a watching face in an inset."""

    style: Style
    entry: Entry
    phrases: bool
    numbered: OverlayKind | None
    named: bool
    marked: bool
    bar: bool
    inset: bool


def wrapping(draw: Draw, structure: str, *, inset: bool, named: bool) -> Wrapping:
    """Return a drawn wrapping; lists are mostly numbered."""
    counted = draw.chance({"list": 0.6, "hook_steps_recap": 0.4}.get(structure, 0.0))
    kind: OverlayKind = draw.pick(("list_counter", "step_label"))
    return Wrapping(
        style=draw.pick(("outline", "shadow", "box", "plain")), entry=draw.pick(("none", "fade", "pop", "slide")),
        phrases=draw.chance(0.4), numbered=kind if counted else None, named=named or draw.chance(0.5),
        marked=named or draw.chance(0.3), bar=draw.chance(0.12), inset=inset,
    )  # fmt: skip


class Packer:
    """Makes the overlays of one clip in one style."""

    def __init__(self, draw: Draw, given: Setting, wrap: Wrapping) -> None:
        self.draw, self.given, self.wrap = draw, given, wrap

    def text(self, kind: OverlayKind, said: str, span: tuple[float, float], y: float, **more: object) -> Overlay:
        """Return a text overlay in the clip's style, `y` its height in the frame."""
        small = 0.03 if self.given.upright else 0.045
        values = {
            "size": small, "style": self.wrap.style, "entry": self.wrap.entry, "back": self.given.ground,
            "accent": self.given.accent, "serif": self.given.serif, "at": (0.5, y), **more,
        }  # fmt: skip
        return Overlay(kind=kind, text=said, start_s=span[0], end_s=span[1], **values)  # type: ignore[arg-type]  # fields of `Overlay` by name

    def headline(self, said: str, span: tuple[float, float], **more: object) -> Overlay:
        """Return a large text."""
        size = 0.046 if self.given.upright else 0.07
        return self.text("headline_super", said, span, HEADLINE_Y, **{"size": size, **more})

    def beat(self, beat: Beat, slot: Slot, told: Tale, said_s: tuple[float, float] | None) -> Iterator[Overlay]:
        """Yield what one beat shows; `said_s` is when its line is spoken, None when it is only written."""
        span = (slot.start_s, slot.end_s)
        if beat.label in CARDS:
            yield from self._card(beat, span, told)
            return
        if beat.label == "cta":
            yield from self._call(beat, span, told, spoken=said_s is not None)
        elif said_s is None:
            yield self.headline(beat.line, span)
        if said_s is not None and self.given.voice == "captioned":
            yield from self._captions(beat, said_s)
        if beat.label == "hook" and said_s is not None and self.draw.chance(0.5):
            yield self.headline(beat.line, span)
        if beat.label == "hook" and told.tactics[0] == "price_anchor":
            yield self.text("price_tag", "$29" if "$29" in beat.line else "$19", span, CALL_Y, back=self.given.button)
        named = beat.label in ("context_setup", "promise", "development") and beat.step < 2
        if named and self.wrap.named and said_s is not None and slot.end_s - slot.start_s < 6:
            yield self.text("lower_third", f"{told.name}\n{told.title}", span, 0.68, style="box", at=(0.32, 0.68))
        if beat.label == "sponsor_read":
            yield self.text("ad_disclosure", self.draw.pick(("#ad", "Sponsored")), span, 0.06, at=(0.2, 0.06))
        if beat.label == "recap" and said_s is not None:
            yield self.headline(beat.line, span)
        if beat.step and self.wrap.numbered:
            yield self._counter(beat.step, span)

    def _counter(self, number: int, span: tuple[float, float]) -> Overlay:
        step = self.wrap.numbered == "step_label"
        kind: OverlayKind = "step_label" if step else "list_counter"
        said, at = (f"Step {number}", (0.2, 0.07)) if step else (str(number), (0.12, 0.08))
        return self.text(kind, said, span, 0.07, style="box", at=at, back=self.given.button)

    def _card(self, beat: Beat, span: tuple[float, float], told: Tale) -> Iterator[Overlay]:
        kind: OverlayKind = "end_card" if beat.label == "end_card" else "title_card"
        yield self.text(kind, beat.line, span, 0.4, size=0.05, style="plain", entry="none")
        if beat.label == "end_card":
            yield self.text("handle", told.handle, span, 0.6, style="plain", entry="none", size=0.028)

    def _call(self, beat: Beat, span: tuple[float, float], told: Tale, *, spoken: bool) -> Iterator[Overlay]:
        if spoken and self.draw.chance(0.25):
            return
        kind: OverlayKind = self.draw.pick(("cta_button", "cta_text", "cta_text", "cta_text"))
        more = {"back": self.given.button} if kind == "cta_button" else {}
        length = min(span[1] - span[0], self.draw.between(*SHOWN_S))
        start = round(span[0] + self.draw.between(0.0, 1.0) * (span[1] - span[0] - length), 3)
        shown = (start, round(start + length, 3))
        yield self.text(kind, beat.line, shown, CALL_Y, cta=(beat.target,), language=beat.language, **more)
        if self.draw.chance(0.4):
            yield self.text("handle", told.handle, span, 0.73, style="plain", size=0.025)

    def _captions(self, beat: Beat, said_s: tuple[float, float]) -> Iterator[Overlay]:
        """Yield the line while it is said, whole or in runs of a few words."""
        words = beat.line.split()
        short = len(words) <= PHRASE_WORDS
        if not self.wrap.phrases or short:
            kind: OverlayKind = "subtitle_phrase" if short and self.wrap.phrases else "subtitle_full"
            yield self.text(kind, beat.line, said_s, CAPTION_Y, entry="none")
            return
        count = -(-len(words) // PHRASE_WORDS)
        bounds = [round(k * len(words) / count) for k in range(count + 1)]
        share = [sum(map(len, words[:b])) / sum(map(len, words)) for b in bounds[:-1]]
        times = [round(said_s[0] + SAID_SHARE * part * (said_s[1] - said_s[0]), 3) for part in share]
        for (a, b), span in zip(pairwise(bounds), pairwise([*times, said_s[1]]), strict=True):
            yield self.text("subtitle_phrase", " ".join(words[a:b]), span, CAPTION_Y, entry="none")

    def strain(self, taken: Sequence[Taken], strains: Sequence[Strain]) -> Iterator[Overlay]:
        """Yield words of danger and of relief, and countdowns."""
        for one, strain in zip(taken, strains, strict=True):
            span = (one.start_s, one.end_s)
            if "words of danger" in strain.devices:
                said = self.draw.pick(TENSE)
                yield self.text("headline_super", said, span, WORDS_Y, colour=DANGER, size=0.046)
            elif strain.label == "release" and not one.card and self.draw.chance(0.5):
                yield self.text("headline_super", self.draw.pick(EASE), span, WORDS_Y, size=0.046)
            if "countdown" in strain.devices:
                number = str(max(1, int(span[1] - span[0] + 0.999)))
                yield self.mark("countdown_timer", span, (0.85, 0.14), 0.03, text=number)

    def mark(
        self, kind: OverlayKind, span: tuple[float, float], at: tuple[float, float], size: float, text: str = ""
    ) -> Overlay:
        """Return an overlay that is no line of text."""
        return self.text(kind, text, span, at[1], at=at, size=size, style="plain", entry="none")

    def devices(self, taken: Sequence[Taken], answered_s: float) -> Iterator[Overlay]:
        """Yield at most one written device that holds a viewer, over one shot anywhere; questions and promises of an
        end come before `answered_s`, when the last answer begins."""
        free = [one for one in taken if not one.card]
        labels = self.draw.some((*sorted(DEVICES), *OPENING), self.draw.pick((0, 0, 1, 1, 1)))
        size = 0.045 if self.given.upright else 0.05
        for label, one in zip(labels, self.draw.some(free, len(labels)), strict=False):
            span = (one.start_s, one.end_s)
            if label in OPENING and one.start_s >= answered_s:
                continue
            asked = ("comment",) if label == "comment_prompt" else ()
            said = self.draw.pick(DEVICES[label])
            yield self.text("headline_super", said, span, EXTRA_Y, devices=(label,), size=size, cta=asked)

    def marks(self, taken: Sequence[Taken]) -> Iterator[Overlay]:
        """Yield what lies over much of the clip: a bar of progress, a watching face, a mark in the corner."""
        until_s = taken[-1].end_s
        if self.wrap.bar:
            first = self.draw.whole(0, len(taken) - 1)
            last = min(len(taken) - 1, first + self.draw.whole(0, 4))
            yield self.mark("progress_bar", (taken[first].start_s, taken[last].end_s), (0.5, 0.99), 0.012)
        if self.wrap.inset:
            for one in taken:
                if one.cue != "presenter" and not one.card:
                    yield self.mark("reaction_face_inset", (one.start_s, one.end_s), (0.82, 0.3), 0.2)
        if self.wrap.marked:
            yield self.mark("logo_bug", (0.0, until_s), (0.92, 0.055), 0.06)


def packed(
    draw: Draw, given: Setting, wrap: Wrapping, told: Tale, slots: Sequence[Slot],
    said: Sequence[tuple[float, float] | None], taken: Sequence[Taken], strains: Sequence[Strain],
) -> tuple[Overlay, ...]:
    """Return all overlays of the clip, full-frame cards on top.

    Args:
        draw: chance.
        given, wrap: how the clip looks.
        told, slots: its story in time.
        said: when each beat's line is spoken, None where it is only written.
        taken, strains: its shots and their tension.
    """  # fmt: skip
    packer = Packer(draw, given, wrap)
    answers = [slot.start_s for beat, slot in zip(told.beats, slots, strict=True) if beat.label in ANSWERS]
    steps = [slot.start_s for beat, slot in zip(told.beats, slots, strict=True) if beat.step]
    answered_s = (answers or steps or [0.0])[-1]
    found = [*packer.strain(taken, strains), *packer.devices(taken, answered_s), *packer.marks(taken)]
    for beat, slot, when in zip(told.beats, slots, said, strict=True):
        found += packer.beat(beat, slot, told, when)
    return tuple(sorted(found, key=lambda one: one.kind in ("title_card", "end_card")))
