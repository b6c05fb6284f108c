"""The gold storyboard of a rendered script: true because the video was made from it.

Every unit has status `provided` and cites `context` evidence whose key is `render`. `provenance.settings["scope"]`
lists the facets that were examined: one of them without a unit holds nowhere in the clip.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.storyboard import Provenance, Storyboard, Transcript
from sestina.render.glimpses import Glimpses
from sestina.render.overlays import Overlays
from sestina.render.padded import Padded
from sestina.render.script import Script
from sestina.render.sound import Soundtrack
from sestina.render.timeline import Timeline
from sestina.render.truth import (
    asking,
    camera,
    colour,
    container,
    editing,
    hearing,
    light,
    opening,
    overlay_looks,
    pacing,
    picture,
    reading_checks,
    safe_areas,
    scene,
    sound,
    story,
    structure,
)
from sestina.render.truth import overlays as overlaid
from sestina.render.truth.made import Made

MATTERS = (
    editing, pacing, structure, container, opening, camera, scene, light, colour, picture, overlaid, overlay_looks,
    reading_checks, safe_areas, asking, sound, hearing,
)  # fmt: skip
"""Modules of truth: each has `FACETS`, what it examines, and `units`."""


def gold(
    script: Script,
    timeline: Timeline,
    overlays: Overlays,
    heard: Soundtrack | None,
    glimpses: Glimpses,
    path: Path,
) -> Storyboard:
    """Return the storyboard of the video at `path`, which was rendered from `script`.

    Args:
        script: what was rendered.
        timeline: its frames and times.
        overlays: its overlays as drawn.
        heard: its sound, None when silent.
        glimpses: small pictures of it as rendered.
        path: the finished file; its size, digest and stream facts go into `media`.
    """
    media = media_info(path, timeline)
    padded = Padded(script.padding, script.width, script.height)
    made = Made(
        script=script, timeline=timeline, overlays=overlays, heard=heard, media=media, padded=padded, glimpses=glimpses
    )
    units = [unit for matter in (*MATTERS, story) for unit in matter.units(made)]
    scope = sorted({*(facet for matter in MATTERS for facet in matter.FACETS), *script.examined})
    transcript = Transcript(
        words=() if heard is None else heard.words,
        screen=tuple(overlaid.screen(timeline, overlays)),
        engines={"speech": "render", "screen": "render"},
    )
    settings = {"seed": script.seed, "genre": script.genre, "scope": scope, **overlays.facts}
    provenance = Provenance(name="sestina.render", settings=settings)
    return Storyboard(media=media, items=tuple(units), transcript=transcript, provenance=provenance).canonical()


def media_info(path: Path, timeline: Timeline) -> MediaInfo:
    """Return the facts of a rendered file: what the script says, and what its header adds."""
    data = path.read_bytes()
    script = timeline.script
    with av.open(f"file:{path}") as container:
        stream = container.streams.video[0]
        time_base = Fraction(stream.time_base or 1 / script.rate)
        sound = container.streams.audio[0] if container.streams.audio else None
        audio = None if sound is None else _audio_info(sound, timeline)
    ticks = [round(timeline.ticks[frame] * timeline.time_base / time_base) for frame in timeline.kept]
    vfr = bool(script.drops or script.jitter)
    video = VideoInfo(
        codec="h264", pixel_format="yuv420p", width=script.width, height=script.height,
        display_width=script.width, display_height=script.height,
        frame_rate=Fraction(len(ticks)) / (timeline.frame_count / script.rate) if vfr else script.rate,
        vfr=vfr, frame_count_from_content=len(ticks), time_base=time_base,
        end_pts=round(timeline.frame_count / script.rate / time_base), frame_times=tuple(ticks) if vfr else None,
    )  # fmt: skip
    return MediaInfo(
        path=path.name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), container="mp4",
        span=timeline.span, video=video, audio=audio,
    )  # fmt: skip


def _audio_info(stream: Any, timeline: Timeline) -> AudioInfo:
    context = stream.codec_context
    return AudioInfo(
        codec="aac", rate_hz=context.sample_rate, channels=context.channels, layout=context.layout.name,
        duration_s=timeline.duration_s, stream_index=stream.index,
    )  # fmt: skip
