"""Suspense: how tense each shot is meant to be, and the devices in picture and sound that make it so.

A shot is as tense as it holds devices: words of danger, a running countdown, ticking, a trembling camera, closeness,
darkness. None makes it low, or a release where a tense shot came before; one medium, two high, three or more the peak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sestina.render.genres.cutting import Taken
from sestina.render.genres.draw import Draw
from sestina.render.script import Shot

Device = Literal["closeness", "trembling camera", "darkness", "words of danger", "countdown", "ticking"]
GROUPED: tuple[Device, ...] = ("trembling camera", "darkness")
"""Devices that a shot hands on to those that go on in the same picture."""

SINGLE: tuple[Device, ...] = ("words of danger", "ticking", "countdown")
CLOSENESS: tuple[Device, ...] = ("closeness",)
NEAR_ZOOM = 1.3
LEVELS = ("low", "medium", "high", "peak")
SHAKE, DARK = 0.006, 0.62
COUNTED_S = 1.2
"""Least length of a shot that a countdown runs in."""


@dataclass(frozen=True, kw_only=True)
class Strain:
    """How tense a shot is, and what makes it so."""

    label: str
    devices: tuple[Device, ...]

    @property
    def value(self) -> float:
        """Tension 0..1."""
        return min(3, len(self.devices)) / 3


def strained(draw: Draw, taken: Sequence[Taken]) -> tuple[list[Taken], list[Strain]]:
    """Return the shots with their devices in the picture, and the strain of each."""
    course = _course(draw, len(taken))
    found: list[Taken] = []
    strains: list[Strain] = []
    counted = False
    for one, wanted in zip(taken, course, strict=True):
        model = _model(one, len(found))
        held = [d for d in strains[model].devices if d in GROUPED] if model is not None else []
        devices: list[Device] = [*held, *CLOSENESS[: one.shot.camera.zoom > NEAR_ZOOM]]
        countable = not counted and one.end_s - one.start_s >= COUNTED_S and draw.chance(0.5)
        pool: list[Device] = [d for d in SINGLE if d != "countdown" or countable]
        if model is None:
            pool += [d for d in GROUPED if d != "trembling camera" or one.shot.camera.move == "static"]
        devices += draw.some(pool, 0 if one.card else max(0, wanted - len(devices)))
        counted = counted or "countdown" in devices
        shot = _seen(one.shot, devices) if model is None else _as(one.shot, found[model].shot)
        found.append(replace(one, shot=shot))
        strains.append(Strain(label=_label(devices, strains), devices=tuple(devices)))
    return found, strains


def _model(one: Taken, number: int) -> int | None:
    """Return the number of the earlier shot whose picture this one goes on in, None for a view of its own."""
    places = {"punch_in": number - 1, "punch_out": number - 1, "jump": number - 1, "back": number - 2, "loop": 0}
    return places.get(one.way)


def _course(draw: Draw, count: int) -> list[int]:
    """Return the number of devices wanted in each shot: one hill, anywhere, on a floor."""
    peak, top, width = draw.between(-0.2, 1.2) * count, draw.pick((0, 1, 2, 3, 3)), draw.between(0.8, 2.2)
    return [max(0, round(top - abs(k - peak) / width * draw.between(0.6, 1.4))) for k in range(count)]


def _label(devices: Sequence[Device], before: Sequence[Strain]) -> str:
    if not devices and before and before[-1].label in ("medium", "high", "peak"):
        return "release"
    return LEVELS[min(3, len(devices))]


def _seen(shot: Shot, devices: Sequence[Device]) -> Shot:
    """Return a shot with those of its devices that lie in the picture."""
    if "trembling camera" in devices:
        shot = replace(shot, camera=replace(shot.camera, shake=SHAKE))
    if "darkness" in devices:
        shot = replace(shot, look=replace(shot.look, gain=round(shot.look.gain * DARK, 4)))
    return shot


def _as(shot: Shot, before: Shot) -> Shot:
    """Return a shot that goes on in the picture of the one before, with its tremble and its light."""
    return replace(shot, look=before.look, camera=replace(shot.camera, shake=before.camera.shake))
