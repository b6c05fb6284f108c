"""Final Cut Pro 7 XML (xmeml version 5): a sequence of the shots, picture and sound linked, units as ranged markers.

Both sides of a cut show the same one file, so frame n of the sequence is frame n of the video, and a cross dissolve
between two shots mixes each frame with itself: the picture stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import BinaryIO
from xml.etree.ElementTree import Element

from sestina.core.card import Card
from sestina.core.correction import Correction
from sestina.core.errors import SchemaError
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import snap_rate
from sestina.export._conform import Conformed, Join
from sestina.export._timeline import KEY, Note, chosen, corrections, drops, fitting, note, remarks, said, sequence, uri
from sestina.export._xml import XmlWriter, read_xml

NTSC = Fraction(1000, 1001)
"""What a rate is slowed down by where `ntsc` is TRUE."""
TICKS_HZ = 254_016_000_000
"""Ticks a second of Premiere's clock."""
SOURCE = "Apple, Final Cut Pro XML Interchange Format, version 5, 2009"


@exporters.register(
    "xmeml",
    suffix=".xml",
    card=Card(
        summary="Shots with linked sound, gradual edits and every unit as a ranged marker, for Premiere and Resolve.",
        source=SOURCE,
    ),
)
def xmeml(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    rate: Fraction | None = None,
    drop: bool | None = None,
    transitions: bool = True,
    dimensions: str | None = None,
    min_confidence: float = 0.0,
    media: str | None = None,
) -> None:
    """Write a sequence of the shots, with a marker for every unit.

    Args:
        storyboard: with video.
        file: where to.
        rate: frames a second of the sequence; by default the video's own.
        drop: drop-frame time code; by default at 29.97 and 59.94.
        transitions: whether gradual edits stand in the sequence; they are markers in any case.
        dimensions: only markers of these, with commas between.
        min_confidence: only markers at least this sure.
        media: path or URL of the video, where it is not where the storyboard says.

    Raises SestinaError for a storyboard without video, an unknown dimension and a rate no editor has.
    """
    conformed = sequence(storyboard, rate, any_whole=True)
    units = chosen(storyboard, dimensions, min_confidence)
    fit, left = fitting(conformed) if transitions else ([], [])
    page = _Page(XmlWriter(file, "xmeml"), conformed, drops(conformed, drop), uri(media or storyboard.media.path))
    xml = page.xml
    with xml.element("xmeml", version=5), xml.element("sequence", id="sequence-1"):
        xml.leaves(name=storyboard.media.name, duration=conformed.frame_count)
        page.rate()
        page.time_code()
        with xml.element("media"):
            page.video(fit)
            page.audio()
        for unit in units:
            page.marker(unit)
        about = remarks(conformed, fit, left)
        if about:
            with xml.element("logginginfo"):
                xml.leaves(description=about)


