"""How shots are joined and retimed, what is done to them afterwards, and what fills the frame round them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal[
    "hard_cut", "jump_cut", "punch_in", "punch_out", "match_cut", "smash_cut", "invisible_cut",
    "cross_dissolve", "additive_dissolve",
    "fade_in", "fade_out", "dip_to_black", "dip_to_white", "dip_to_colour",
    "linear_wipe", "iris", "clock", "shape_mask", "object_wipe", "barn_door", "page_turn",
    "push", "slide", "cover", "scroll", "whip_pan_blur", "zoom_through", "spin", "swirl", "shake",
    "flash", "glitch", "light_leak", "film_burn", "pixelate", "rgb_split", "tv_off", "ink", "particle",
]  # fmt: skip
Direction = Literal["left", "right", "up", "down"]
CUTS: tuple[Kind, ...] = (
    "hard_cut", "jump_cut", "punch_in", "punch_out", "match_cut", "smash_cut", "invisible_cut",
)  # fmt: skip
"""Transitions without mixed frames."""

FLASH_MOST_FRAMES = 6
"""Frames a flash has at most: `flash_max_frames` of `edit.transition`."""

COLOUR_DISTANCE_MIN = 60
"""How far, in one channel of 255 at least, a dip's colour must be from black and from white to be another colour."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """How a shot begins.

    Args:
        kind: label of `edit.transition`. What makes a `match_cut`, `smash_cut` or `invisible_cut` one lies in the
            shots on both sides; whoever writes the script answers for it.
        frames: mixed frames; 0 exactly for cuts.
        direction: where a wipe's edge or a push's pictures travel.
        soft: width of a wipe's edge, frame widths.
        hold: frames of the plain colour in the middle of a dip, counted in `frames`.
        colour: what `dip_to_colour` goes through, RGB.
        seed: chooses the pattern of torn, leaking, scattered and inked transitions.
    """

    kind: Kind = "hard_cut"
    frames: int = 0
    direction: Direction = "left"
    soft: float = 0.0
    hold: int = 0
    colour: tuple[int, int, int] = (214, 66, 52)
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.frames > 0) == (self.kind in CUTS):
            raise ValueError(f"{self.kind} with {self.frames} mixed frames: cuts have none, all others have some")
        if not 0 <= self.hold <= max(0, self.frames - 2):
            raise ValueError(f"a hold of {self.hold} frames does not fit into {self.frames}")
        plain = min(max(self.colour), 255 - min(self.colour)) < COLOUR_DISTANCE_MIN
        if self.kind == "dip_to_colour" and plain:
            raise ValueError(f"dip_to_colour through {self.colour} would be a dip to black or to white")


@dataclass(frozen=True, kw_only=True)
class Flash:
    """Overexposed frames inside a shot, which are no boundary: `at_s` in the shot, `frames` long."""

    at_s: float
    frames: int = 3


SpeedKind = Literal["slow_motion", "fast_motion", "speed_ramp", "freeze_frame", "reverse", "stutter"]


@dataclass(frozen=True, kw_only=True)
class Speed:
    """A stretch of a shot in which its scene does not run at the speed of life; after it the scene goes on from there.

    Args:
        kind: label of `edit.speed`.
        start_s, end_s: seconds of the shot as shown.
        factor: scene seconds a second: below 1 for `slow_motion`, above 1 for `fast_motion`; the speed a `speed_ramp`
            reaches at its end, rising or falling evenly; how fast a `reverse` runs backwards. Ignored by the others.
        hold: frames each picture of a `stutter` stays.
    """

    kind: SpeedKind
    start_s: float
    end_s: float
    factor: float = 1.0
    hold: int = 4

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError(f"{self.kind} from {self.start_s} s to {self.end_s} s lasts no time")
        allowed = {"slow_motion": 0 < self.factor <= 0.75, "fast_motion": self.factor >= 1.5}
        allowed["speed_ramp"] = self.factor > 0 and not 0.75 < self.factor < 1.5
        if not allowed.get(self.kind, self.factor > 0):
            raise ValueError(f"{self.kind} at {self.factor} times the speed of life would not be seen as one")
        if self.kind == "stutter" and self.hold < 2:
            raise ValueError(f"a stutter holds its pictures for 2 frames or more, got {self.hold}")


EffectKind = Literal["digital_zoom", "shake", "mirror"]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Something done to the finished pictures of a shot, which no camera does.

    Args:
        kind: label of `edit.effect`. A `digital_zoom` snaps nearer within `frames` and stays, a `shake` jerks the whole
            picture about, `mirror` lays the left half over the right one.
        start_s, end_s: seconds of the shot.
        amount: `digital_zoom`: enlargement, 1.1 or more; `shake`: largest displacement, frame widths, 0.01 or more.
        frames: in which a digital zoom comes and, when it ends inside the shot, goes.
        seed: of the shake.
    """

    kind: EffectKind
    start_s: float
    end_s: float
    amount: float = 1.4
    frames: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError(f"{self.kind} from {self.start_s} s to {self.end_s} s lasts no time")
        least = {"digital_zoom": 1.1, "shake": 0.01}.get(self.kind, 0.0)
        most = {"digital_zoom": 8.0, "shake": 0.2}.get(self.kind, 100.0)
        if not least <= self.amount <= most:
            raise ValueError(f"{self.kind} by {self.amount} is out of {least}..{most}")


BAR_LEAST = 0.025
"""Share of the frame's side that each of two bars takes at least: narrower ones pass for an edge of the codec."""

PaddingKind = Literal["letterbox", "pillarbox", "windowbox", "solid_fill", "blurred_fill"]


@dataclass(frozen=True, kw_only=True)
class Padding:
    """What fills the frame round a picture of another shape, all through the clip.

    Args:
        kind: label of `diss.padding`; the first three are black.
        aspect: width over height of the picture inside.
        scale: how much of the frame the picture takes up in the direction it fills; below 1 for a windowbox only.
        colour: of `solid_fill`, RGB.
    """

    kind: PaddingKind
    aspect: Fraction
    scale: float = 1.0
    colour: tuple[int, int, int] = (236, 228, 210)

    def __post_init__(self) -> None:
        if self.aspect <= 0:
            raise ValueError(f"the aspect must be positive, got {self.aspect}")
        if (self.kind == "windowbox") != (self.scale < 1) or not 0.3 <= self.scale <= 1:
            raise ValueError(f"{self.kind} at {self.scale} of the frame: a windowbox takes 0.3 to 1, others 1")
        if self.kind == "solid_fill" and max(self.colour) < COLOUR_DISTANCE_MIN:
            raise ValueError(f"a solid fill of {self.colour} would be a letterbox or a pillarbox")
