"""The gold storyboard of a rendered script: true because the video was made from it.

Every unit has status `provided` and cites `context` evidence whose key is `render`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from sestina.core.evidence import Box, ContextEvidence, Region
from sestina.core.media_info import AudioInfo, MediaInfo, VideoInfo
from sestina.core.storyboard import Dimension, Level, Producer, Provenance, ScreenText, Storyboard, Transcript, Unit
from sestina.core.time import Span
from sestina.core.vocabulary import PREFIXES
from sestina.render.camera import truth
from sestina.render.overlays import Overlays
from sestina.render.script import CUTS, Script, Shot
from sestina.render.sound import Soundtrack
from sestina.render.timeline import Timeline

PRODUCER = Producer(kind="context", name="render")

COLOURS = {"fade_in": "black", "fade_out": "black", "dip_to_black": "black", "dip_to_white": "white"}
"""Transition -> the plain colour it goes through."""


def gold(script: Script, timeline: Timeline, overlays: Overlays, heard: Soundtrack | None, path: Path) -> Storyboard:
    """Return the storyboard of the video at `path`, which was rendered from `script`.

    Args:
        script: what was rendered.
        timeline: its frames and times.
        overlays: its overlays as drawn.
        heard: its sound, None when silent.
        path: the finished file; its size, digest and stream facts go into `media`.
    """
    units = [*_shots(timeline), *_boundaries(timeline), *_camera(timeline), *_overlays(timeline, overlays)]
    units += _sound(timeline, heard)
    transcript = Transcript(
        words=() if heard is None else heard.words,
        screen=tuple(_screen(timeline, overlays)),
        engines={"speech": "render", "screen": "render"},
    )
    settings = {"seed": script.seed, **overlays.facts}
    provenance = Provenance(name="sestina.render", settings=settings)
    media = media_info(path, timeline)
    return Storyboard(media=media, items=tuple(units), transcript=transcript, provenance=provenance).canonical()


def _unit(facet: str, number: int, level: Level, span: Span, **values: Any) -> Unit:
    dimension: Dimension = PREFIXES[facet.partition(".")[0]]
    said = values.get("label") or values.get("text") or str(values.get("value"))
    return Unit(
        id=f"{facet}/{number}",
        dimension=dimension,
        facet=facet,
        level=level,
        span=span,
        confidence=1.0,
        status="provided",
        producer=PRODUCER,
        evidence=(ContextEvidence(key="render", quote=said),),
        **values,
    )


def _shots(timeline: Timeline) -> Iterator[Unit]:
    for number in range(len(timeline.script.shots)):
        yield _unit("edit.shot", number, "shot", timeline.shot_span(number), label="shot")


def _boundaries(timeline: Timeline) -> Iterator[Unit]:
    spans = {mix.new: (timeline.boundary_span(mix), mix.how) for mix in timeline.mixes}
    for number, shot in enumerate(timeline.script.shots):
        if number and shot.begin.kind in CUTS:
            spans[number] = (Span.at(timeline.shot_span(number).start_s), shot.begin)
    for number, (span, how) in sorted(spans.items()):
        facts: dict[str, Any] = {"frames": how.frames}
        if how.kind in ("linear_wipe", "push", "slide", "cover", "whip_pan_blur"):
            facts["direction"] = how.direction
        yield _unit("edit.transition", number, "boundary", span, label=how.kind, attributes=facts)
        yield _unit("edit.transition.duration", number, "boundary", span, value=span.duration_s, unit="s")
        if how.kind in COLOURS:
            yield _unit("edit.transition.colour", number, "boundary", span, label=COLOURS[how.kind])


def _camera(timeline: Timeline) -> Iterator[Unit]:
    for number, shot in enumerate(timeline.script.shots):
        span = timeline.shot_span(number)
        label = truth(shot.camera)
        if shot.camera.window is not None and shot.camera.move != "static":
            start, end = (bound - shot.offset_s for bound in shot.camera.window)
            span = timeline.inside(number, start, end)
        if span.duration_s > 0:
            yield _unit("camera.movement", number, "event", span, label=label, attributes=_speed(shot))


def _speed(shot: Shot) -> dict[str, Any]:
    kind = shot.camera.move.partition("_")[0]
    unit = {"zoom": "log_scale/s", "dolly": "log_scale/s", "roll": "deg/s"}.get(kind, "frame_widths/s")
    return {"speed": shot.camera.speed, "unit": unit, "shake": shot.camera.shake}


def _overlays(timeline: Timeline, overlays: Overlays) -> Iterator[Unit]:
    for number, placed in enumerate(overlays.placed):
        span = Span.of(timeline.time_s(placed.first), timeline.time_s(placed.after))
        facts = {"position": placed.position, "style": placed.overlay.style, "animation": placed.overlay.entry}
        text = placed.text.replace("\n", " ") or None
        yield _unit(
            "diss.overlay.kind", number, "overlay", span,
            label=placed.overlay.kind, text=text, region=Region(box=placed.box), attributes=facts,
        )  # fmt: skip


def _screen(timeline: Timeline, overlays: Overlays) -> Iterator[ScreenText]:
    for number, (text, first, after, box) in enumerate(overlays.texts):
        span = Span.of(timeline.time_s(first), timeline.time_s(after))
        region = Region(box=Box.of(box.x, box.y, box.w, box.h))
        yield ScreenText(id=f"t{number}", text=text, span=span, region=region, confidence=1.0, locked=True)


def _sound(timeline: Timeline, heard: Soundtrack | None) -> list[Unit]:
    if heard is None or heard.tempo_bpm is None:
        return []
    beats = [
        _unit("aes.audio.tempo.beat", number, "event", Span.at(at_s), label="downbeat" if number % 4 == 0 else "beat")
        for number, at_s in enumerate(heard.beats_s)
    ]
    return [_unit("aes.audio.tempo", 0, "video", timeline.span, value=heard.tempo_bpm, unit="BPM"), *beats]


def media_info(path: Path, timeline: Timeline) -> MediaInfo:
    """Return the facts of a rendered file: what the script says, and what its header adds."""
    data = path.read_bytes()
    script = timeline.script
    with av.open(f"file:{path}") as container:
        stream = container.streams.video[0]
        time_base = Fraction(stream.time_base or 1 / script.rate)
        sound = container.streams.audio[0] if container.streams.audio else None
        audio = None if sound is None else _audio_info(sound, timeline)
    ticks = [round(frame / script.rate / time_base) for frame in timeline.kept]
    vfr = bool(script.drops)
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
