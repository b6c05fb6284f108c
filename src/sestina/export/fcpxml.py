"""FCPXML 1.10: the event's clip with every unit as a ranged keyword, and a project whose clips are the shots.

Times are whole multiples of the frame duration. Both clips show the same one file, so frame n of the project is frame
n of the video, and a cross dissolve between two shots mixes each frame with itself: the picture stays as it is.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import BinaryIO, Literal
from xml.etree.ElementTree import Element

from sestina.core.card import Card
from sestina.core.correction import Correction
from sestina.core.errors import SchemaError
from sestina.core.media_info import VideoInfo
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import snap_rate
from sestina.export._conform import Clip, Conformed, Join
from sestina.export._timeline import KEY, Note, chosen, corrections, drops, fitting, note, remarks, said, sequence, uri
from sestina.export._xml import XmlWriter, read_xml

VERSION = "1.10"
CROSS_DISSOLVE = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
"""Final Cut Pro's own name of its cross dissolve, as its exports have it."""
SIZES = {(1280, 720): "720p", (1920, 1080): "1080p", (3840, 2160): "3840x2160p", (4096, 2160): "4096x2160p"}
"""Sizes whose formats Final Cut Pro has names for; any other size, such as a vertical one, is a custom format."""
LAYOUTS = {1: "mono", 2: "stereo"}
COLOURS = {"smpte2084": "9-16-9 (Rec. 2020 PQ)", "arib-std-b67": "9-18-9 (Rec. 2020 HLG)"}
AUDIO_RATES = {32_000: "32k", 44_100: "44.1k", 48_000: "48k", 88_200: "88.2k", 96_000: "96k", 176_400: "176.4k",
               192_000: "192k"}  # fmt: skip


@exporters.register(
    "fcpxml",
    suffix=".fcpxml",
    card=Card(
        summary="Shots, gradual edits and every unit as a ranged keyword, for Final Cut Pro and Resolve.",
        source="Apple, FCPXML 1.10 document type definition, 2021",
    ),
)
def fcpxml(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    rate: Fraction | None = None,
    drop: bool | None = None,
    transitions: bool = True,
    markers: Literal["beats", "all", "none"] = "beats",
    dimensions: str | None = None,
    min_confidence: float = 0.0,
    media: str | None = None,
) -> None:
    """Write an event with the video's keywords and a project of its shots.

    Args:
        storyboard: with video.
        file: where to.
        rate: frames a second of the project; by default the video's own.
        drop: drop-frame time code; by default at 29.97 and 59.94.
        transitions: whether gradual edits stand in the project; they are keywords in any case.
        markers: which units stand as markers in the project too: narrative beats as chapters, all, or none.
        dimensions: only keywords of these, with commas between.
        min_confidence: only keywords at least this sure.
        media: path or URL of the video, where it is not where the storyboard says.

    Raises SestinaError for a storyboard without video, an unknown dimension and a rate no editor has.
    """
    conformed = sequence(storyboard, rate)
    units = chosen(storyboard, dimensions, min_confidence)
    fit, left = fitting(conformed) if transitions else ([], [])
    page = _Page(XmlWriter(file, "fcpxml"), conformed, drops(conformed, drop))
    about = remarks(conformed, fit, left) or None
    with page.xml.element("fcpxml", version=VERSION):
        with page.xml.element("resources"):
            page.resources(uri(media or storyboard.media.path), effects=bool(fit))
        with page.xml.element("library"), page.xml.element("event", name=storyboard.media.name):
            page.event_clip(units, about)
            beats = [unit for unit in units if unit.facet == "narr.beat"]
            page.project(fit, units if markers == "all" else beats if markers == "beats" else [], about)


