"""Camera movement: what the camera does within each shot."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.evidence import Evidence, Op
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.camera._segments import REST_SPEED, SCALE_REACH, Path, Run, path_of, runs_of, settled

FACET = "camera.movement"

LEAST_MOVE_FW = 0.025
"""A move shifts the picture's edge by at least this share of its width; a tripod drifts less in ten seconds."""
MOVE_OVER_JITTER = 12.0
"""A hand wanders slowly as far as several times its tremble: a move goes this many times the tremble's RMS."""
SHORTEST_S = 0.15
"""Shots with less measured time than this are too short to tell a movement."""
LEAST_KNOWN = 0.3
"""Share of a shot's moments whose motion must be known."""
LEAST_TEXTURE = 0.03
"""Mean of `motion.texture` below which a shot is too dark or too plain."""
LOCKED_PCT, SHAKY_PCT = 0.015, 0.08
"""Upper quartile of `motion.jitter` up to which a static shot is locked, and from which it is shaky."""
FLAT_MAX, FLAT_INLIERS = 0.035, 0.75
"""Most parallax and fewest inliers (medians) of a shift without parallax (pan, tilt): else something else moves too."""
FLAT_SCALE_MAX, FLAT_SCALE_INLIERS = 0.03, 0.9
"""The same for a scale (zoom): a dolly's flow is small in the middle, so that parallax hides more easily."""
DEEP_MIN, DEEP_MAX = 0.18, 0.5
"""Median `motion.parallax` of a move through depth (truck, pedestal, dolly); more is no depth but a subject."""
DEEP_INLIERS = 0.75
"""Depth divides the picture: with more of it on one motion, what differs is a subject."""
DEEP_STEADINESS = 0.82
"""Least ratio of the lower quartile of `motion.parallax` to its median: depth goes with the camera all the time."""
DEEP_TEXTURE = 0.3
"""Least median of `motion.texture` for speaking of depth."""

WHIP_PEAK_FW_S = 0.6
"""Peak speed that a whip's evidence asks for; zooms count with their mean over the picture, below that of its edge."""
COMPONENTS = ("motion.dx", "motion.dy", "motion.log_scale_rate", "motion.rotation")
PER_FW = (1.0, 1.0, 1 / SCALE_REACH, math.degrees(1 / SCALE_REACH))
"""The components in their own units for one frame width/s at the picture's edge."""
SHARE_OF_MEAN = 0.5
"""Evidence asks for this share of the mean speed that made the decision."""

SURE_SPEED_FW_S, SURE_INLIERS = 0.05, 0.4
"""A slower move with fewer inliers than this may be a subject that fills the picture."""

CHILDREN = {
    "lateral_right": ("pan_right", "truck_right"), "lateral_left": ("pan_left", "truck_left"),
    "vertical_up": ("tilt_up", "pedestal_up"), "vertical_down": ("tilt_down", "pedestal_down"),
    "inward": ("zoom_in", "dolly_in"), "outward": ("zoom_out", "dolly_out"),
}  # fmt: skip
"""Child of each way without and with parallax."""


@parsers.register(
    "camera.movement",
    facets=(FACET,),
    signals=("motion",),
    after=("edit.shot",),
    card=Card(
        summary="Runs of one motion along the smooth camera path of each shot; children only where parallax is clear.",
        source="own; the taxonomy is that of CameraBench (Lin et al., 2025), the path model Viterbi (1967)",
    ),
)
class Movement:
    """Parser `camera.movement`: events that tile every shot."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the movements of every shot, or why a shot has none."""
        for shot in reading.shots:
            yield from movements(reading, shot.span)


def movements(reading: Reading, shot: Span) -> Iterator[Unit]:
    """Yield the movements of one shot in order, or one abstention."""
    path = path_of(reading, shot)
    reason = unmeasurable(reading, path)
    if reason:
        yield reading.abstain(FACET, span=shot, reason=reason)
        return
    fast, longest = reading.threshold(FACET, "whip_speed_min_fw_s"), reading.threshold(FACET, "whip_duration_max_s")
    least = least_move(reading, shot)
    video = reading.media.video
    still = reading.threshold(FACET, "static_speed_max_fw_per_frame") * float(video.frame_rate if video else 30)
    for run in settled(runs_of(path, fast, longest), least, still):
        yield movement(reading, run, least)


def unmeasurable(reading: Reading, path: Path) -> str | None:
    """Return why the shot's movement cannot be told, or None."""
    if len(path.times_s) == 0 or path.span.end_s - float(path.times_s[0]) < SHORTEST_S:
        return "the shot is too short to measure motion"
    texture = reading.value("motion.texture", "median", path.span)
    if math.isnan(texture) or texture < LEAST_TEXTURE:
        return "the picture is too dark or too plain to measure motion"
    if path.known.mean() < LEAST_KNOWN:
        return "no single motion explains the picture"
    return None


def least_move(reading: Reading, shot: Span) -> float:
    """Return how far the picture must shift to count as a move, frame widths: more when the camera trembles."""
    tremble = reading.value("motion.jitter", "median", shot)
    return max(LEAST_MOVE_FW, MOVE_OVER_JITTER * diagonals(reading, tremble)) if tremble == tremble else LEAST_MOVE_FW


def diagonals(reading: Reading, percent: float) -> float:
    """Return `percent` of the frame's diagonal in frame widths."""
    video = reading.media.video
    aspect = video.display_height / video.display_width if video else 1.0
    return percent / 100 * math.hypot(1, aspect)


