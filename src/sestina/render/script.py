"""The script of a rendered clip: shots with their transitions, overlays, sound and notes, as frozen data.

Lengths in the picture are fractions of the frame's width unless said otherwise; times are seconds from the start of
the clip for overlays, sound and notes, and from the start of the shot for what happens inside a shot.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sestina.render.parts.edit import Effect, Flash, Kind, Padding, Speed, Transition
from sestina.render.parts.layout import Layout
from sestina.render.parts.note import Note
from sestina.render.parts.overlay import Overlay
from sestina.render.parts.sound import Sound
from sestina.render.parts.stage import Camera, Look, Source, Subject
from sestina.render.retime import scene_s


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One run of the camera.

    `offset_s` is where its camera path and its subjects' motion begin, so that a shot can go on where another one
    stopped. `begin` is the transition into it; for the first shot only `hard_cut` (meaning nothing) or `fade_in`.
    `speeds` do not overlap; `effects` are done to the finished pictures; `layout` sets further pictures beside.
    """

    source: Source = Source()
    duration_s: float = 3.0
    camera: Camera = Camera()
    subjects: tuple[Subject, ...] = ()
    look: Look = Look()
    begin: Transition = Transition()
    flashes: tuple[Flash, ...] = ()
    offset_s: float = 0.0
    speeds: tuple[Speed, ...] = ()
    effects: tuple[Effect, ...] = ()
    layout: Layout = field(default_factory=Layout)

    def __post_init__(self) -> None:
        for before, after in pairwise(self.speeds):
            if after.start_s < before.end_s:
                raise ValueError(f"{after.kind} at {after.start_s} s begins before {before.kind} ends")


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole clip.

    Args:
        width, height: pixels, even.
        rate: frames a second, exact.
        shots: in order; each begins with its transition.
        close: a `fade_out` at the end, or None.
        notes: facts that hold by construction, such as beats of the story; they become units of the gold.
        examined: facets the notes speak of, those that hold nowhere in this clip too.
        genre: name of the grammar that wrote the script, or "".
        drops: frame numbers left out, which makes the frame rate vary.
        jitter: how far frames come early or late, a share of their distance, 0..0.4; it makes the rate vary too.
        padding: what fills the frame round a picture of another shape, or None.
        sound: None for a silent file.
    """

    shots: tuple[Shot, ...]
    width: int = 640
    height: int = 360
    rate: Fraction = Fraction(30)
    overlays: tuple[Overlay, ...] = ()
    close: Transition | None = None
    sound: Sound | None = field(default_factory=Sound)
    notes: tuple[Note, ...] = ()
    examined: tuple[str, ...] = ()
    genre: str = ""
    seed: int = 0
    drops: tuple[int, ...] = ()
    jitter: float = 0.0
    padding: Padding | None = None
    crf: int = 20

    def __post_init__(self) -> None:
        if not self.shots:
            raise ValueError("a script needs at least one shot")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"width and height must be even, got {self.width}x{self.height}")
        if not 0 <= self.jitter <= 0.4:
            raise ValueError(f"jitter must lie in 0..0.4 of a frame, got {self.jitter}")
        first = self.shots[0].begin.kind
        if first not in ("hard_cut", "fade_in"):
            raise ValueError(f"the first shot cannot begin with {first}")
        if self.close is not None and self.close.kind != "fade_out":
            raise ValueError(f"a clip can close with fade_out, not with {self.close.kind}")
        length_s = sum(shot.duration_s for shot in self.shots)
        for overlay in self.overlays:
            if not -1e-6 <= overlay.start_s < length_s - 1e-6:
                raise ValueError(
                    f"overlay {overlay.kind} {overlay.text[:40]!r} begins at {overlay.start_s:g} s, "
                    f"outside the {length_s:g} s of the clip"
                )


PLAIN: dict[str, Any] = {"flashes": (), "speeds": (), "effects": ()}
"""What a shot that goes on does not take over from the one before."""


def punched(shot: Shot, scale: float, duration_s: float) -> Shot:
    """Return the shot that goes on where `shot` stops, enlarged by `scale` (below 1: a punch-out)."""
    zoom = shot.camera.zoom * scale
    kind: Kind = "punch_in" if scale > 1 else "punch_out"
    return replace(
        shot,
        duration_s=duration_s,
        offset_s=shot.offset_s + scene_s(shot.speeds, shot.duration_s),
        camera=replace(shot.camera, zoom=zoom),
        begin=Transition(kind=kind),
        **PLAIN,
    )


def jumped(shot: Shot, duration_s: float, shift: tuple[float, float]) -> Shot:
    """Return the shot that goes on in the same picture with its subjects displaced by `shift` frame widths."""
    moved = tuple(replace(s, at=(s.at[0] + shift[0], s.at[1] + shift[1])) for s in shot.subjects)
    return replace(
        shot,
        duration_s=duration_s,
        offset_s=shot.offset_s + scene_s(shot.speeds, shot.duration_s),
        subjects=moved,
        begin=Transition(kind="jump_cut"),
        **PLAIN,
    )
