"""What a shot shows and how the camera sees it: pictures, things, figures, camera paths, the look of the sensor.

Lengths in the picture are fractions of the frame's width unless said otherwise; times count from the start of the shot.
Depths are distances along the view at rest; only their ratios show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Move = Literal[
    "static", "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "dolly_in", "dolly_out",
    "truck_left", "truck_right", "pedestal_up", "pedestal_down", "crane_up", "crane_down", "arc_cw", "arc_ccw",
    "roll_cw", "roll_ccw", "dolly_zoom_in", "dolly_zoom_out", "whip_pan_left", "whip_pan_right", "whip_pan_up",
    "whip_pan_down", "crash_zoom", "pan_tracking", "side_tracking", "lead_tracking", "tail_tracking",
    "ken_burns_left", "ken_burns_right", "ken_burns_up", "ken_burns_down", "ken_burns_in", "ken_burns_out",
]  # fmt: skip
TRACKING: tuple[Move, ...] = ("pan_tracking", "side_tracking", "lead_tracking", "tail_tracking")
"""Moves that follow a figure, and so have no speed of their own."""
Ease = Literal["linear", "smooth"]
Grade = Literal["none", "warm", "cool", "teal_orange", "sepia", "bw", "faded", "crushed", "bleach"]


@dataclass(frozen=True, kw_only=True)
class Solid:
    """A box that stands in the scene, with painted sides.

    Args:
        kind: a painter of `canvas.PAINTERS` for its sides.
        at: its middle, frame widths at rest from the canvas's centre.
        size: width, height and length, frame widths at rest at its depth.
        depth: distance of its middle.
        turn_deg: how far it is turned clockwise seen from above.
        seed: what the painter draws.
    """

    kind: str = "shapes"
    at: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float, float] = (0.2, 0.2, 0.2)
    depth: float = 2.2
    turn_deg: float = 30.0
    seed: int = 0

    def __post_init__(self) -> None:
        if min(*self.size, self.depth) <= 0:
            raise ValueError(f"a solid needs sizes and a depth above 0, got {self.size} and {self.depth}")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a shot shows: the far picture, and what stands between it and the camera.

    Args:
        kind: a painter of `canvas.PAINTERS`, `photo`, `image` or `clip`.
        name: `photo`: name in scikit-image's data; `image`, `clip`: path of a picture or video file.
        seed: what the painter draws.
        near: a painter of `canvas.NEAR_PAINTERS` for a nearer layer, or "".
        far_depth, near_depth: distances from the camera; their ratio is the parallax.
        extent: width and height of the canvas, in widths and heights of the frame; beyond it the picture is mirrored.
        floor: a painter of `canvas.PAINTERS` for a level floor, or "".
        floor_at: where the floor meets the far picture, frame widths below its middle.
        solids: boxes that stand in front of the far picture.
        clip_start_s, clip_end_s: the part of a clip that is shown; None: to its end.
        clip_end: what follows when that part is over.
    """

    kind: str = "noise"
    name: str = ""
    seed: int = 0
    near: str = ""
    far_depth: float = 3.0
    near_depth: float = 1.6
    extent: tuple[float, float] = (2.0, 2.0)
    floor: str = ""
    floor_at: float = 0.15
    solids: tuple[Solid, ...] = ()
    clip_start_s: float = 0.0
    clip_end_s: float | None = None
    clip_end: Literal["loop", "freeze"] = "loop"

    def __post_init__(self) -> None:
        if not 0 < self.near_depth < self.far_depth:
            raise ValueError(f"depths must satisfy 0 < near < far, got {self.near_depth} and {self.far_depth}")
        if self.floor_at <= 0:
            raise ValueError(f"the floor lies below the middle: floor_at must be above 0, got {self.floor_at}")
        if self.clip_end_s is not None and self.clip_end_s <= self.clip_start_s:
            raise ValueError(f"the clip's part ends at {self.clip_end_s} s, before it starts at {self.clip_start_s} s")


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One movement of the camera.

    Args:
        move: what the camera does.
        speed: frame widths/s for pans, tilts, trucks, pedestals, cranes, whips and Ken Burns pans; log scale/s for
            zooms and dollies (of the far layer), dolly zooms (of the background against the subject) and crash zooms;
            degrees/s for rolls and arcs; without meaning for tracking.
        window: seconds of the shot in which it moves; None: all the time, also while a transition shows it.
        ease: `smooth` starts and stops softly inside the window; ignored without one.
    """

    move: Move = "static"
    speed: float = 0.0
    window: tuple[float, float] | None = None
    ease: Ease = "linear"

    def __post_init__(self) -> None:
        still = self.move == "static" or self.move in TRACKING
        if not math.isfinite(self.speed) or (not still and self.speed <= 0):
            raise ValueError(f"{self.move} needs a speed above 0, got {self.speed}")
        if self.window is not None and not self.window[0] < self.window[1]:
            raise ValueError(f"{self.move} ends at {self.window[1]} s, not after it starts at {self.window[0]} s")


@dataclass(frozen=True, kw_only=True)
class Camera(Leg):
    """One camera path: a start, its movements, and the shake of the hand that holds it.

    Args:
        then: further movements, after the first or on top of it.
        at: where it looks at the middle of the move, frame widths from the canvas's centre.
        zoom: enlargement at the wide end of the move, at least 1.
        shake: RMS of the hand's tremble, frame widths; band-limited to 0.4..7 Hz.
        lens: focal length in frame widths at zoom 1; 1.5 is 54 mm on a full-frame camera.
        roll_deg: how far it is turned clockwise from the start.
        pivot: depth of what arcs, cranes and dolly zooms keep in place; None: the first figure's, or halfway.
        follow: number of the figure that tracking moves follow.
    """

    then: tuple[Leg, ...] = ()
    at: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    shake: float = 0.0
    lens: float = 1.5
    roll_deg: float = 0.0
    pivot: float | None = None
    follow: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.zoom < 1:
            raise ValueError(f"zoom must be at least 1, got {self.zoom}")
        if not 0.3 <= self.lens <= 20:
            raise ValueError(f"lens must lie in 0.3..20 frame widths, got {self.lens}")
        if not 0 <= self.shake <= 0.1:
            raise ValueError(f"shake must lie in 0..0.1 frame widths, got {self.shake}")
        if self.pivot is not None and self.pivot <= 0:
            raise ValueError(f"pivot must be above 0, got {self.pivot}")

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Its movements, resting ones left out."""
        return tuple(leg for leg in (self, *self.then) if leg.move != "static")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A figure that moves over the far picture.

    Args:
        kind: a painter of `figures.FIGURES`, or `image`.
        name: `image`: path of a picture file, transparent where it has an alpha channel.
        at: its middle at the start of the shot, frame widths from the canvas's centre.
        velocity: frame widths/s, right and down positive.
        size: height, in frame heights, at rest.
        bob: height of its up-and-down motion, frame widths, at `bob_hz`.
        seed: its colours.
        depth: its distance; None: on the far picture.
        approach: how much nearer it comes, depths/s.
    """

    kind: str = "person"
    name: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    velocity: tuple[float, float] = (0.0, 0.0)
    size: float = 0.5
    bob: float = 0.0
    bob_hz: float = 1.5
    seed: int = 0
    depth: float | None = None
    approach: float = 0.0

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise ValueError(f"a {self.kind}'s size must be above 0, got {self.size}")
        if self.depth is not None and self.depth <= 0:
            raise ValueError(f"a {self.kind}'s depth must be above 0, got {self.depth}")


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the sensor sees, and what was done to the picture afterwards.

    Args:
        noise: standard deviation of the sensor's noise, 8-bit steps.
        grain: the same for film grain, which is coarser and has no colour.
        gain: exposure, 1 for unchanged.
        contrast: slope about mid-grey, 1 for unchanged.
        shutter: share of a frame's time that smears into motion blur.
        saturation: 1 for unchanged, 0 for grey.
        grade: how the colours were changed.
        defocus: blur of the whole picture, its sigma in frame widths.
        aperture: blur of what is out of focus, sigma in frame widths for a thing infinitely far behind the focus.
        focus: depth that is sharp; None: the far picture's.
        focus_to: depth that is sharp after `rack` (seconds of the shot); None: focus stays.
        distortion: barrel distortion of the lens, the share by which corners come inwards; below 0 pincushion.
        vignette: share of light lost in the corners.
    """

    noise: float = 1.5
    grain: float = 0.0
    gain: float = 1.0
    contrast: float = 1.0
    shutter: float = 0.0
    saturation: float = 1.0
    grade: Grade = "none"
    defocus: float = 0.0
    aperture: float = 0.0
    focus: float | None = None
    focus_to: float | None = None
    rack: tuple[float, float] | None = None
    distortion: float = 0.0
    vignette: float = 0.0

    def __post_init__(self) -> None:
        ranges = {
            "noise": (0, 60), "grain": (0, 60), "gain": (0, 8), "contrast": (0, 4), "shutter": (0, 1),
            "saturation": (0, 4), "defocus": (0, 0.1), "aperture": (0, 0.1), "distortion": (-0.3, 0.3),
            "vignette": (0, 1),
        }  # fmt: skip
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must lie in {low}..{high}, got {value}")
        if (self.focus_to is None) != (self.rack is None):
            raise ValueError("focus_to and rack belong together")
        if self.rack is not None and not self.rack[0] < self.rack[1]:
            raise ValueError(f"the rack of focus ends at {self.rack[1]} s, not after it starts at {self.rack[0]} s")