def movement(reading: Reading, run: Run, least: float) -> Unit:
    """Return the unit of one run."""
    if run.way == "wander":
        return reading.abstain(FACET, span=run.span, reason="the camera moves to and fro without a direction")
    if run.way == "static":
        return static(reading, run, least)
    few = reading.value("motion.inliers", "median", run.inner) < SURE_INLIERS
    if few and run.speed < SURE_SPEED_FW_S:
        return reading.abstain(FACET, span=run.span, reason="too little of the picture follows one slow motion")
    evidence = motion_evidence(reading, run)
    label = run.way
    if run.way == "whip":
        label = whip_label(run)
        evidence.append(reading.metric("motion.speed", ">=", WHIP_PEAK_FW_S, run.inner, "max"))
    elif run.way in CHILDREN:
        child, proof = child_of(reading, run)
        label, evidence = child or label, evidence + proof
    margin = run.displacement / least if run.way != "whip" else 3.0
    confidence = (1 - math.exp(-margin)) * reading.value("motion.inliers", "median", run.inner) ** 0.25
    pair = reading.frame_pair(run.span.start_s, last_time(reading, run.span))
    return reading.unit(
        FACET, label=label, span=run.span, confidence=confidence, evidence=[*evidence, pair], attributes=facts(run)
    )


def facts(run: Run) -> dict[str, object]:
    """Return the run's mean rates in their own units."""
    names = ("right_fw_s", "up_fw_s", "log_scale_rate", "clockwise_deg_s")
    return {name: round(float(v) * f, 4) for name, v, f in zip(names, run.velocity, PER_FW, strict=True)}


def motion_evidence(reading: Reading, run: Run) -> list[Evidence]:
    """Return metrics of the components that make the run what it is."""
    sizes = [abs(float(v)) for v in run.velocity]
    least = 0.5 * max(sizes) if run.way == "compound" else max(sizes)
    shown = [i for i in range(4) if sizes[i] >= least]
    found: list[Evidence] = []
    for i in shown:
        value = reading.value(COMPONENTS[i], "mean", run.inner)
        limit = SHARE_OF_MEAN * float(run.velocity[i]) * PER_FW[i]
        op: Op = ">=" if limit > 0 else "<="
        if (value >= limit) == (limit > 0) and value * limit > 0:
            found.append(reading.metric(COMPONENTS[i], op, limit, run.inner))
    return found


def whip_label(run: Run) -> str:
    """Return the child of `whip` by the run's main direction; `whip` itself when two are near equal."""
    right, up, inward = (float(v) for v in run.velocity[:3])
    sizes = sorted((abs(right), abs(up), abs(inward)))
    if sizes[1] > 0.6 * sizes[2]:
        return "whip"
    if abs(inward) == sizes[2]:
        return "crash_zoom" if inward > 0 else "whip"
    if abs(right) == sizes[2]:
        return "whip_pan_right" if right > 0 else "whip_pan_left"
    return "whip_pan_up" if up > 0 else "whip_pan_down"


def child_of(reading: Reading, run: Run) -> tuple[str | None, list[Evidence]]:
    """Return the child that parallax tells and its evidence, or (None, []) where the margin is small."""
    parallax = reading.value("motion.parallax", "median", run.inner)
    inliers = reading.value("motion.inliers", "median", run.inner)
    flat, deep = CHILDREN[run.way]
    steady = reading.value("motion.parallax", "p25", run.inner) >= DEEP_STEADINESS * parallax
    textured = reading.value("motion.texture", "median", run.inner) >= DEEP_TEXTURE
    if DEEP_MIN <= parallax <= DEEP_MAX and steady and textured and inliers <= DEEP_INLIERS:
        return deep, [reading.metric("motion.parallax", ">=", DEEP_MIN, run.inner, "median")]
    scales = run.way in ("inward", "outward")
    most, fewest = (FLAT_SCALE_MAX, FLAT_SCALE_INLIERS) if scales else (FLAT_MAX, FLAT_INLIERS)
    if parallax <= most and inliers >= fewest:
        return flat, [
            reading.metric("motion.parallax", "<=", most, run.inner, "median"),
            reading.metric("motion.inliers", ">=", fewest, run.inner, "median"),
        ]
    return None, []


def static(reading: Reading, run: Run, least: float) -> Unit:
    """Return the unit of a run in which the camera goes nowhere."""
    tremble = reading.value("motion.jitter", "p75", run.inner)
    evidence: list[Evidence] = []
    for name, per_fw in zip(COMPONENTS, PER_FW, strict=True):
        value, limit = reading.value(name, "mean", run.inner), net_limit(run, least) * per_fw
        if abs(value) <= limit:
            evidence.append(reading.metric(name, "<=" if value >= 0 else ">=", math.copysign(limit, value), run.inner))
    label = "static"
    if tremble <= LOCKED_PCT:
        label = "locked"
        evidence.append(reading.metric("motion.jitter", "<=", LOCKED_PCT, run.inner, "p75"))
    elif tremble >= SHAKY_PCT:
        label = "static_shaky"
        evidence.append(reading.metric("motion.jitter", ">=", SHAKY_PCT, run.inner, "p75"))
    returns = 0.8 * (1 - run.speed / run.pace) if run.pace > 0 else 1.0
    confidence = max(returns, math.exp(-0.5 * min(run.displacement / least, run.speed / REST_SPEED) ** 2))
    pair = reading.frame_pair(run.span.start_s, last_time(reading, run.span))
    return reading.unit(
        FACET, label=label, span=run.span, confidence=confidence, evidence=[*evidence, pair], attributes=facts(run)
    )


def net_limit(run: Run, least: float) -> float:
    """Return the mean speed, fw/s, that a static run may have: what shifts the picture by `least`, or a tremble."""
    return max(least / max(run.inner.duration_s, 0.1), 0.02)


def last_time(reading: Reading, span: Span) -> float:
    """Return the time of the last frame inside `span`."""
    return reading.frames.time_s(max(0, reading.frames.index_at(span.end_s - 1e-6)))