class _Page:
    """One document being written: the writer, the frames, and how they are counted."""

    def __init__(self, xml: XmlWriter, conformed: Conformed, drop: bool, source: str) -> None:
        self.xml = xml
        self.conformed = conformed
        self.drop = drop
        self.source = source
        self.channels = conformed.board.media.audio.channels if conformed.board.media.audio is not None else 0
        self._file_is_known = False

    def rate(self) -> None:
        """Write the rate: whole frames a second, and whether they are slowed down to NTSC's."""
        ntsc = self.conformed.rate != self.conformed.nominal
        with self.xml.element("rate"):
            self.xml.leaves(timebase=self.conformed.nominal, ntsc="TRUE" if ntsc else "FALSE")

    def time_code(self) -> None:
        """Write the time code of the first frame."""
        with self.xml.element("timecode"):
            self.rate()
            shown = "DF" if self.drop else "NDF"
            self.xml.leaves(string=self.conformed.code(0, drop=self.drop), frame=0, displayformat=shown)

    def video(self, joins: list[Join]) -> None:
        """Write the picture's track: clips, and transitions between them.

        Beside a transition a clip's own end is -1 and its media reach to the transition's far end.
        """
        before = {join.behind: join for join in joins if join.behind is not None}
        behind = {join.before: join for join in joins if join.before is not None}
        with self.xml.element("video"):
            with self.xml.element("format"), self.xml.element("samplecharacteristics"):
                self.rate()
                self._picture()
            with self.xml.element("track"):
                for number, clip in enumerate(self.conformed.clips):
                    into, out_of = before.get(number), behind.get(number)
                    if into is not None:
                        self._transition(into)
                    with self._clip(number, "v"):
                        self.xml.leaves(
                            start=clip.first if into is None else -1,
                            end=clip.after if out_of is None else -1,
                        )
                        self.xml.leaf("in", clip.first if into is None else into.first)
                        self.xml.leaf("out", clip.after if out_of is None else out_of.after)
                        self._media_file()
                        self._links(number)
                    if out_of is not None and out_of.behind is None:
                        self._transition(out_of)
                self.xml.leaves(enabled="TRUE", locked="FALSE")

    def audio(self) -> None:
        """Write one track a channel, cut where the picture is, each clip linked to its picture."""
        audio = self.conformed.board.media.audio
        if audio is None:
            return
        with self.xml.element("audio"):
            self.xml.leaves(numOutputChannels=self.channels)
            with self.xml.element("format"):
                self._sound(audio.rate_hz)
            for channel in range(1, self.channels + 1):
                with self.xml.element("track"):
                    for number, clip in enumerate(self.conformed.clips):
                        with self._clip(number, f"a{channel}"):
                            self.xml.leaves(start=clip.first, end=clip.after)
                            self.xml.leaf("in", clip.first)
                            self.xml.leaf("out", clip.after)
                            self._media_file()
                            with self.xml.element("sourcetrack"):
                                self.xml.leaves(mediatype="audio", trackindex=channel)
                            self._links(number)
                    self.xml.leaves(enabled="TRUE", locked="FALSE", outputchannelindex=channel)

    def marker(self, unit: Unit) -> None:
        """Write a unit as a marker over its frames; an instant has no end."""
        first, after = self.conformed.frames(unit.span)
        with self.xml.element("marker"):
            self.xml.leaves(comment=note(unit), name=said(unit))
            self.xml.leaf("in", first)
            self.xml.leaf("out", -1 if unit.span.is_instant else after)

    @contextmanager
    def _clip(self, number: int, track: str) -> Iterator[None]:
        shot = self.conformed.clips[number].unit is not None
        with self.xml.element("clipitem", id=f"{track}-{number + 1}"):
            self.xml.leaves(
                masterclipid="masterclip-1",
                name=f"shot {number + 1}" if shot else self.conformed.board.media.name,
                enabled="TRUE",
                duration=self.conformed.frame_count,
            )
            self.rate()
            yield

    def _media_file(self) -> None:
        """Write the file: in full the first time, then by its id."""
        if self._file_is_known:
            return self.xml.leaf("file", id="file-1")
        self._file_is_known = True
        media = self.conformed.board.media
        with self.xml.element("file", id="file-1"):
            self.xml.leaves(name=media.name, pathurl=self.source)
            self.rate()
            self.xml.leaves(duration=self.conformed.frame_count)
            self.time_code()
            with self.xml.element("media"):
                with self.xml.element("video"), self.xml.element("samplecharacteristics"):
                    self.rate()
                    self._picture()
                if media.audio is not None:
                    with self.xml.element("audio"):
                        self._sound(media.audio.rate_hz)
                        self.xml.leaves(channelcount=self.channels)
        return None

    def _links(self, number: int) -> None:
        """Tie the picture and the channels of one shot together."""
        if not self.channels:
            return
        for channel in range(self.channels + 1):
            with self.xml.element("link"):
                self.xml.leaves(
                    linkclipref=f"a{channel}-{number + 1}" if channel else f"v-{number + 1}",
                    mediatype="audio" if channel else "video",
                    trackindex=channel or 1,
                    clipindex=number + 1,
                    groupindex=1 if channel else None,
                )

    def _transition(self, join: Join) -> None:
        at_end = "end-black" if join.behind is None else "end"
        at_start = "start-black" if join.before is None else "start"
        alignment = at_start if join.cut == join.first else at_end if join.cut == join.after else "center"
        # Premiere alone can place a cut off the middle; for others it is where the alignment says.
        ticks = round((join.cut - join.first) * TICKS_HZ / self.conformed.rate)
        with self.xml.element("transitionitem"):
            self.xml.leaves(start=join.first, end=join.after, alignment=alignment, cutPointTicks=ticks)
            self.rate()
            with self.xml.element("effect"):
                self.xml.leaves(
                    name="Cross Dissolve", effectid="Cross Dissolve", effectcategory="Dissolve",
                    effecttype="transition", mediatype="video", wipecode=0, wipeaccuracy=100, startratio=0, endratio=1,
                    reverse="FALSE",
                )  # fmt: skip

    def _picture(self) -> None:
        video = self.conformed.video
        self.xml.leaves(
            width=video.display_width, height=video.display_height, pixelaspectratio="square", fielddominance="none",
            anamorphic="FALSE",
        )  # fmt: skip

    def _sound(self, rate_hz: int) -> None:
        with self.xml.element("samplecharacteristics"):
            self.xml.leaves(depth=16, samplerate=rate_hz)


@importers.register(
    "xmeml",
    suffix=".xml",
    card=Card(summary="Markers that a person changed or added in Premiere or another editor.", source=SOURCE),
)
def read(file: BinaryIO, onto: Storyboard) -> Iterator[Correction]:
    """Yield what the markers of the sequences say.

    Raises SchemaError for a file that is not xmeml, and for rates and frames that are no numbers.
    """
    root = read_xml(file, "xmeml", "Final Cut Pro 7 XML")
    found = list(root.iter("sequence"))
    # Other sequences of the project have markers of their own, which say nothing of this video.
    ours = found if len(found) == 1 else [one for one in found if _is_ours(one)]
    if not ours:
        raise SchemaError("no sequence in the file carries units", hint="export the sequence with its markers")
    for number, one in enumerate(ours, start=1):
        place = f"sequence {number}"
        base = _whole(one, "rate/timebase", place)
        rate = base * NTSC if (one.findtext("rate/ntsc") or "").strip().upper() == "TRUE" else Fraction(base)
        if rate <= 0:
            raise SchemaError(f"{place}: {base} frames a second", hint="export it again from the editor")
        conformed = Conformed(onto, snap_rate(rate))
        yield from corrections(onto, conformed, _notes(one, place))


def _is_ours(given: Element) -> bool:
    return any(KEY in (comment.text or "") for comment in given.iterfind("marker/comment"))


def _notes(given: Element, where: str) -> Iterator[Note]:
    for number, one in enumerate(given.iterfind("marker"), start=1):
        place = f"{where}, marker {number}"
        first, after = _whole(one, "in", place), _whole(one, "out", place)
        yield Note(
            place=place, name=one.findtext("name") or "", note=one.findtext("comment") or "", first=first,
            after=first if after == -1 else after,
        )  # fmt: skip


def _whole(element: Element, path: str, place: str) -> int:
    """Return a whole number in a child element. Raises SchemaError where it is none."""
    written = (element.findtext(path) or "").strip()
    if not re.fullmatch(r"-?\d{1,18}", written):
        raise SchemaError(f"{place}: {path} is {written[:40]!r}, not a number of frames", hint="export it again")
    return int(written)
