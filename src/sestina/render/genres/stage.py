"""Places and players: where shots are taken, who stands there, and how each kind of shot is framed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sestina.render.genres.draw import Draw
from sestina.render.genres.setting import Setting
from sestina.render.genres.words import Topic
from sestina.render.parts.stage import Camera, Move, Source, Subject
from sestina.render.portraits import framed
from sestina.render.script import Shot


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place: its painter, the seed of its picture, and what the vocabulary calls it and what it shows."""

    kind: str
    seed: int
    location: str
    shows: str
    near: str = ""


KINDS: dict[str, tuple[str, str]] = {
    "sunrise": ("mountain_forest", "landscape_nature"), "meadow": ("park", "landscape_nature"),
    "hills": ("mountain_forest", "landscape_nature"), "city": ("skyline", "building_exterior"),
    "table": ("home", "food_drink"), "desk": ("office", "object_other"), "room": ("home.living", "building_interior"),
    "bars": ("interior", "object_other"), "stand": ("void_backdrop", "product"), "plain": ("void_backdrop", "abstract"),
}  # fmt: skip
"""Painter -> `subject.location` and what stands out in it."""

OUTSIDE = ("meadow", "hills", "city", "sunrise")
INSIDE = ("room", "bars", "room", "bars", "desk", "table")
PLAYERS: dict[str, tuple[str, ...]] = {
    "person": ("person",), "standing": ("person",), "bust": ("face", "person"), "walker": ("person",),
    "hand": ("body_part",), "car": ("vehicle",), "ball": ("object_other",), "box": ("product",),
    "bottle": ("product",), "mug": ("food_drink",), "plant": ("plant",), "withered": ("plant",), "hero": ("game",),
}  # fmt: skip
"""Figure -> labels of `subject.kind`, the one that stands out first."""

GRASSY = 0.6
"""Share of meadows with grass in front."""


def place(draw: Draw, pool: tuple[str, ...]) -> Place:
    """Return a place of one of the kinds in `pool`."""
    kind = draw.pick(pool)
    location, shows = KINDS[kind]
    near = "grasses" if kind == "meadow" and draw.chance(GRASSY) else ""
    return Place(kind=kind, seed=draw.seed(), location=location, shows=shows, near=near)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who and where.

    Args:
        home: the place the story comes back to.
        away: the other place.
        roads: two places under the sky, where things move.
        detail: where the thing is seen close.
        prop: the figure that is the thing; "" where the detail shows it.
        thing: its seed.
        presenter: the seed of who faces the camera; `scale` how near (a label of `camera.scale`).
        mover, mover_seed: the figure that crosses places.
    """

    home: Place
    away: Place
    roads: tuple[Place, Place]
    detail: Place
    prop: str
    thing: int
    presenter: int
    scale: str
    mover: str
    mover_seed: int


def cast(draw: Draw, topic: Topic, movers: tuple[str, ...]) -> Cast:
    """Return a drawn cast; home and away are different kinds of place, and neither is the detail's."""
    first, second = (INSIDE, OUTSIDE) if draw.chance(0.5) else (OUTSIDE, INSIDE)
    pools = [tuple(kind for kind in pool if kind != topic.scene) for pool in (first, second)]
    home, away = place(draw, pools[0]), place(draw, pools[1])
    outside = home if home.kind in OUTSIDE else away
    further = place(draw, tuple(kind for kind in OUTSIDE if kind != outside.kind))
    return Cast(
        home=home, away=away, roads=(outside, further), detail=place(draw, (topic.scene,)), prop=topic.prop,
        thing=draw.seed(), presenter=draw.seed(), scale=draw.pick(("CU", "MCU", "MCU", "MS", "MLS")),
        mover=draw.pick(movers), mover_seed=draw.seed(),
    )  # fmt: skip


def source(at: Place) -> Source:
    """Return the picture of a place."""
    return Source(kind=at.kind, seed=at.seed, near=at.near, extent=(1.9, 1.5))


def high(given: Setting) -> float:
    """Return the frame's height in frame widths."""
    return given.size[1] / given.size[0]


def presented(given: Setting, who: Cast, at: Place) -> Shot:
    """The presenter faces the camera and talks."""
    kind, size, spot = framed(who.scale, 1 / high(given))
    figure = Subject(kind=kind, size=size, at=spot, seed=who.presenter)
    return Shot(source=replace(source(at), near=""), subjects=(figure,), look=given.look)


def watched(given: Setting, who: Cast, at: Place, share: float = 0.0) -> Shot:
    """Something crosses the place; `share` 0..1 is how far it has come."""
    speed = 0.24 if who.mover == "walker" else 0.32
    spot = (-0.42 + 0.5 * share, 0.2 * high(given))
    figure = Subject(kind=who.mover, at=spot, velocity=(speed, 0.0), size=0.36, seed=who.mover_seed)
    return Shot(source=source(at), subjects=(figure,), look=given.look)


def seen(given: Setting, at: Place) -> Shot:
    """The place alone."""
    return Shot(source=source(at), look=given.look)


def shown(given: Setting, who: Cast, state: int = 0, *, hand: bool = False) -> Shot:
    """The thing close to the camera; `state` 1 is dull and worn, 2 is bright and new, 0 as it is."""
    light, life = {0: (1.0, 1.0), 1: (0.84, 0.5), 2: (1.06, 1.1)}[state]
    look = replace(
        given.look, saturation=round(given.look.saturation * life, 4), gain=round(given.look.gain * light, 4)
    )
    figures = []
    if who.prop:
        kind = "withered" if who.prop == "plant" and state == 1 else who.prop
        figures.append(Subject(kind=kind, at=(0.0, 0.16 * high(given)), size=0.46, seed=who.thing))
    if hand:
        figures.append(Subject(kind="hand", at=(0.24, 0.33 * high(given)), size=0.4, seed=who.presenter, bob=0.03))
    return Shot(source=source(who.detail), subjects=tuple(figures), look=look)


MOVES: tuple[tuple[Move, float], ...] = (
    ("static", 0.0), ("static", 0.0), ("static", 0.0), ("pan_right", 0.1), ("pan_left", 0.1), ("zoom_in", 0.06),
    ("zoom_out", 0.06), ("tilt_up", 0.07), ("tilt_down", 0.07), ("dolly_in", 0.07), ("truck_left", 0.1),
)  # fmt: skip
"""How the camera may move in a shot that nothing continues, and how fast."""

NEAR_MOVES: tuple[tuple[Move, float], ...] = (("static", 0.0), ("static", 0.0), ("zoom_in", 0.06))
"""The same before somebody whose lower edge must not show."""


def moved(draw: Draw, shot: Shot) -> Shot:
    """Return the shot with a camera movement drawn for it."""
    near = any(subject.kind in ("bust", "standing", "hand") for subject in shot.subjects)
    move, speed = draw.pick(NEAR_MOVES if near else MOVES)
    return shot if move == "static" else replace(shot, camera=Camera(move=move, speed=speed))
