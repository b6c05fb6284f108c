"""The script of a rendered clip: shots, transitions, overlays and sound, as frozen data.

Lengths in the picture are fractions of the frame's width unless said otherwise; times are seconds from the start of
the clip for overlays and sound, and from the start of the shot for what happens inside a shot.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

Move = Literal[
    "static", "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "dolly_in", "dolly_out",
    "truck_left", "truck_right", "pedestal_up", "pedestal_down", "roll_cw", "roll_ccw",
    "whip_pan_left", "whip_pan_right", "whip_pan_up", "whip_pan_down",
]  # fmt: skip
Kind = Literal[
    "hard_cut", "jump_cut", "punch_in", "punch_out", "cross_dissolve", "fade_in", "fade_out", "dip_to_black",
    "dip_to_white", "linear_wipe", "iris", "clock", "push", "slide", "cover", "flash", "whip_pan_blur",
    "zoom_through", "spin",
]  # fmt: skip
Direction = Literal["left", "right", "up", "down"]
OverlayKind = Literal[
    "subtitle_full", "subtitle_phrase", "subtitle_word_karaoke", "headline_super", "title_card", "lower_third",
    "list_counter", "step_label", "price_tag", "discount", "cta_text", "cta_button", "handle", "hashtag", "url",
    "progress_bar", "countdown_timer", "logo_bug", "end_card",
]  # fmt: skip
Style = Literal["plain", "outline", "shadow", "box"]
Entry = Literal["none", "fade", "pop", "slide"]
CUTS: tuple[Kind, ...] = ("hard_cut", "jump_cut", "punch_in", "punch_out")
"""Transitions without mixed frames."""


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


@dataclass(frozen=True, kw_only=True)
class Transition:
    """How a shot begins.

    Args:
        kind: label of `edit.transition`.
        frames: mixed frames; 0 exactly for cuts.
        direction: where a wipe's edge or a push's pictures travel.
        soft: width of a wipe's edge, frame widths.
        hold: frames of the plain colour in the middle of a dip, counted in `frames`.
    """

    kind: Kind = "hard_cut"
    frames: int = 0
    direction: Direction = "left"
    soft: float = 0.0
    hold: int = 0

    def __post_init__(self) -> None:
        if (self.frames > 0) == (self.kind in CUTS):
            raise ValueError(f"{self.kind} with {self.frames} mixed frames: cuts have none, all others have some")
        if not 0 <= self.hold <= max(0, self.frames - 2):
            raise ValueError(f"a hold of {self.hold} frames does not fit into {self.frames}")


@dataclass(frozen=True, kw_only=True)
class Flash:
    """Overexposed frames inside a shot, which are no boundary: `at_s` in the shot, `frames` long."""

    at_s: float
    frames: int = 3


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One run of the camera.

    `offset_s` is where its camera path and its subjects' motion begin, so that a shot can go on where another one
    stopped. `begin` is the transition into it; for the first shot only `hard_cut` (meaning nothing) or `fade_in`.
    """

    source: Source = Source()
    duration_s: float = 3.0
    camera: Camera = Camera()
    subjects: tuple[Subject, ...] = ()
    look: Look = Look()
    begin: Transition = Transition()
    flashes: tuple[Flash, ...] = ()
    offset_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Something laid over the picture, fixed to the screen.

    Args:
        kind: label of `diss.overlay.kind`.
        text: what it says, `\\n` between lines; a countdown's first number; empty for progress bars.
        start_s, end_s: when it shows.
        at: its middle, fractions of width and height.
        size: height of its capital letters (of a bar or a mark: of the whole), fraction of the frame's height.
        style: `plain`, `outline`, `shadow` or `box`.
        entry: how it comes: `none`, `fade`, `pop` or `slide`, over `entry_s`.
        colour, back: text and background colours, RGB.
        accent: colour of marks, stripes and the word that is being said.
        serif: a serif face instead of the sans.
        word_starts_s: karaoke: when each word lights up; evenly spaced when empty.
    """

    kind: OverlayKind
    text: str = ""
    start_s: float
    end_s: float
    at: tuple[float, float] = (0.5, 0.5)
    size: float = 0.03
    style: Style = "shadow"
    entry: Entry = "none"
    entry_s: float = 0.2
    colour: tuple[int, int, int] = (255, 255, 255)
    back: tuple[int, int, int] = (20, 22, 30)
    accent: tuple[int, int, int] = (255, 209, 74)
    serif: bool = False
    word_starts_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise ValueError(f"overlay {self.text!r} ends at {self.end_s} s, before it starts at {self.start_s} s")


@dataclass(frozen=True, kw_only=True)
class Music:
    """A bed of kick, hat and chords: `tempo_bpm`, first beat at `first_beat_s`, from `start_s` to `end_s`."""

    tempo_bpm: float = 120.0
    first_beat_s: float = 0.0
    start_s: float = 0.0
    end_s: float | None = None
    gain: float = 0.35
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Spoken words: espeak-ng's voice where it is installed and `natural`, else a voice-like noise."""

    text: str
    start_s: float
    gain: float = 0.5
    pitch: int = 50
    words_per_min: int = 165
    natural: bool = True
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A short accent at `at_s`: `boom`, `click`, `whoosh` or `ding`."""

    at_s: float
    kind: Literal["boom", "click", "whoosh", "ding"] = "boom"
    gain: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Everything heard; the music ducks by `duck_db` while somebody speaks."""

    music: Music | None = None
    speech: tuple[Speech, ...] = ()
    hits: tuple[Hit, ...] = ()
    duck_db: float = 9.0
    room_noise: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole clip.

    Args:
        width, height: pixels, even.
        rate: frames a second, exact.
        shots: in order; each begins with its transition.
        close: a `fade_out` at the end, or None.
        drops: frame numbers left out, which makes the frame rate vary.
        sound: None for a silent file.
    """

    shots: tuple[Shot, ...]
    width: int = 640
    height: int = 360
    rate: Fraction = Fraction(30)
    overlays: tuple[Overlay, ...] = ()
    close: Transition | None = None
    sound: Sound | None = field(default_factory=Sound)
    seed: int = 0
    drops: tuple[int, ...] = ()
    crf: int = 20

    def __post_init__(self) -> None:
        if not self.shots:
            raise ValueError("a script needs at least one shot")
        if self.width % 2 or self.height % 2:
            raise ValueError(f"width and height must be even, got {self.width}x{self.height}")
        first = self.shots[0].begin.kind
        if first not in ("hard_cut", "fade_in"):
            raise ValueError(f"the first shot cannot begin with {first}")
        if self.close is not None and self.close.kind != "fade_out":
            raise ValueError(f"a clip can close with fade_out, not with {self.close.kind}")


def punched(shot: Shot, scale: float, duration_s: float) -> Shot:
    """Return the shot that goes on where `shot` stops, enlarged by `scale` (below 1: a punch-out)."""
    zoom = shot.camera.zoom * scale
    kind: Kind = "punch_in" if scale > 1 else "punch_out"
    return replace(
        shot,
        duration_s=duration_s,
        offset_s=shot.offset_s + shot.duration_s,
        camera=replace(shot.camera, zoom=zoom),
        begin=Transition(kind=kind),
        flashes=(),
    )


def jumped(shot: Shot, duration_s: float, shift: tuple[float, float]) -> Shot:
    """Return the shot that goes on in the same picture with its subjects displaced by `shift` frame widths."""
    moved = tuple(replace(s, at=(s.at[0] + shift[0], s.at[1] + shift[1])) for s in shot.subjects)
    return replace(
        shot,
        duration_s=duration_s,
        offset_s=shot.offset_s + shot.duration_s,
        subjects=moved,
        begin=Transition(kind="jump_cut"),
        flashes=(),
    )
