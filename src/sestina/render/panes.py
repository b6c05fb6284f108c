"""A shot as the frame shows it: its scenes at their times, side by side where its layout says so, and its effects."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np

from sestina.render.breaks import flashed, jerked
from sestina.render.mixing import U8, smooth, warped
from sestina.render.parts.edit import Effect
from sestina.render.parts.layout import Layout
from sestina.render.retime import held_since_s, scene_s
from sestina.render.script import Shot
from sestina.render.world import World

Rect = tuple[int, int, int, int]
"""Left, top, width, height, pixels."""


class Panes:
    """One shot, ready to be pictured.

    Args:
        shot: what to show.
        width, height: of the picture, pixels.
        rate: frames a second.
        seed: of the sensor noise.
    """

    def __init__(self, shot: Shot, width: int, height: int, rate: Fraction, seed: int) -> None:
        self.shot = shot
        self.size = (width, height)
        self.rate = rate
        self.rects = rectangles(shot.layout, width, height)
        scenes = [shot, *(_scene(shot, number) for number in range(len(shot.layout.panes)))]
        self.worlds = [
            World(scene, rect[2], rect[3], float(rate), seed + 500_009 * number)
            for number, (scene, rect) in enumerate(zip(scenes, self.rects, strict=True))
        ]

    def picture(self, time_s: float, join: int) -> U8:
        """Return what the shot shows `time_s` seconds after it began at frame `join`, uint8 RGB [H,W,3]."""
        speeds = self.shot.speeds
        scene = scene_s(speeds, time_s, self.rate) if speeds else time_s
        shown = held_since_s(speeds, time_s, self.rate) if speeds else time_s
        frame = max(0, join + round(shown * self.rate))
        pictures = [world.picture(scene, frame) for world in self.worlds]
        return self._edited(self._together(pictures), round(time_s * self.rate))

    def _together(self, pictures: list[U8]) -> U8:
        if len(pictures) == 1:
            return pictures[0]
        width, height = self.size
        out = np.empty((height, width, 3), np.uint8)
        for picture, (x, y, w, h) in zip(pictures, self.rects, strict=True):
            if self.shot.layout.kind == "picture_in_picture" and (w, h) != self.size:
                rim = max(1, round(self.shot.layout.rim * height))
                out[max(0, y - rim) : y + h + rim, max(0, x - rim) : x + w + rim] = 240
            out[y : y + h, x : x + w] = picture
        half = round(self.shot.layout.divider * height / 2)
        for x, y, _, _ in self.rects if half else ():
            if x and self.shot.layout.kind != "picture_in_picture":
                out[:, x - half : x + half] = 240
            if y and self.shot.layout.kind != "picture_in_picture":
                out[y - half : y + half] = 240
        return out

    def _edited(self, picture: U8, index: int) -> U8:
        """Return `picture`, frame `index` of the shot, with effects and flashes."""
        for effect in self.shot.effects:
            first, after = bounds(effect, self.rate)
            if first <= index < after:
                picture = _effected(picture, effect, index - first, self._left(effect, index, after))
        for flash in self.shot.flashes:
            since = index - round(flash.at_s * self.rate)
            if 0 <= since < flash.frames:
                picture = flashed(picture, since, flash.frames)
        return picture

    def _left(self, effect: Effect, index: int, after: int) -> int:
        """Return how many frames of an effect are left; many when it lasts to the end of the shot."""
        lasts = effect.end_s >= self.shot.duration_s - float(1 / self.rate)
        return 1_000_000 if lasts else after - index


def bounds(effect: Effect, rate: Fraction) -> tuple[int, int]:
    """Return the first frame of an effect and the first after it, counted from the shot's first."""
    return round(effect.start_s * rate), round(effect.end_s * rate)


def rectangles(layout: Layout, width: int, height: int) -> tuple[Rect, ...]:
    """Return where the shot's own picture and the panes lie."""
    half_w, half_h = width // 2, height // 2
    if layout.kind == "split_2_h":
        return (0, 0, half_w, height), (half_w, 0, width - half_w, height)
    if layout.kind == "split_2_v":
        return (0, 0, width, half_h), (0, half_h, width, height - half_h)
    if layout.kind == "split_n_grid":
        columns, rows = ((0, half_w), (half_w, width - half_w)), ((0, half_h), (half_h, height - half_h))
        return tuple((x, y, w, h) for y, h in rows for x, w in columns)
    whole = (0, 0, width, height)
    if layout.kind == "picture_in_picture":
        left, top, wide, tall = layout.inset
        return whole, (round(left * width), round(top * height), round(wide * width), round(tall * height))
    return (whole,)


def _scene(shot: Shot, number: int) -> Shot:
    pane = shot.layout.panes[number]
    return replace(shot, source=pane.source, camera=pane.camera, subjects=pane.subjects)


def _effected(picture: U8, effect: Effect, since: int, left: int) -> U8:
    if effect.kind == "mirror":
        half = (picture.shape[1] + 1) // 2
        return np.concatenate([picture[:, :half], cv2.flip(picture, 1)[:, half:]], axis=1)
    if effect.kind == "shake":
        return jerked(picture, since, effect.amount, effect.seed)
    share = min(1.0, (since + 1) / effect.frames, left / effect.frames)
    return warped(picture, 1 + (effect.amount - 1) * smooth(share), 0.0, (0.0, 0.0))
