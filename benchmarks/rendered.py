"""Sets of rendered clips with exact truth, to tune and to report on.

`transitions_set`, `camera_set` and `overlay_set` write `NAME.mp4` and `NAME.json` (the gold storyboard) into a folder
and skip what is already there. Tune on `DEV_SEEDS`, report on `TEST_SEEDS`.

    python -m benchmarks.rendered transitions 1 /tmp/sets/transitions-1
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.ingredients import RATES, look, new_seed, pick, source, subject
from benchmarks.overlaid import overlaid
from sestina.core.storyboard import Storyboard
from sestina.render.parts.edit import Direction, Flash, Kind, Transition
from sestina.render.parts.stage import Camera, Look, Move, Subject
from sestina.render.render import render
from sestina.render.script import Script, Shot, jumped, punched

DEV_SEEDS = tuple(range(1, 10))
"""Seeds to look at and to tune on."""

TEST_SEEDS = (101, 102, 103)
"""Seeds to report on."""

GRADUAL = (
    "cross_dissolve", "cross_dissolve", "cross_dissolve", "dip_to_black", "dip_to_white", "linear_wipe",
    "linear_wipe", "push", "slide", "cover", "fade", "fade", "iris", "clock",
)  # fmt: skip
"""Gradual transitions of a set, by turns; `fade` stands for a fade-in at the start or a fade-out at the end."""

MOVES: tuple[Move, ...] = (
    "static", "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "dolly_in", "dolly_out",
    "truck_left", "truck_right", "roll_cw", "roll_ccw", "static", "pedestal_up", "pedestal_down",
)  # fmt: skip
DIRECTIONS: tuple[Direction, ...] = ("left", "right", "up", "down")


@dataclass(frozen=True)
class Clip:
    """One clip of a set: its video and its gold."""

    name: str
    video: Path
    gold: Path

    def board(self) -> Storyboard:
        """Return the gold storyboard."""
        return Storyboard.from_json(self.gold)


def transitions_set(seed: int, folder: Path, n: int = 72) -> list[Clip]:
    """Write clips with about `n` gradual transitions and hard cuts between, and a quarter as many clips of flashes,
    whips and shaking hands without any cut; return them."""
    rng = np.random.default_rng([seed, 1])
    scripts = [(f"gradual-{k:02d}", script) for k, script in enumerate(_gradual(rng, n))]
    scripts += [(f"uncut-{k:02d}", _uncut(rng, k)) for k in range(max(4, n // 6))]
    return _written(scripts, folder)


def camera_set(seed: int, folder: Path, n: int = 80) -> list[Clip]:
    """Write `n` single-shot clips with known camera movement and return them."""
    rng = np.random.default_rng([seed, 2])
    return _written([(f"camera-{k:02d}-{MOVES[k % len(MOVES)]}", _moving(rng, k)) for k in range(n)], folder)


def overlay_set(seed: int, folder: Path, n: int = 40) -> list[Clip]:
    """Write `n` clips with overlays of various kinds over moving pictures and return them."""
    rng = np.random.default_rng([seed, 3])
    return _written([(f"overlay-{k:02d}", overlaid(rng, k)) for k in range(n)], folder)


def _written(scripts: list[tuple[str, Script]], folder: Path) -> list[Clip]:
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for name, script in scripts:
        clip = Clip(name, folder / f"{name}.mp4", folder / f"{name}.json")
        if not (clip.video.exists() and clip.gold.exists()):
            render(script, clip.video, clip.gold)
        clips.append(clip)
    return clips


def _calm(rng: np.random.Generator) -> Camera:
    """A camera for shots between transitions: half of them move."""
    draw = rng.random()
    shake = 0.004 * float(rng.random()) if rng.random() < 0.3 else 0.0
    if draw < 0.5:
        return Camera(shake=shake, zoom=1.1)
    move = cast(Move, pick(rng, ("pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out")))
    fast = 0.10 if move.startswith("zoom") else 0.16
    return Camera(move=move, speed=float(rng.uniform(0.02, fast)), zoom=1.1, shake=shake)


def _shot(rng: np.random.Generator, begin: Transition, length_s: float) -> Shot:
    figures = (subject(rng),) if rng.random() < 0.45 else ()
    return Shot(
        source=source(rng), duration_s=length_s, camera=_calm(rng), subjects=figures, look=look(rng), begin=begin
    )


def _transition(rng: np.random.Generator, kind: Kind, rate: Fraction) -> Transition:
    frames = round(float(rng.uniform(0.3, 1.3)) * rate)
    hold = 0
    if kind in ("dip_to_black", "dip_to_white"):
        hold = int(rng.integers(0, frames // 4 + 1))
    soft = float(rng.choice((0.0, 0.0, 0.04, 0.12))) if kind in ("linear_wipe", "iris") else 0.0
    direction = DIRECTIONS[int(rng.integers(4))]
    return Transition(kind=kind, frames=frames, direction=direction, soft=soft, hold=hold)


def _gradual(rng: np.random.Generator, n: int) -> Iterator[Script]:
    """Yield scripts with three gradual transitions each, until `n`; one hard cut, jump cut or punch in each too."""
    made = 0
    while made < n:
        kinds = [GRADUAL[(made + k) % len(GRADUAL)] for k in range(min(3, n - made))]
        made += len(kinds)
        yield _chain(rng, kinds)


def _chain(rng: np.random.Generator, kinds: list[str]) -> Script:
    rate = RATES[int(rng.integers(len(RATES)))]
    portrait = rng.random() < 0.25
    shots = [_shot(rng, Transition(), float(rng.uniform(1.6, 2.4)))]
    close = None
    for kind in kinds:
        if kind == "fade":
            how = _transition(rng, "fade_out", rate)
            if rng.random() < 0.5 and shots[0].begin.kind == "hard_cut":
                shots[0] = _shot(rng, Transition(kind="fade_in", frames=how.frames), 2.4)
            elif close is None:
                close = how
            continue
        shots.append(_shot(rng, _transition(rng, cast(Kind, kind), rate), float(rng.uniform(1.6, 2.4))))
    shots.append(_joined(rng, shots[-1]))
    width, height = (360, 640) if portrait else (640, 360)
    return Script(
        shots=tuple(shots), width=width, height=height, rate=rate, close=close, sound=None, seed=new_seed(rng),
        crf=int(rng.integers(18, 29)),
    )  # fmt: skip


def _joined(rng: np.random.Generator, last: Shot) -> Shot:
    """Return one more shot, joined by a cut of one kind or another."""
    draw, length_s = rng.random(), float(rng.uniform(1.6, 2.2))
    if draw < 0.25:
        return punched(last, float(rng.uniform(1.15, 1.5)), length_s)
    if draw < 0.4 and last.subjects:
        return jumped(last, length_s, (float(rng.choice((-0.2, 0.2))), 0.0))
    return _shot(rng, Transition(), length_s)


def _uncut(rng: np.random.Generator, k: int) -> Script:
    """A clip of one shot that tempts a detector: flashes, whip pans, handheld shake, a fast subject."""
    length_s = float(rng.uniform(4, 7))
    kind = ("flash", "whip", "shake", "crossing")[k % 4]
    camera, flashes = Camera(zoom=1.2, shake=0.002), tuple[Flash, ...]()
    figures: tuple[Subject, ...] = (subject(rng),)
    if kind == "flash":
        flashes = tuple(Flash(at_s=t, frames=int(rng.integers(2, 6))) for t in (1.0, float(rng.uniform(2, 3.4))))
    elif kind == "whip":
        move = cast(Move, pick(rng, ("whip_pan_left", "whip_pan_right", "whip_pan_up", "whip_pan_down")))
        start = float(rng.uniform(1.5, 2.5))
        window = (start, start + float(rng.uniform(0.3, 0.55)))
        camera = Camera(move=move, speed=float(rng.uniform(1.5, 3.2)), window=window, ease="smooth", shake=0.001)
    elif kind == "shake":
        camera = Camera(zoom=1.2, shake=float(rng.uniform(0.008, 0.022)))
    else:
        way = float(rng.choice((-1, 1)))
        near = Subject(at=(-way * 2.2, 0.0), velocity=(way * 0.9, 0.0), size=0.95, seed=new_seed(rng))
        figures = (near,)
    shot = Shot(
        source=source(rng, photo=0.5), duration_s=length_s, camera=camera, subjects=figures, flashes=flashes,
        look=Look(noise=float(rng.uniform(1, 4)), shutter=0.5),
    )  # fmt: skip
    return Script(shots=(shot,), rate=RATES[k % len(RATES)], sound=None, seed=new_seed(rng))


def _moving(rng: np.random.Generator, k: int) -> Script:
    move = MOVES[k % len(MOVES)]
    length_s = float(rng.uniform(3, 5))
    camera = _path(rng, move, length_s)
    near = move.startswith(("truck", "pedestal", "dolly")) or rng.random() < 0.1
    figures = (subject(rng),) if rng.random() < (0.8 if move == "static" else 0.35) else ()
    place = source(rng, photo=0.45, near=near)
    shot = Shot(source=place, duration_s=length_s, camera=camera, subjects=figures, look=look(rng))
    width, height = (360, 640) if rng.random() < 0.25 else (640, 360)
    rate = RATES[int(rng.integers(len(RATES)))]
    return Script(
        shots=(shot,), width=width, height=height, rate=rate, sound=None, seed=new_seed(rng),
        crf=int(rng.integers(18, 29)),
    )  # fmt: skip


def _path(rng: np.random.Generator, move: Move, length_s: float) -> Camera:
    """A camera path of one kind: whole-shot or in a window, slow or fast, on a tripod or in a hand."""
    if move == "static":
        return Camera(zoom=1.1, shake=float(rng.choice((0.0, 0.0, 0.0015, 0.003))))
    kind = move.partition("_")[0]
    low, high = {"zoom": (0.05, 0.30), "dolly": (0.04, 0.11), "roll": (5, 25)}.get(kind, (0.04, 0.45))
    speed = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    window = None if rng.random() < 0.7 else (float(rng.uniform(0, 0.6)), length_s - float(rng.uniform(0, 0.6)))
    shake = float(rng.choice((0.0, 0.0, 0.001, 0.002)))
    return Camera(move=move, speed=speed, window=window, ease="smooth", zoom=1.1, shake=shake)


SETS: dict[str, Callable[[int, Path], list[Clip]]] = {
    "transitions": transitions_set, "camera": camera_set, "overlay": overlay_set,
}  # fmt: skip
"""Sets by name."""


def main(arguments: list[str]) -> int:
    """Write one set: NAME SEED FOLDER."""
    name, seed, folder = arguments
    clips = SETS[name](int(seed), Path(folder))
    print(f"{len(clips)} clips in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
