"""What a shot shows and how the camera sees it: pictures, figures, camera paths, the look of the sensor.

Lengths in the picture are fractions of the frame's width unless said otherwise; times count from the start of the shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Move = Literal[
    "static", "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "dolly_in", "dolly_out",
    "truck_left", "truck_right", "pedestal_up", "pedestal_down", "roll_cw", "roll_ccw",
    "whip_pan_left", "whip_pan_right", "whip_pan_up", "whip_pan_down",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a shot shows: the far picture, and whether things stand in front of it.

    Args:
        kind: a painter of `canvas.PAINTERS`, `photo` or `image`.
        name: `photo`: name in scikit-image's data; `image`: path of a picture file.
        seed: what the painter draws.
        near: a painter of `canvas.NEAR_PAINTERS` for a nearer layer, or "".
        far_depth, near_depth: distances from the camera; their ratio is the parallax.
        extent: width and height of the canvas, in widths and heights of the frame; beyond it the picture is mirrored.
    """

    kind: str = "noise"
    name: str = ""
    seed: int = 0
    near: str = ""
    far_depth: float = 3.0
    near_depth: float = 1.6
    extent: tuple[float, float] = (2.0, 2.0)

    def __post_init__(self) -> None:
        if not 0 < self.near_depth < self.far_depth:
            raise ValueError(f"depths must satisfy 0 < near < far, got {self.near_depth} and {self.far_depth}")


@dataclass(frozen=True, kw_only=True)
class Camera:
    """One camera path: a start, one movement, and the shake of the hand that holds it.

    Args:
        move: label of `camera.movement`, or `static`.
        speed: frame widths/s for pans, tilts, trucks and whips; log scale/s for zooms and dollies (of the far layer);
            degrees/s for rolls.
        window: seconds of the shot in which it moves; None: all the time, also while a transition shows it.
        ease: `smooth` starts and stops softly inside the window; ignored without one.
        at: where it looks at the middle of the move, frame widths from the canvas's centre.
        zoom: enlargement at the wide end of the move, at least 1.
        shake: RMS of the hand's tremble, frame widths; band-limited to 0.4..7 Hz.
    """

    move: Move = "static"
    speed: float = 0.0
    window: tuple[float, float] | None = None
    ease: Literal["linear", "smooth"] = "linear"
    at: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    shake: float = 0.0

    def __post_init__(self) -> None:
        if self.move != "static" and self.speed <= 0:
            raise ValueError(f"{self.move} needs a speed above 0, got {self.speed}")
        if self.zoom < 1:
            raise ValueError(f"zoom must be at least 1, got {self.zoom}")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A figure that moves over the far picture.

    Args:
        kind: a painter of `figures.FIGURES`.
        at: its middle at the start of the shot, frame widths from the canvas's centre.
        velocity: frame widths/s, right and down positive.
        size: height, in frame heights.
        bob: height of its up-and-down motion, frame widths, at `bob_hz`.
        seed: its colours.
    """

    kind: str = "person"
    at: tuple[float, float] = (0.0, 0.0)
    velocity: tuple[float, float] = (0.0, 0.0)
    size: float = 0.5
    bob: float = 0.0
    bob_hz: float = 1.5
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the sensor sees: `noise` its standard deviation in 8-bit steps, `gain` the exposure, `shutter` the share of
    a frame's time that smears into motion blur, `saturation` 1 for unchanged."""

    noise: float = 1.5
    gain: float = 1.0
    shutter: float = 0.0
    saturation: float = 1.0
