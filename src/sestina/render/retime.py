"""The time of a scene against the time of the clip: slower, faster, backwards, held."""

from __future__ import annotations

from fractions import Fraction

from sestina.render.parts.edit import Speed


def scene_s(speeds: tuple[Speed, ...], time_s: float, rate: Fraction | None = None) -> float:
    """Return how far a shot's scene has run, seconds, when the shot has run for `time_s`; the same outside `speeds`.

    Args:
        speeds: in order, as in a `Shot`.
        time_s: seconds since the shot's start; may lie outside the shot.
        rate: frames a second, which the steps of a stutter are counted in; None: as if it ran evenly.
    """
    scene, at = 0.0, 0.0
    for speed in speeds:
        if time_s <= speed.start_s:
            break
        scene += speed.start_s - at
        if time_s < speed.end_s:
            return scene + _held(speed, time_s - speed.start_s, rate)
        scene += _advance(speed, speed.end_s - speed.start_s)
        at = speed.end_s
    return scene + time_s - at


def held_since_s(speeds: tuple[Speed, ...], time_s: float, rate: Fraction) -> float:
    """Return when, in seconds of the shot, the picture shown at `time_s` came up: earlier in freezes and stutters."""
    for speed in speeds:
        into = time_s - speed.start_s
        if 0 <= into < speed.end_s - speed.start_s:
            if speed.kind == "freeze_frame":
                return speed.start_s
            if speed.kind == "stutter":
                return speed.start_s + _step(speed, into, rate)
    return time_s


def _held(speed: Speed, into: float, rate: Fraction | None) -> float:
    if speed.kind == "stutter" and rate is not None:
        return _step(speed, into, rate)
    return _advance(speed, into)


def _step(speed: Speed, into: float, rate: Fraction) -> float:
    length = float(speed.hold / rate)
    return int(into / length + 1e-6) * length


def _advance(speed: Speed, into: float) -> float:
    """Return how far the scene runs in the first `into` seconds of a stretch."""
    if speed.kind == "freeze_frame":
        return 0.0
    if speed.kind == "reverse":
        return -speed.factor * into
    if speed.kind == "stutter":
        return into
    if speed.kind == "speed_ramp":
        return into + (speed.factor - 1) * into * into / (2 * (speed.end_s - speed.start_s))
    return speed.factor * into