class _Page:
    """One document being written: the writer, the frames and how they are said."""

    def __init__(self, xml: XmlWriter, conformed: Conformed, drop: bool) -> None:
        self.xml = xml
        self.conformed = conformed
        self.name = conformed.board.media.name
        self.code = "DF" if drop else "NDF"

    def time(self, frames: int) -> str:
        """Return frames as seconds: a multiple of the frame duration, not reduced, as Final Cut Pro writes it."""
        rate = self.conformed.rate
        return f"{frames * rate.denominator}/{rate.numerator}s" if frames else "0s"

    def resources(self, source: str, *, effects: bool) -> None:
        """Write the format, the file and the effect."""
        video, audio = self.conformed.video, self.conformed.board.media.audio
        size = video.display_width, video.display_height
        self.xml.leaf(
            "format", id="r1", name=_format_name(size, self.conformed.rate), frameDuration=self.time(1),
            width=size[0], height=size[1], colorSpace=_colour(video),
        )  # fmt: skip
        sound = {} if audio is None else {"hasAudio": 1, "audioSources": 1, "audioChannels": audio.channels,
                                          "audioRate": audio.rate_hz}  # fmt: skip
        length = self.time(self.conformed.frame_count)
        with self.xml.element(
            "asset", id="r2", name=self.name, start="0s", duration=length, hasVideo=1, format="r1", videoSources=1,
            **sound,
        ):  # fmt: skip
            self.xml.leaf("media-rep", kind="original-media", src=source)
        if effects:
            self.xml.leaf("effect", id="r3", name="Cross Dissolve", uid=CROSS_DISSOLVE)

    def event_clip(self, units: Sequence[Unit], about: str | None) -> None:
        """Write the whole file as a clip with every unit on it."""
        length = self.time(self.conformed.frame_count)
        with self.xml.element(
            "asset-clip", ref="r2", name=self.name, start="0s", duration=length, format="r1", tcFormat=self.code
        ):
            self.xml.leaves(note=about)
            for unit in units:
                # A comma in a keyword makes two keywords of it.
                self._mark(unit, "marker" if unit.span.is_instant else "keyword", said(unit).replace(",", ";"))

    def _mark(self, unit: Unit, tag: str, value: str) -> None:
        first, after = self.conformed.frames(unit.span)
        frames = after - first if tag == "keyword" else 1
        self.xml.leaf(tag, start=self.time(first), duration=self.time(frames), value=value, note=note(unit))

    def project(self, joins: Sequence[Join], units: Sequence[Unit], about: str | None) -> None:
        """Write the shots with the edits between them."""
        audio = self.conformed.board.media.audio
        length = self.time(self.conformed.frame_count)
        with (
            self.xml.element("project", name=self.name),
            self.xml.element(
                "sequence", format="r1", duration=length, tcStart="0s", tcFormat=self.code,
                audioLayout=LAYOUTS.get(audio.channels, "surround") if audio is not None else None,
                audioRate=AUDIO_RATES.get(audio.rate_hz) if audio is not None else None,
            ),
        ):  # fmt: skip
            self.xml.leaves(note=about)
            with self.xml.element("spine"):
                before = {join.behind: join for join in joins if join.behind is not None}
                waiting = deque(units)
                for number, clip in enumerate(self.conformed.clips):
                    if number in before:
                        self._transition(before[number])
                    with self._clip(number, clip):
                        while waiting and self.conformed.frames(waiting[0].span)[0] < clip.after:
                            unit = waiting.popleft()
                            if unit.facet == "narr.beat":
                                self._mark(unit, "chapter-marker", unit.claim)
                            else:
                                self._mark(unit, "marker", said(unit))
                for join in joins:
                    if join.behind is None:
                        self._transition(join)

    def _clip(self, number: int, clip: Clip) -> AbstractContextManager[None]:
        name = f"shot {number + 1}" if clip.unit is not None else self.name
        at = self.time(clip.first)
        return self.xml.element(
            "asset-clip", ref="r2", offset=at, name=name, start=at, duration=self.time(clip.frames), format="r1",
            tcFormat=self.code,
        )  # fmt: skip

    def _transition(self, join: Join) -> None:
        length = self.time(join.after - join.first)
        with self.xml.element("transition", name="Cross Dissolve", offset=self.time(join.first), duration=length):
            # No filter-audio: sound that is cross-faded with itself at equal power grows louder.
            self.xml.leaf("filter-video", ref="r3", name="Cross Dissolve")
            with self.xml.element("metadata"):
                self.xml.leaf("md", key="dev.sestina.edit", value=join.unit.label, type="string")


