"""Whether a shot's scene moves, so that a change of its speed can be seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from sestina.render.panes import Panes
from sestina.render.parts.stage import Look
from sestina.render.retime import scene_s
from sestina.render.script import Script, Shot

SIZE = (128, 72)
"""Size at which pictures are compared, pixels."""
BESIDE_S = 0.2
"""How far before and after the start of a stretch its scene is looked at, scene seconds."""
STIRS_LEAST = 1.0
"""Mean difference of two pictures, grey levels, from which something has moved."""


def refuse_unseen(script: Script) -> None:
    """Raise ValueError when a stretch at another speed lies where nothing moves, so that nobody could see it."""
    for number, shot in enumerate(script.shots):
        for speed in shot.speeds:
            if speed.end_s > shot.duration_s + 1e-6:
                raise ValueError(f"{speed.kind} of shot {number} lasts to {speed.end_s} s, beyond the shot")
            at = scene_s(shot.speeds, speed.start_s)
            if not stirs(shot, at - BESIDE_S, at + BESIDE_S):
                raise ValueError(f"{speed.kind} of shot {number} at {speed.start_s} s: nothing moves there")


def stirs(shot: Shot, one_s: float, other_s: float) -> bool:
    """Return whether a shot's scene looks different at two of its times, seconds of the scene."""
    plain = replace(shot, look=Look(noise=0.0), speeds=(), effects=(), flashes=())
    panes = Panes(plain, *SIZE, Fraction(30), 0)
    first, second = (panes.picture(time_s, 0) for time_s in (one_s, other_s))
    return bool(np.abs(first.astype(np.int16) - second).mean() >= STIRS_LEAST)
