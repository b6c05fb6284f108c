"""What the camera of a shot truly did, frame by frame: poses, speeds, and the moves that they are."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sestina.render.camera import Pose, pose, projected, subject_place, tremble
from sestina.render.parts.stage import Leg, Subject
from sestina.render.planes import Plane, homography
from sestina.render.retime import scene_s
from sestina.render.script import Shot
from sestina.render.timeline import Timeline

F64 = npt.NDArray[np.float64]

SPEED_STEP_S = 1e-3
"""Step of the differences that speeds are taken by."""
REVERSED = {
    "left": "right", "right": "left", "up": "down", "down": "up", "in": "out", "out": "in", "cw": "ccw", "ccw": "cw",
}  # fmt: skip
TREMBLE_FROM_HZ = 2.0
"""`highpass_hz` of `camera.steadiness`: slower motion is the path, faster motion its tremble."""


@dataclass(frozen=True)
class Run:
    """Frames `first` up to, not including, `after` of the clip, in which the same legs move, forwards or not."""

    legs: tuple[Leg, ...]
    course: int
    first: int
    after: int


class Path:
    """The camera's path in one shot, at its frames.

    Args:
        timeline: of the clip.
        number: of the shot.
    """

    def __init__(self, timeline: Timeline, number: int) -> None:
        self.shot: Shot = timeline.script.shots[number]
        self.timeline = timeline
        self.number = number
        script = timeline.script
        self.aspect = script.width / script.height
        self.first, self.after = timeline.joins[number], timeline.joins[number + 1]
        rate = script.rate
        count = self.after - self.first
        self.scene_s = np.array([scene_s(self.shot.speeds, float(k / rate), rate) for k in range(count + 1)])
        self.step_s = float(1 / rate)

    @cached_property
    def poses(self) -> tuple[Pose, ...]:
        """The camera at every frame."""
        return tuple(pose(self.shot, float(time_s)) for time_s in self.scene_s[:-1])

    @cached_property
    def steady_shot(self) -> Shot:
        """The same shot with a camera that does not tremble."""
        return replace(self.shot, camera=replace(self.shot.camera, shake=0.0))

    @property
    def runs(self) -> tuple[Run, ...]:
        """What the camera does from frame to frame, in order; they tile the shot."""
        found: list[Run] = []
        for k in range(self.after - self.first):
            now, then = float(self.scene_s[k]), float(self.scene_s[k + 1])
            middle = (now + then) / 2 + self.shot.offset_s
            course = int(np.sign(round(then - now, 9)))
            legs = tuple(leg for leg in self.shot.camera.legs if course and _moves(leg, middle))
            course = course if legs else 0
            if found and (found[-1].legs, found[-1].course) == (legs, course):
                found[-1] = replace(found[-1], after=self.first + k + 1)
            else:
                found.append(Run(legs, course, self.first + k, self.first + k + 1))
        return tuple(found)

    def speeds(self, depth: float) -> F64:
        """Return how fast a picture at `depth` passes at every frame, frame widths/s [N]: RMS over the frame."""
        rate = np.diff(self.scene_s) / self.step_s
        return np.array([self._speed(float(t), depth) for t in self.scene_s[:-1]]) * np.abs(rate)

    def _speed(self, time_s: float, depth: float) -> float:
        half = SPEED_STEP_S / 2
        a, b = (pose(self.steady_shot, time_s + d) for d in (-half, half))
        if a == b:
            return 0.0
        return float(np.sqrt((moved(a, b, depth, self.aspect) ** 2).sum(axis=1).mean())) / SPEED_STEP_S

    @cached_property
    def wander(self) -> F64:
        """Speed of the hand's slow sway at every frame, frame widths/s [N]."""
        times = np.append(self.scene_s, 2 * self.scene_s[-1] - self.scene_s[-2]) + self.shot.offset_s
        camera = self.shot.camera
        all_waves = tremble(camera.shake, self.shot.source.seed, times)
        slow = all_waves - tremble(camera.shake, self.shot.source.seed, times, TREMBLE_FROM_HZ)
        step = np.diff(slow[:-1, :2], axis=0) / self.step_s * camera.zoom
        return np.hypot(step[:, 0], step[:, 1])

    @cached_property
    def jitter_pct(self) -> float:
        """RMS of the hand's fast tremble over the shot, per cent of the frame's diagonal."""
        camera = self.shot.camera
        fast = tremble(camera.shake, self.shot.source.seed, self.scene_s + self.shot.offset_s, TREMBLE_FROM_HZ)
        rms = math.sqrt(float((fast[:, :2] ** 2).sum(axis=1).mean()))
        return 100 * rms * camera.zoom / math.hypot(1, 1 / self.aspect)

    def figure(self, subject: Subject, frame: int) -> tuple[float, float, float, float]:
        """Return the middle and half height of a figure on the screen, and its own speed against the far picture.

        All in frame widths, the speed a second; `frame` counts from the shot's first.
        """
        at, time_s = self.poses[frame], float(self.scene_s[frame]) + self.shot.offset_s
        far, lens = self.shot.source.far_depth, self.shot.camera.lens
        here, soon = (subject_place(subject, t, far, lens) for t in (time_s, time_s + SPEED_STEP_S))
        top = here - (0, subject.size / self.aspect * (subject.depth or far) / lens / 2, 0)
        seen = projected(at, np.stack([here, soon, top]))
        rate = float(self.scene_s[frame + 1] - self.scene_s[frame]) / self.step_s
        speed = float(np.hypot(*(seen[1] - seen[0]))) / SPEED_STEP_S * abs(rate)
        return float(seen[0, 0]), float(seen[0, 1]), float(np.hypot(*(seen[2] - seen[0]))), speed


def _moves(leg: Leg, time_s: float) -> bool:
    return leg.window is None or leg.window[0] <= time_s < leg.window[1]


def moved(one: Pose, other: Pose, depth: float, aspect: float) -> F64:
    """Return how far points of the frame [48,2] move when a picture at `depth` is seen from `other`, frame widths."""
    size = (1001, round(1000 / aspect) + 1)
    step = depth / (one.focal * size[0])
    plane = Plane.facing(np.array([0.0, 0.0, depth]), step, size)
    change = homography(other, plane, size) @ np.linalg.inv(homography(one, plane, size))
    x, y = np.meshgrid(np.linspace(0, size[0] - 1, 8), np.linspace(0, size[1] - 1, 6))
    points = np.stack([x.ravel(), y.ravel(), np.ones(48)], axis=1)
    there = points @ change.T
    return np.asarray((there[:, :2] / there[:, 2:] - points[:, :2]) / size[0])


def label_of(run: Run) -> str:
    """Return the label of `camera.movement` of a run in which something moves."""
    if len(run.legs) > 1:
        return "compound"
    move = run.legs[0].move
    if move.startswith("ken_burns"):
        return "ken_burns_zoom" if move.endswith(("in", "out")) else "ken_burns_pan"
    if run.course > 0 or move.endswith("tracking"):
        return move
    if move == "crash_zoom":
        return "zoom_out"
    kind, _, side = move.rpartition("_")
    return f"{kind}_{REVERSED[side]}"