def _format_name(size: tuple[int, int], rate: Fraction) -> str | None:
    """Return what Final Cut Pro calls a format, None for a custom one."""
    code = f"{float(rate):.2f}".replace(".", "").removesuffix("00")
    return f"FFVideoFormat{SIZES[size]}{code}" if size in SIZES else None


def _colour(video: VideoInfo) -> str:
    return COLOURS.get(video.transfer or "", "1-1-1 (Rec. 709)")


@importers.register(
    "fcpxml",
    suffix=".fcpxml",
    card=Card(
        summary="Keywords and markers that a person changed or added in Final Cut Pro.",
        source="Apple, FCPXML 1.10 document type definition, 2021",
    ),
)
def read(file: BinaryIO, onto: Storyboard) -> Iterator[Correction]:
    """Yield what the keywords and markers of the event's clips say.

    Raises SchemaError for a file that is not FCPXML, and for times and formats that are none.
    """
    root = read_xml(file, "fcpxml", "FCPXML")
    formats = {one.get("id"): one for one in root.iterfind("resources/format")}
    assets = {one.get("id"): one for one in root.iterfind("resources/asset")}
    clips = [clip for event in (root, *root.iter("event")) for clip in event.iterfind("asset-clip")]
    # Other clips of the event have keywords of their own, which say nothing of this video.
    ours = clips if len(clips) == 1 else [clip for clip in clips if any(KEY in one.get("note", "") for one in clip)]
    if not ours:
        raise SchemaError("no clip in the file carries units", hint="export the event, not the project alone")
    for number, clip in enumerate(ours, start=1):
        asset = assets.get(clip.get("ref"), clip)
        form = formats.get(clip.get("format", asset.get("format")))
        frame = None if form is None else _seconds(form, "frameDuration", "the format")
        if frame is not None and frame <= 0:
            raise SchemaError(f"a frame lasts {frame} s in the file", hint="export it again from Final Cut Pro")
        conformed = sequence(onto, None) if frame is None else Conformed(onto, snap_rate(1 / frame))
        zero = _seconds(asset, "start", "the asset") or Fraction(0)
        yield from corrections(onto, conformed, _notes(clip, f"clip {number}", zero, conformed.rate))


def _notes(clip: Element, where: str, zero: Fraction, rate: Fraction) -> Iterator[Note]:
    for number, one in enumerate(clip, start=1):
        if one.tag not in ("keyword", "marker"):
            continue
        place = f"{where}, {one.tag} {number}"
        start = _seconds(one, "start", place)
        first = round(((zero if start is None else start) - zero) * rate)
        length = Fraction(0) if one.tag == "marker" else _seconds(one, "duration", place)
        # A keyword without a duration lies over the whole clip.
        after = _END if length is None else first + round(length * rate)
        yield Note(place=place, name=one.get("value", ""), note=one.get("note", ""), first=first, after=after)


_END = 10**12


def _seconds(element: Element, name: str, place: str) -> Fraction | None:
    """Return a time attribute, seconds; None where it is absent. Raises SchemaError where it is no time."""
    written = element.get(name)
    if written is None:
        return None
    match = re.fullmatch(r"(-?\d{1,20})(?:/(\d{1,12}))?s", written)
    if match is None or (match[2] is not None and int(match[2]) == 0):
        raise SchemaError(f"{place}: {written[:40]!r} is no time", hint="times are written 1001/30000s or 5s")
    return Fraction(int(match[1]), int(match[2] or 1))
